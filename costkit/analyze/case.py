"""One container with everything that a verdict may look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from costkit.analyze.heaps import Heap
from costkit.model.facts import ResourceProfile, Twin
from costkit.model.objects import Workload
from costkit.model.pods import ContainerSpec, Pod
from costkit.model.target import Target


@dataclass(frozen=True, slots=True)
class Case:
    target: Target
    workload: Workload | None
    declared: ContainerSpec | None
    """In the template."""
    running: ContainerSpec | None
    """In a living pod."""
    pods: Sequence[Pod]
    """Living."""
    memory: ResourceProfile | None
    restarts: int
    unread: str = ""
    """Lists of the cluster that decide and could not be read."""
    unsplit: bool = False
    """Whether its use is known only together with that of the other containers of its pods."""
    cpu: ResourceProfile | None = None
    runs: int | None = None
    """Jobs that a CronJob started in the window; None of other kinds."""
    twin: Twin | None = None
    heap: Heap | None = None
    """Where its memory was seen to follow its limit."""

    @property
    def spec(self) -> ContainerSpec | None:
        return self.running or self.declared
