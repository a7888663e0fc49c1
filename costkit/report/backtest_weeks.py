"""What each rule gave each series for each week, as Parquet, to be looked at with other tools."""

import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from costkit.model.backtest import Week

SCHEMA = pa.schema(
    [
        ("series_id", pa.string()),
        ("week", pa.int64()),  # unix seconds of its start
        ("rule", pa.string()),
        ("resource", pa.string()),
        ("target", pa.float64()),
        ("p", pa.float64()),
        ("request", pa.float64()),  # cores; memory: the limit in bytes
    ]
)


def weeks_file(weeks: Sequence[Week]) -> bytes:
    """A row a series, week, rule, and target or percentile. The same weeks are the same bytes."""
    columns = {
        "series_id": [week.series_id for week in weeks],
        "week": [round(week.week) for week in weeks],
        "rule": [week.rule for week in weeks],
        "resource": [week.resource for week in weeks],
        "target": [week.target for week in weeks],
        "p": [week.p for week in weeks],
        "request": [week.request for week in weeks],
    }
    sink = io.BytesIO()
    pq.write_table(pa.table(columns, schema=SCHEMA), sink, compression="zstd")
    return sink.getvalue()
