"""The demo's platform as a Source: the same seed and the same minute give the same answer, whoever asks, and when.

In: the time that is now, a seed, and how many days its metrics reach back. Out: a Cluster and Observations.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from costkit.demo import frames, objects, storage, surroundings
from costkit.demo.lives import Span
from costkit.demo.names import uid
from costkit.demo.place import Places, place
from costkit.demo.signals import signals
from costkit.demo.usage import Day, day_usage, samples
from costkit.model.cluster import Cluster, Coverage
from costkit.model.day import Wanted
from costkit.model.listed import Present
from costkit.model.samples import Observation
from costkit.model.window import Window

NAME = "demo"


class DemoSource:
    """A made-up ML and web platform: about 65 workloads of 6 teams on about 20 nodes of AWS us-east-1."""

    def __init__(self, at: float, seed: int = 7, days: int = 28) -> None:
        """`at` in unix seconds: nothing later is known, and nothing from before the `days` that end there."""
        self._seed = seed
        self._remembered = Window.back_from(at, days)
        self._span = Span(self._remembered.start, at)

    @cached_property
    def _places(self) -> Places:
        return place(self._seed, self._span)

    def cluster(self) -> Cluster:
        """All lists are present."""
        seed, span, lives = self._seed, self._span, self._places.lives
        pods = objects.pods(seed, span, lives)
        return Cluster(
            id=uid(seed, "kube-system"),
            name=NAME,
            version="v1.31.2",
            nodes=Present(objects.nodes(self._places.machines, seed, span)),
            namespaces=Present(objects.namespaces(seed, span)),
            workloads=Present(objects.workloads(seed, span, lives)),
            pods=Present(pods),
            autoscalers=Present(surroundings.autoscalers(seed, span)),
            vertical_autoscalers=Present(surroundings.vertical_autoscalers(seed, span)),
            disruption_budgets=Present(surroundings.disruption_budgets(seed, span)),
            limit_ranges=Present(surroundings.limit_ranges(seed, span)),
            quotas=Present(surroundings.quotas(seed, span, pods)),
            volumes=Present(storage.volumes(seed, span)),
            claims=Present(storage.claims(seed, span)),
            storage_classes=Present(storage.storage_classes(seed, span)),
            services=Present(surroundings.services(seed, span)),
            endpoint_slices=Present(surroundings.endpoint_slices(seed, span, pods)),
        )

    def reach(self, window: Window) -> list[Window]:
        """The parts of a window's days that are remembered."""
        kept = self._remembered
        whole = Window(max(window.start, kept.start), min(window.end, kept.end))
        return [whole.within(midnight) for midnight in whole.midnights()][::-1]

    def observe(self, wanted: Iterable[Wanted]) -> Iterator[Observation]:
        """Each day in one shard."""
        return (self._day(one.midnight, one.window) for one in wanted)

    def _day(self, midnight: float, part: Window) -> Observation:
        lives = tuple(life for life in self._places.lives if life.during(part.start, part.end))
        day = Day(self._seed, midnight, part, lives)
        uses = day_usage(day)
        return Observation(
            day=midnight,
            until=part.end,
            samples=samples(day, uses),
            signals=signals(day, uses),
            events=frames.events(day),
            nodes=frames.nodes(day, uses, self._places.machines),
            volumes=frames.volumes(day),
        )

    def coverage(self) -> tuple[Coverage, ...]:
        """Made up, and said so; two signals that no series of the platform gives."""
        return (
            Coverage("demo", "ok", f"a made-up platform (seed {self._seed}), not a cluster of yours"),
            Coverage("request_rate", "absent", "the demo configures no series for it"),
            Coverage("consumer_lag", "absent", "the demo configures no series for it"),
            Coverage("interruptions", "absent", "the demo has no interruption counters"),
        )
