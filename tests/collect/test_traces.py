"""A file of traces becomes series, oldest sample first; what is no such file is named in one line."""

import gzip
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costkit.collect.traces import read_traces
from costkit.errors import UsageError

ROWS = {
    "series_id": ["b", "a", "b", "a", "b"],
    "ts": [900, 600, 300, 300, 600],
    "cpu_cores": [0.3, 0.6, 0.1, 0.5, None],
    "mem_bytes": [30.0, float("nan"), 10.0, None, 20.0],
    "cpu_alloc": [9.0, 9.0, 9.0, 9.0, 9.0],
}
CSV = """ts,other,series_id,cpu_cores,mem_bytes
900,x,b,0.3,30
600,x,a,0.6,NaN
300,x,b,0.1,10
300,x,a,0.5,
600,x,b,,20
"""


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def text(path, content):
    path.write_text(content)
    return path


def written(folder, form):
    if form == "csv":
        return text(folder / "t.csv", CSV)
    if form == "csv.gz":
        (folder / "t.csv.gz").write_bytes(gzip.compress(CSV.encode()))
        return folder / "t.csv.gz"
    return parquet(folder / "t.parquet", **ROWS)


def lists(use):
    return use.at.tolist(), use.values.tolist(), use.counts.tolist()


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet"])
def test_rows_in_any_order_become_series_with_the_samples_that_there_are(tmp_path, form):
    (a, b), notes = read_traces(written(tmp_path, form))
    assert (a.series_id, b.series_id, notes) == ("a", "b", ())
    assert lists(a.cpu) == ([300, 600], [0.5, 0.6], [1, 1])
    assert lists(a.memory) == ([], [], [])
    assert lists(b.cpu) == ([300, 900], [0.1, 0.3], [1, 1])
    assert lists(b.memory) == ([300, 600, 900], [10, 20, 30], [1, 1, 1])


def test_the_content_says_what_a_file_is_whatever_its_name(tmp_path):
    assert len(read_traces(parquet(tmp_path / "t.csv", **ROWS))[0]) == 2
    assert len(read_traces(text(tmp_path / "t.parquet", CSV))[0]) == 2


@pytest.mark.parametrize(
    ("ids", "numbers"),
    [(pa.large_string(), pa.float32()), (pa.string(), pa.int64()), (pa.int64(), pa.float64())],
)
@pytest.mark.parametrize("moments", [pa.int32(), pa.int64(), pa.float64()])
def test_columns_of_any_usual_type_are_read(tmp_path, ids, numbers, moments):
    names = pa.array(["10", "9", "10"]).cast(ids)
    path = parquet(
        tmp_path / "t", series_id=names, ts=pa.array([1, 2, 3], moments), mem_bytes=pa.array([1, 2, None], numbers)
    )
    traces, _ = read_traces(path)
    assert [(trace.series_id, *lists(trace.memory)) for trace in traces] == [
        ("10", [1], [1], [1]),
        ("9", [2], [2], [1]),
    ]
    assert traces[0].memory.values.dtype == np.float64
    assert traces[0].cpu.samples == 0


def test_ids_of_a_parquet_file_may_be_categories(tmp_path):
    names = pa.array(["b", "a", "b"]).dictionary_encode()
    traces, _ = read_traces(parquet(tmp_path / "t", series_id=names, ts=[1, 2, 3], cpu_cores=[1.0, 2.0, 3.0]))
    assert [(t.series_id, t.cpu.values.tolist()) for t in traces] == [("a", [2]), ("b", [1, 3])]


def test_ids_of_a_csv_keep_their_zeros(tmp_path):
    assert read_traces(text(tmp_path / "t.csv", "series_id,ts,cpu_cores\n007,1,2\n"))[0][0].series_id == "007"


def test_a_moment_that_stands_twice_has_its_highest_values_and_a_note(tmp_path):
    content = "series_id,ts,cpu_cores,mem_bytes,mem_alloc\na,1,5,,8\na,2,1,1,8\na,1,7,3,9\na,1,6,2,\nb,1,1,1,8\n"
    (a, b), notes = read_traces(text(tmp_path / "t.csv", content))
    assert (lists(a.cpu)[:2], lists(a.memory)[:2]) == (([1, 2], [7, 1]), ([1, 2], [3, 1]))
    assert (a.cap(2), b.cap(2)) == (9, 8)
    assert notes == ("rows that repeat a moment of their series: 2; the highest value of each moment was taken",)


def test_series_without_a_sample_are_left_out_with_a_note(tmp_path):
    traces, notes = read_traces(text(tmp_path / "t.csv", "series_id,ts,cpu_cores\na,1,\nb,1,2\nc,1,nan\n"))
    assert [trace.series_id for trace in traces] == ["b"]
    assert notes == ("series that hold no sample and were left out: 2",)


def test_caps_are_kept_where_they_change(tmp_path):
    content = "series_id,ts,cpu_cores,mem_alloc\n" + "".join(
        f"a,{ts},1,{cap}\n" for ts, cap in enumerate(["", "", 5, 5, 7, 0, "", 7], 10)
    )
    (a,), _ = read_traces(text(tmp_path / "t.csv", content))
    assert a.memory_cap_at.tolist() == [10, 12, 14, 15, 17]
    assert np.array_equal(a.memory_cap, [np.nan, 5, 7, np.nan, 7], equal_nan=True)
    assert [a.cap(at) for at in (10, 12, 12.5, 15, 16, 18)] == [np.inf, np.inf, 5, 7, np.inf, 7]


