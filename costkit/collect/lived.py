"""Which pods lived on a day, where, how long and whose they were; living pods from the API, gone ones from series."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from costkit.collect.matrix import Matrix, Span
from costkit.collect.owners import Owners
from costkit.collect.pod_series import Life, PodKey, PodSeries
from costkit.model.pods import Pod
from costkit.model.target import Target
from costkit.model.window import STEP

__all__ = ["Lived", "PodKey", "PodsOfDay", "by_namespace", "since_first_sample"]

_CLOCKS = 120
"""Seconds by which the clocks of what scrapes and of the cluster may differ."""
_STILL_THERE = 2 * STEP
"""A pod seen this shortly before series end has not ended by then."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A pod on one day."""

    workload: Target
    revision: str
    node: str
    start: float
    end: float
    """Infinity while it runs."""
    ran: bool = True
    """False where nothing tells when it ran on the day: it has ended, or was never on a node."""
    may_end_at: float = float("inf")
    """When it ended if it has no samples after that: what tells of pods says different things."""
    earlier: tuple["Lived", ...] = ()
    """Pods that had the same name on the day before this one did, the oldest first."""


class PodsOfDay:
    """Every pod of one day by namespace and name, and how each was joined to its workload.

    `pods` are the answers to queries.PODS; where they are empty only living pods are known. `told_until` (unix seconds)
    is when all series end: at the end of the day, or where what scrapes them was down.
    """

    def __init__(
        self,
        pods: Mapping[str, Matrix],
        span: Span,
        living: Mapping[PodKey, Pod],
        owners: Owners,
        told_until: float = float("inf"),
    ) -> None:
        self._span = span
        self._told_until = min(told_until, span.until)
        self._series = PodSeries(pods, owners)
        self.owners = owners.with_series(self._series.parents)
        self.joined: Counter[str] = Counter()
        keys = self._series.keys | {k for k, p in living.items() if p.start is not None and p.start < span.until}
        self.by_key = {key: self._lived(key, living.get(key)) for key in sorted(keys)}

    def _lived(self, key: PodKey, living: Pod | None) -> Lived:
        uids = self._series.uids(key)
        if living is not None and (living.start is None or living.start < self._span.until):
            self.joined["owner"] += 1
            before = [uid for uid in uids if living.meta.uid not in ("", uid)]
            return self._after(key, before, self._alive(key, living))
        return self._after(key, uids[:-1], self._gone((*key, uids[-1])))

    def _after(self, key: PodKey, uids: list[str], last: Lived) -> Lived:
        """With the pods that had the name before. One whose start is not told cannot be told from the last."""
        earlier: list[Lived] = []
        until = last.start
        for life in reversed([(*key, uid) for uid in uids if self._series.is_told_apart((*key, uid))]):
            one = self._gone(life)
            one = replace(one, end=min(one.end, until))
            if one.ran and self._is_of_day(one.start, one.end):
                earlier.append(one)
                until = one.start
        return replace(last, earlier=tuple(reversed(earlier))) if earlier else last

    def _gone(self, life: Life) -> Lived:
        series = self._series
        workload, how = self.owners.of_pod(life[0], life[1], series.owner(life))
        self.joined[how] += 1
        start, end = series.start(life) or self._span.midnight, self._ended(life)
        told = series.end(life) is not None or series.ran_at(life) is not None or not series.tells_what_runs
        ran = bool(series.node(life)) and told and self._is_of_day(start, end)
        may_end_at = float("inf") if series.end(life) is not None else series.may_end_at(life)
        return Lived(workload, series.revision(life), series.node(life), start, end, ran, may_end_at)

    def _alive(self, key: PodKey, pod: Pod) -> Lived:
        """A pod that the API has: it may have ended, too."""
        life = (*key, pod.meta.uid or "".join(self._series.uids(key)[-1:]))
        start = self._series.start(life) or pod.start or self._span.midnight
        end = float("inf") if pod.end is None else pod.end
        # one that was evicted has no time of its end
        told = pod.end is not None or pod.holds_resources or self._series.ran_at(life) is not None
        if pod.end is None and not pod.holds_resources and self._series.ran_at(life) is not None:
            end = self._ended(life)
        ran = bool(pod.node) and told and self._is_of_day(start, end)
        return Lived(pod.workload, pod.revision, pod.node, min(start, pod.start or start), end, ran)

    def _ended(self, life: Life) -> float:
        """Infinity where it still ran when series ended; a pod may be listed for long after its end."""
        finished = self._series.end(life)
        if finished is not None:
            return finished
        ran_at = self._series.ran_at(life)
        last = self._series.seen(life) if ran_at is None else ran_at
        return float("inf") if last >= self._told_until - _STILL_THERE else last

    def _is_of_day(self, start: float, end: float) -> bool:
        return end > max(start, self._span.midnight)


def since_first_sample(pods: Mapping[PodKey, Lived], usage: Iterable[Matrix], midnight: float) -> dict[PodKey, Lived]:
    """Pods with what their samples tell of their start, and of their end where two say different things of it.

    A pod with samples before its start is the second of its name that day (StatefulSets use names again). Where no uid
    tells the two apart they stand as one, from the first one's first sample on.
    """
    spans: dict[PodKey, tuple[float, float]] = {}
    for key, begin, end in (told for matrix in usage for told in _spans(matrix)):
        first, last = spans.get(key, (begin, end))
        spans[key] = min(first, begin), max(last, end)
    times = {key: (midnight + STEP * first, midnight + STEP * last) for key, (first, last) in spans.items()}
    return {key: _sampled(pod, *times[key]) if key in times else pod for key, pod in pods.items()}


def _spans(matrix: Matrix) -> Iterator[tuple[PodKey, int, int]]:
    """Pod, first step with a sample, and the one after the last; of a container each."""
    known = ~np.isnan(matrix.values)
    firsts, lasts = known.argmax(axis=1), known.shape[1] - known[:, ::-1].argmax(axis=1)
    seen = np.flatnonzero(known.any(axis=1))
    return (((matrix.keys[i][0], matrix.keys[i][1]), int(firsts[i]), int(lasts[i])) for i in seen)


def _sampled(pod: Lived, first: float, last: float) -> Lived:
    """A sample at the very start is the pod's own; so are those of a clock that is a little behind."""
    is_second = not pod.earlier and first + STEP + _CLOCKS < pod.start
    start = first if is_second else pod.start
    end = min(pod.end, pod.may_end_at) if last <= pod.may_end_at + 2 * STEP else pod.end
    return pod if (start, end) == (pod.start, pod.end) else replace(pod, start=start, end=end)


def by_namespace(pods: Iterable[Pod]) -> dict[str, dict[PodKey, Pod]]:
    """Living pods, grouped once: a shard takes those of its namespaces."""
    found: dict[str, dict[PodKey, Pod]] = {}
    for pod in pods:
        found.setdefault(pod.meta.namespace, {})[(pod.meta.namespace, pod.meta.name)] = pod
    return found
