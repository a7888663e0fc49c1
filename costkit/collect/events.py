"""Answers about restarts, Jobs and readiness -> rows of the frame `events`."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from costkit.collect.lived import Lived
from costkit.collect.signals import Day, Row
from costkit.model.target import Target
from costkit.model.usage import subject
from costkit.model.window import DAY, HALF_HOUR, STEP

_OOM = "OOMKilled"


def events(day: Day) -> list[Row]:
    return [*_exits(day), *_jobs(day), *_ready(day)]


def _exits(day: Day) -> list[Row]:
    """A row for each rise of a restart counter, one for its reason, one more for an OOM kill with the limit then."""
    reasons = _reasons(day)
    limits = {key[:3]: row for key, row in day.answers["limits"].rows() if key[3] == "memory"}
    before = day.answers["restarts_before"].numbers()
    rows: list[Row] = []
    for key, counter in day.answers["restarts"].rows():
        lived = day.pods.get((key[0], key[1]))
        if lived is None:
            continue
        target = lived.workload.of(key[2])
        for step, rise in _rises(counter, _base(day, lived, counter, before.get(key))):
            at = day.span.midnight + (step + 1) * STEP
            reason = reasons.get((key, step), "")
            rows += [_row(day, target, key[1], at, ("restart", 1.0, ""))] * rise
            rows.append(_row(day, target, key[1], at, ("exit", 0.0, reason or "unknown")))
            if reason == _OOM:
                rows.append(_row(day, target, key[1], at, ("oom_kill", _at(limits.get(key), step), "")))
    return rows


def _base(day: Day, lived: Lived, counter: NDArray[np.float64], before: float | None) -> float:
    """What the day's rises are counted from: what the counter stood at before, or 0 in a pod that started since.

    Else it is the first value seen, which may be of days that no series tells of.
    """
    if before is not None:
        return before
    first = np.flatnonzero(~np.isnan(counter))[0]
    began = day.span.midnight < lived.start < day.span.midnight + (first + 1) * STEP
    return 0.0 if began else float(counter[first])


def _rises(counter: NDArray[np.float64], base: float) -> list[tuple[int, int]]:
    """(step, rise) of a counter over `base`; it is unseen while it is 0.

    A counter that fell began anew with another pod of the name: all that it shows has happened since.
    """
    known = np.flatnonzero(~np.isnan(counter))
    rises = np.diff(counter[known], prepend=base)
    rises = np.where(rises < 0, counter[known], rises)
    return [(int(step), int(rise)) for step, rise in zip(known, rises, strict=True) if rise > 0]


def _reasons(day: Day) -> dict[tuple[tuple[str, ...], int], str]:
    """(container, step) -> reason of the last termination; of two that are told at once, the one that came last.

    A second kube-state-metrics that lags still tells the reason before.
    """
    found: dict[tuple[tuple[str, ...], int], tuple[int, str]] = {}
    for (namespace, pod, container, reason), row in day.answers["last_exit"].rows():
        for step, since in _told_since(row > 0):
            place = ((namespace, pod, container), step)
            found[place] = max(found.get(place, (since, reason)), (since, reason))
    return {place: reason for place, (_, reason) in found.items()}


def _told_since(told: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """(step, step from which on it is told without a break) of each step in which it is."""
    steps = np.flatnonzero(told)
    begins = np.flatnonzero(np.diff(steps, prepend=-2) > 1)
    since = steps[begins[np.searchsorted(begins, np.arange(len(steps)), side="right") - 1]]
    return zip(steps.tolist(), since.tolist(), strict=True)


def _jobs(day: Day) -> list[Row]:
    """Starts and ends that fall on the day; value of an end: seconds that the Job ran."""
    starts = day.answers["job_start"].numbers()
    ends = day.answers["job_end"].numbers()
    rows = [_row(day, _job(day, k), "", at, ("job_start", 0.0, k[1])) for k, at in starts.items() if _today(day, at)]
    for key, at in _failures(day, starts).items():
        if key not in ends:
            # kube-state-metrics gives a failed Job no end, so its length is not known
            rows.append(_row(day, _job(day, key), "", at, ("job_end", float("nan"), "failed")))
    for key, at in ends.items():
        if _today(day, at):
            rows.append(_row(day, _job(day, key), "", at, ("job_end", at - starts.get(key, at), "complete")))
    return rows


def _failures(day: Day, starts: Mapping[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Job -> when its failure first showed, if that was today: a failed Job is listed for long after."""
    before = day.answers["job_failed_before"].numbers()
    found = {}
    for key, row in day.answers["job_failed"].rows():
        if before.get(key) == 0.0 or (key not in before and _today(day, starts.get(key, 0.0))):
            found[key] = day.span.midnight + (float(np.flatnonzero(row > 0)[0]) + 1) * STEP
    return found


def _ready(day: Day) -> list[Row]:
    """Seconds from scheduled to ready, for pods that became ready on the day."""
    scheduled = day.answers["pod_scheduled"].numbers()
    rows = []
    for key, at in day.answers["pod_ready"].numbers().items():
        lived = day.pods.get((key[0], key[1]))
        if lived is not None and key in scheduled and _today(day, at):
            waited = max(0.0, at - scheduled[key])
            rows.append(_row(day, lived.workload, key[1], at, ("ready", waited, "")))
    return rows


def _job(day: Day, key: tuple[str, ...]) -> Target:
    return day.owners.top(Target(key[0], "Job", key[1], "", "batch/v1"))


def _today(day: Day, at: float) -> bool:
    return day.span.midnight < at <= min(day.span.until, day.span.midnight + DAY)


def _at(limit: NDArray[np.float64] | None, step: int) -> float:
    """The limit in the half hour of a step, else the last one known that day."""
    if limit is None:
        return float("nan")
    half_hour = step * STEP // HALF_HOUR
    known = limit[: half_hour + 1][~np.isnan(limit[: half_hour + 1])]
    return float(known[-1]) if len(known) else float("nan")


def _row(day: Day, target: Target, pod: str, at: float, what: tuple[str, float, str]) -> Row:
    event, value, detail = what
    return {
        "day": day.span.midnight,
        **subject(target),
        "pod": pod,
        "at": at,
        "event": event,
        "value": value,
        "detail": detail,
    }
