"""Each week's sizes as Parquet, with the columns and types that other tools read."""

import io

import pyarrow.parquet as pq

from costkit.report.backtest_weeks import weeks_file
from tests.report import backtests, plans


def read(weeks):
    return pq.read_table(io.BytesIO(weeks_file(weeks)))


def test_a_row_a_series_week_rule_and_target():
    table = read(backtests.backtest().weeks)
    assert [(field.name, str(field.type)) for field in table.schema] == [
        ("series_id", "string"),
        ("week", "int64"),
        ("rule", "string"),
        ("resource", "string"),
        ("target", "double"),
        ("p", "double"),
        ("request", "double"),
    ]
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("a", 1_209_600, "costkit", "cpu", 0.05, None, 0.25),
        ("a", 1_209_600, "percentile", "memory", None, 0.98, 2.0**30),
        (plans.SCRIPT, 1_814_400, "krr", "cpu", None, None, 0.01),
    ]


def test_without_weeks_the_columns_are_there_all_the_same():
    table = read(())
    assert (table.num_rows, table.schema.names[:2]) == (0, ["series_id", "week"])
    assert table.schema == read(backtests.backtest().weeks).schema


def test_the_same_weeks_are_the_same_bytes():
    assert weeks_file(backtests.backtest().weeks) == weeks_file(backtests.backtest().weeks)