def test_of_other_columns_nothing_is_read(tmp_path):
    path = text(tmp_path / "t.csv", "series_id,ts,cpu_cores,cpu_alloc,node\na,1,2,-5,somewhere\n")
    assert lists(read_traces(path)[0][0].cpu) == ([1], [2], [1])


def test_shared_samples_cannot_be_written_to(tmp_path):
    (_, b), _ = read_traces(written(tmp_path, "parquet"))
    with pytest.raises(ValueError, match="read-only"):
        b.memory.at[0] = 7.0


BAD = {
    "series_id,ts,cpu_cores\n": "has no rows",
    "": "is no table of traces: Empty CSV file",
    "series_id,ts\na,1\n": "has no column cpu_cores or mem_bytes",
    "ts,cpu_cores\n1,1\n": "has no column series_id",
    "series_id,cpu_cores\na,1\n": "has no column ts",
    "series_id;ts;cpu_cores\na;1;1\n": "has no column series_id",
    "series_id,ts,cpu_cores\na,1,-0.5\nb,2,-7\n": "cpu_cores -0.5 of a at 1 is no amount (rows: 2)",
    "series_id,ts,mem_bytes\na,1,inf\n": "mem_bytes inf of a at 1 is no amount",
    "series_id,ts,cpu_cores,mem_alloc\na,1,1,-8\n": "mem_alloc -8 of a at 1 is no amount",
    "series_id,ts,cpu_cores\na,1700000000000,1\n": "ts 1700000000000 lies after 2100",
    "series_id,ts,cpu_cores\na,-5,1\n": "ts -5 is negative",
    "series_id,ts,cpu_cores\na,,1\n": "rows without a ts: 1",
    "series_id,ts,cpu_cores\na,monday,1\n": "is no table of traces: In CSV column",
    "series_id,ts,cpu_cores\na,1,much\n": "is no table of traces: In CSV column",
    "series_id,ts,cpu_cores\na,1\n": "is no table of traces: CSV parse error",
    "series_id,ts,cpu_cores,cpu_cores\na,1,1,2\n": "cpu_cores stands twice",
    "series_id,ts,cpu_cores\n,1,1\n": "a row has no series_id",
    "series_id,ts,cpu_cores\na,1,\n": "holds no sample",
    "PAR1 and then nothing of the kind": "is no table of traces",
}


@pytest.mark.parametrize("content", BAD)
def test_what_is_no_table_of_traces_is_named_in_one_line(tmp_path, content):
    with pytest.raises(UsageError) as raised:
        read_traces(text(tmp_path / "t.csv", content))
    assert BAD[content] in raised.value.message
    assert raised.value.message.count("\n") == 0 < len(raised.value.hint)


def test_files_that_cannot_be_read_are_named_in_one_line(tmp_path):
    binary, cut = tmp_path / "binary", tmp_path / "cut"
    binary.write_bytes(bytes(range(256)))
    cut.write_bytes(parquet(tmp_path / "t", **ROWS).read_bytes()[:-100])
    zipped = tmp_path / "cut.csv.gz"
    zipped.write_bytes(gzip.compress(CSV.encode())[:-20])
    for path in (tmp_path / "nowhere", tmp_path, binary, cut, zipped):
        with pytest.raises(UsageError) as raised:
            read_traces(path)
        assert str(path) in raised.value.message
        assert "\n" not in raised.value.message


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="is a pipe"):
        read_traces(tmp_path / "pipe")


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_part_of_a_csv(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())
    assert [trace.series_id for trace in read_traces(tmp_path / "t.csv")[0]] == ["a", "b"]


@pytest.mark.parametrize("moment", [pa.array(["monday"]), pa.array([5], pa.timestamp("ms")), pa.array([[1]])])
def test_a_parquet_column_that_is_no_numbers_is_named(tmp_path, moment):
    with pytest.raises(UsageError, match="ts is not numbers"):
        read_traces(parquet(tmp_path / "t", series_id=["a"], ts=moment, cpu_cores=[1.0]))


def test_the_whole_of_a_large_file_is_there_after_shuffling(tmp_path):
    """Three series of 40,000 samples, shuffled: sums by series and resource are those that went in."""
    rng = np.random.default_rng(5)
    order = rng.permutation(120_000)
    names = np.repeat(["x", "y", "z"], 40_000)
    values = rng.random(120_000)
    path = parquet(
        tmp_path / "t",
        series_id=names[order],
        ts=np.tile(np.arange(40_000) * 300, 3)[order],
        cpu_cores=values[order],
        mem_bytes=pa.array(np.where(values < 0.5, np.nan, values)[order]),
    )
    traces, notes = read_traces(path)
    assert notes == ()
    for trace, own in zip(traces, values.reshape(3, -1), strict=True):
        assert np.array_equal(trace.cpu.values, own)
        assert np.array_equal(trace.memory.values, own[own >= 0.5])
        assert np.array_equal(trace.memory.at, np.flatnonzero(own >= 0.5) * 300)
