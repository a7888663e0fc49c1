"""How often each CronJob ran in the window: one run is no measure of the next."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from costkit.model.target import Target
from costkit.model.usage import target_of

_WORKLOAD = ["api_version", "kind", "namespace", "name"]
_CONTAINER = [*_WORKLOAD, "container"]


class Runs:
    """From the Jobs that started; without series of Jobs from their pods, a day's pod as a run.

    Pods are no fewer than runs, so that a CronJob with many short days is not declined for want of series.
    """

    def __init__(self, usage: pa.Table, events: pa.Table) -> None:
        started = _of_cron_jobs(events).filter(pc.equal(_of_cron_jobs(events)["event"], "job_start"))
        self._told = started.num_rows > 0
        self._runs = _started(started) if self._told else _pods(_of_cron_jobs(usage))

    def of(self, target: Target) -> int | None:
        """None where it is no CronJob, or nothing tells of one."""
        if target.kind != "CronJob":
            return None
        return self._runs.get(target.workload, 0 if self._told else None)


def _of_cron_jobs(frame: pa.Table) -> pa.Table:
    return frame.filter(pc.equal(frame["kind"], "CronJob"))


def _started(events: pa.Table) -> Mapping[Target, int]:
    """`detail` is the Job's name."""
    jobs = events.select([*_WORKLOAD, "detail"]).group_by(_WORKLOAD, use_threads=False)
    found = jobs.aggregate([("detail", "count_distinct")]).to_pylist()
    return {target_of({**row, "container": ""}): row["detail_count_distinct"] for row in found}


def _pods(usage: pa.Table) -> Mapping[Target, int]:
    """Of a workload's containers and resources the one with the most pods."""
    pods = usage.select([*_CONTAINER, "resource", "pods"]).group_by([*_CONTAINER, "resource"], use_threads=False)
    most: dict[Target, int] = {}
    for row in pods.aggregate([("pods", "sum")]).to_pylist():
        workload = target_of(row).workload
        most[workload] = max(most.get(workload, 0), row["pods_sum"])
    return most
