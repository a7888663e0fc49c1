"""What a snapshot says of one namespace of `duplicates`, and whether it is what was really used."""

from pathlib import Path

import numpy as np
import pytest

from costkit.history.snapshots import read_snapshot
from costkit.model.snapshot import Snapshot
from tests.bed.cluster import Cluster
from tests.bed.prometheus import Prometheus
from tests.e2e.duplicates import CORES, END, MEMORY, MORNING
from tests.e2e.stage import costkit
from tests.e2e.test_signals import MIDNIGHT

SANDBOX = 192 * 1024
WHOLE_DAY = 288
RIGHT = {"cpu": CORES, "memory": MEMORY}


def collected(bed: Cluster, prometheus: Prometheus, path: Path) -> Snapshot:
    at = MORNING if path.stem == "night" else END
    done = costkit(
        *("collect", "-o", path, "--kubeconfig", bed.kubeconfig, "--prometheus-url", prometheus.url),
        *("--prometheus-selector", f'cluster="{path.stem}"', "--at", str(at), "--window", "1d"),
    )
    assert done.code in (0, 3), done.err
    return read_snapshot(path)


def usage(snapshot, namespace, resource):
    """Rows of the first day."""
    wanted = (namespace, resource, float(MIDNIGHT))
    return [r for r in snapshot.frames.usage.to_pylist() if (r["namespace"], r["resource"], r["day"]) == wanted]


def only(snapshot, namespace, resource):
    (row,) = usage(snapshot, namespace, resource)
    return row


def counted(row):
    return row["pods"], row["samples"], row["samples_expected"], round(row["pod_hours"], 3)


def is_level(row, pods=1):
    """Wherever anything is known it is what was used, by so many pods until noon; nothing that is missing is zero."""
    level = RIGHT[row["resource"]]
    assert [row["mean"], row["peak"]] == pytest.approx([level] * 2, rel=1e-6)
    for name, times in (("hottest_means", 1), ("hottest_peaks", 1), ("total_means", pods), ("total_peaks", pods)):
        known = np.array(row[name])[:24]
        np.testing.assert_allclose(known[np.isfinite(known)], times * level, rtol=1e-6)


def is_right(row):
    is_level(row)
    assert np.nanmin(row["total_peaks"]) == pytest.approx(RIGHT[row["resource"]], rel=1e-6)
    assert counted(row) == (1, WHOLE_DAY, WHOLE_DAY, 24.0)


def half_hours(snapshot, namespace, signal):
    """Of the only row there is."""
    found = [r for r in snapshot.frames.signals.to_pylist() if (r["namespace"], r["signal"]) == (namespace, signal)]
    (row,) = [r for r in found if r["day"] == float(MIDNIGHT)]
    return np.array(row["half_hours"])


def told(snapshot, namespace, event):
    return [e for e in snapshot.frames.events.to_pylist() if (e["namespace"], e["event"]) == (namespace, event)]


def requested(snapshot, node):
    (row,) = [r for r in snapshot.frames.nodes.to_pylist() if (r["name"], r["day"]) == (node, float(MIDNIGHT))]
    return np.array(row["requested_cpu"])


def spelled(snapshot):
    (row,) = [row for row in snapshot.coverage if row.source == "names and labels"]
    return row.status, row.detail
