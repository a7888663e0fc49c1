// Command backfill writes a Prometheus block: `backfill FILE DATA` reads the rows that tests/bed/samples.py wrote.
//
// promtool does the same from OpenMetrics text, with every label written out again for every sample: 7 GB and a minute
// for what is 100 MB and some seconds here. The block is written by Prometheus' own code either way.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Longer than any scene, so that there is one block. Prometheus merges blocks only below its own limit.
const blockMilliseconds = 10 * 365 * 24 * 3600 * 1000

// A row is one line of JSON, followed by Count little-endian float64 values unless Constant is set.
type row struct {
	Labels   map[string]string `json:"labels"`
	Start    int64             `json:"start"`
	Step     int64             `json:"step"`
	Count    int               `json:"count"`
	Constant *float64          `json:"constant"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: backfill FILE DATA")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(file, data string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	block, err := tsdb.NewBlockWriter(slog.New(slog.DiscardHandler), data, blockMilliseconds)
	if err != nil {
		return err
	}
	defer block.Close()
	ctx := context.Background()
	reader := bufio.NewReaderSize(in, 1<<20)
	for {
		next, values, err := read(reader)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := add(block.Appender(ctx), next, values); err != nil {
			return fmt.Errorf("%v: %w", next.Labels, err)
		}
	}
	_, err = block.Flush(ctx)
	return err
}

// read returns io.EOF at the end of the file, and only there.
func read(reader *bufio.Reader) (row, []float64, error) {
	var next row
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return next, nil, err
	}
	if err := json.Unmarshal(line, &next); err != nil {
		return next, nil, err
	}
	values := make([]float64, next.Count)
	if next.Constant != nil {
		for i := range values {
			values[i] = *next.Constant
		}
		return next, values, nil
	}
	if err := binary.Read(reader, binary.LittleEndian, values); err != nil {
		return next, nil, fmt.Errorf("cut short: %v", err)
	}
	return next, values, nil
}

func add(appender storage.Appender, next row, values []float64) error {
	var (
		ref    storage.SeriesRef
		err    error
		series = labels.FromMap(next.Labels)
	)
	for i, value := range values {
		ref, err = appender.Append(ref, series, (next.Start+int64(i)*next.Step)*1000, value)
		if err != nil {
			return errors.Join(err, appender.Rollback())
		}
	}
	return appender.Commit()
}
