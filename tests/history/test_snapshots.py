"""A snapshot written is the snapshot read, and nothing damaged is believed."""

import zipfile
from dataclasses import replace
from math import inf, isnan, nan

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.errors import CostkitError, OutputError, SnapshotError
from costkit.history.snapshots import read_snapshot, write_snapshot
from costkit.model.cluster import Coverage
from costkit.model.listed import Missing, Present
from costkit.model.objects import Autoscaler, HpaMetric
from costkit.model.pods import Meta
from costkit.model.usage import FRAMES, frame
from tests.analyze.clusters import cluster, snapshot
from tests.analyze.days import API, MIDNIGHT, flat, samples, series, usage

HPA = Autoscaler(Meta("h", "shop"), API.workload, 1, 9, (HpaMetric("Resource", "cpu", target=80.0),))
MADE = replace(
    snapshot(
        cluster(quotas=Missing("forbidden: no right to list"), autoscalers=Present((HPA,))),
        usage=usage(samples((series(end=inf), flat(1.0, 6)))),
        nodes=frame(
            "nodes",
            [
                {
                    "day": MIDNIGHT,
                    "name": "n1",
                    "half_hours": 2**48 - 1,
                    "price": nan,
                    "requested_cpu": [inf] + [nan] * 47,
                }
            ],
        ),
    ),
    coverage=(Coverage("series <b>", "missing", "line\nline"),),
)


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "new" / "s.zip"
    write_snapshot(MADE, path)
    return path


def alone(path):
    return [p.name for p in path.parent.iterdir()] == [path.name]


def test_what_is_read_is_what_was_written(written):
    found = read_snapshot(written)
    assert (found.taken_at, found.window, found.cluster, found.coverage) == (
        *(MADE.taken_at, MADE.window, MADE.cluster, MADE.coverage),
    )
    for name in FRAMES:
        one, other = getattr(found.frames, name), getattr(MADE.frames, name)
        assert one.schema.equals(other.schema)
        assert str(one.to_pylist()) == str(other.to_pylist())
    assert alone(written)


def test_a_list_that_was_missing_is_missing_and_an_empty_one_is_empty(written):
    found = read_snapshot(written).cluster
    assert found.quotas == Missing("forbidden: no right to list")
    assert found.limit_ranges == Present(())


def test_what_is_not_a_number_and_what_is_infinite_survives(written):
    (row,) = read_snapshot(written).frames.nodes.to_pylist()
    assert isnan(row["price"])
    assert row["requested_cpu"][0] == inf
    assert np.isnan(row["requested_cpu"][1:]).all()
    assert row["allocatable_cpu"] is None


def test_the_same_snapshot_is_the_same_bytes(written):
    again = written.with_name("again.zip")
    write_snapshot(MADE, again)
    assert again.read_bytes() == written.read_bytes()


def test_an_older_file_is_replaced_whole(written):
    write_snapshot(replace(MADE, taken_at=1.0), written)
    assert read_snapshot(written).taken_at == 1.0
    assert alone(written)


def refused(path, match):
    with pytest.raises(SnapshotError, match=match) as error:
        read_snapshot(path)
    assert error.value.hint
    assert "\n" not in error.value.message + error.value.hint


def test_a_file_that_is_not_there_is_said_to_be_not_there(tmp_path):
    refused(tmp_path / "no.zip", "there is no snapshot")


def test_a_folder_is_no_snapshot(tmp_path):
    refused(tmp_path, "cannot read the snapshot")


def test_a_file_below_a_file_is_no_snapshot(written):
    refused(written / "s.zip", "cannot read the snapshot")


@pytest.mark.parametrize("body", [b"", b"PK", b"not a zip at all", b"{}"])
def test_what_is_no_zip_is_no_snapshot(tmp_path, body):
    path = tmp_path / "s.zip"
    path.write_bytes(body)
    refused(path, "is not a snapshot, or is damaged")


def rewritten(written, name, body):
    """The snapshot with one entry changed, or left out where `body` is None."""
    with zipfile.ZipFile(written) as archive:
        entries = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(written, "w") as archive:
        for entry, old in entries.items():
            new = body if entry == name else old
            if new is not None:
                archive.writestr(entry, new)
    return written


@pytest.mark.parametrize("name", ["snapshot.json", *(f"{name}.parquet" for name in FRAMES)])
@pytest.mark.parametrize("body", [None, b"", b"[]", b"\xff\xfe"])
def test_an_entry_that_lacks_or_is_something_else_is_damage(written, name, body):
    refused(rewritten(written, name, body), "is not a snapshot, or is damaged")


def test_a_newer_costkits_snapshot_says_so(written):
    refused(rewritten(written, "snapshot.json", b'{"schema_version": 99, "new": 1}'), "was written by a newer costkit")


def test_a_frame_with_another_column_is_named(written):
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.table({"day": [1.0]}), sink)
    with pytest.raises(CostkitError, match="the frame nodes has no column name") as error:
        read_snapshot(rewritten(written, "nodes.parquet", sink.getvalue().to_pybytes()))
    assert error.value.hint == "collect the snapshot again"


def outcome(path):
    """`read`, or the hint of the error; any error that is not costkit's own gets out."""
    try:
        read_snapshot(path)
    except CostkitError as error:
        return error.hint
    return "read"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_is_ever_more_than_an_error_with_a_hint(written, data):
    body = bytearray(written.read_bytes())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.sampled_from([len(body), place]))
    damaged = written.with_name("damaged.zip")
    damaged.write_bytes(bytes(body[:cut]))
    assert outcome(damaged) == "read" or outcome(damaged).startswith("collect")


def unwritable(path):
    with pytest.raises(OutputError, match="cannot write") as error:
        write_snapshot(MADE, path)
    assert error.value.hint == "name a folder that you may write to"


def test_a_folder_that_is_a_file_is_not_written_into(written):
    before = written.read_bytes()
    unwritable(written / "s.zip")
    assert written.read_bytes() == before


def test_a_file_that_is_a_folder_is_left_and_nothing_half_written_stays(tmp_path):
    path = tmp_path / "s.zip"
    path.mkdir()
    unwritable(path)
    assert [p.name for p in tmp_path.iterdir()] == ["s.zip"]


def test_a_full_disk_leaves_the_older_file_and_nothing_else(written, monkeypatch):
    before = written.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    unwritable(written)
    assert written.read_bytes() == before
    assert alone(written)
