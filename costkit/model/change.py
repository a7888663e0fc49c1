"""What may be changed in a cluster. Later kinds join the union; a recommendation's changes are made together or not."""

from dataclasses import dataclass

from costkit.model.quantities import format_cpu, format_memory
from costkit.model.target import Target


@dataclass(frozen=True, slots=True)
class Resources:
    """Requests and limits of one container, cores and bytes; None where it has none."""

    cpu_request: float | None = None
    cpu_limit: float | None = None
    memory_request: float | None = None
    memory_limit: float | None = None

    def quantities(self) -> dict[str, dict[str, str | None]]:
        """As a manifest writes them; None where there is none."""
        return {
            "requests": {"cpu": _cpu(self.cpu_request), "memory": _memory(self.memory_request)},
            "limits": {"cpu": _cpu(self.cpu_limit), "memory": _memory(self.memory_limit)},
        }


@dataclass(frozen=True, slots=True)
class Resize:
    """New requests and limits for one container of a workload's template."""

    target: Target
    before: Resources
    after: Resources

    @property
    def grows(self) -> bool:
        """Whether any request or limit grows, a request is set where there was none, or a limit goes away."""
        return any(new > old for old, new in self._pairs())

    @property
    def shrinks(self) -> bool:
        """Whether any request or limit becomes less."""
        return any(new < old for old, new in self._pairs())

    def _pairs(self) -> list[tuple[float, float]]:
        """Old and new; no request is 0, no limit is infinite."""
        before, after = self.before, self.after
        requests = ((before.cpu_request, after.cpu_request), (before.memory_request, after.memory_request))
        limits = ((before.cpu_limit, after.cpu_limit), (before.memory_limit, after.memory_limit))
        infinity = float("inf")
        return [(old or 0.0, new or 0.0) for old, new in requests] + [
            (infinity if old is None else old, infinity if new is None else new) for old, new in limits
        ]


Change = Resize


def _cpu(value: float | None) -> str | None:
    return None if value is None else format_cpu(value)


def _memory(value: float | None) -> str | None:
    return None if value is None else format_memory(value)
