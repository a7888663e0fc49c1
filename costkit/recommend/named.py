"""One workload by kubectl's words (`deploy/api`, `deployments api`) -> its containers, or an error that helps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from costkit.errors import UsageError
from costkit.model.facts import ContainerFacts
from costkit.model.policy import glob_matches
from costkit.model.target import Target

_EXAMPLE = "such as costkit explain deploy/api -n shop"
_NODES = ("no", "node", "nodes")
_LIST = "costkit recommend --all -o wide names the workloads that it looked at"
_MOST = 3
"""Names that a hint gives."""


@dataclass(frozen=True, slots=True)
class Named:
    """As a person writes it; empty where that was left out."""

    kind: str
    name: str
    namespace: str = ""
    container: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}" + (f" in namespace {self.namespace}" if self.namespace else "")

    def is_of(self, target: Target) -> bool:
        """Whether it names this workload, in whatever namespace. A made-up name is that of its family."""
        return _is_kind(self.kind, target) and (self.name == target.name or glob_matches(target.name, self.name))


def named(words: Sequence[str], namespace: str = "", container: str = "") -> Named:
    """From `TYPE/NAME`, `TYPE NAME`, or `NAMESPACE/TYPE/NAME:CONTAINER`, as costkit's tables write it.

    UsageError for other words, and where a namespace or container in them is not the flag's.
    """
    place, _, written = "/".join(words).partition(":")
    parts = place.split("/")
    if len(parts) <= 2 and parts[0].lower() in _NODES:
        raise UsageError("nodes cannot be explained yet, workloads can", f"name a workload, {_EXAMPLE}")
    if not all(parts) or not (len(parts) == 2 or (len(parts) == 3 and len(words) == 1)):
        said = f"{' '.join(words)!r} names no workload" if words else "no workload is named"
        raise UsageError(said, f"write TYPE/NAME, {_EXAMPLE}")
    *before, kind, name = parts
    place = _agreed("namespace", before[0] if before else "", namespace)
    return Named(kind, name, place, _agreed("container", written, container))


def _agreed(what: str, written: str, flag: str) -> str:
    """What the words and the flag both say, or the one that says it."""
    if written and flag and written != flag:
        raise UsageError(f"two {what}s are named: {written} and {flag}", "leave one of them out")
    return written or flag


def containers_of(wanted: Named, known: Sequence[ContainerFacts]) -> tuple[ContainerFacts, ...]:
    """Those of the workload that is meant, or the one that is named. UsageError with what might have been meant."""
    there = [facts for facts in known if wanted.namespace in ("", facts.target.namespace)]
    found = [facts for facts in there if wanted.is_of(facts.target)]
    if not found:
        raise UsageError(f"there is no {wanted}", _nearest(wanted, known) or _LIST)
    _check_single(wanted, {facts.target.workload for facts in found})
    living = [facts for facts in found if facts.exists]
    if not living:
        raise UsageError(f"{wanted} is no longer in the cluster", "there is nothing of it left to change")
    return tuple(_named_one(wanted, living))


def _named_one(wanted: Named, living: Sequence[ContainerFacts]) -> Iterator[ContainerFacts]:
    names = [facts.target.container for facts in living]
    if wanted.container and wanted.container not in names:
        raise UsageError(f"{wanted} has no container {wanted.container}", f"it has {', '.join(names)}")
    yield from (facts for facts in living if wanted.container in ("", facts.target.container))


def _check_single(wanted: Named, workloads: set[Target]) -> None:
    namespaces = sorted({target.namespace for target in workloads})
    if len(namespaces) > 1:
        raise UsageError(f"{wanted} is in {', '.join(namespaces)}", "choose one of them with -n")
    if len(workloads) > 1:
        kinds = sorted(f"{target.kind.lower()}.{target.group}/{target.name}" for target in workloads)
        raise UsageError(f"{wanted} is more than one workload", f"write one of {', '.join(kinds)}")


def _nearest(wanted: Named, known: Iterable[ContainerFacts]) -> str:
    """Workloads of the nearest names, those of the kind and the namespace first. Empty where none is near."""
    workloads = {facts.target.workload for facts in known if facts.exists}
    names = get_close_matches(wanted.name, sorted({target.name for target in workloads}), _MOST)
    near = sorted((t for t in workloads if t.name in names), key=lambda t: (names.index(t.name), *_apart(wanted, t), t))
    told = [f"{target.short} in {target.namespace}" for target in near[:_MOST]]
    return f"did you mean {' or '.join(told)}?" if told else ""


def _apart(wanted: Named, target: Target) -> tuple[bool, bool]:
    return not _is_kind(wanted.kind, target), wanted.namespace not in ("", target.namespace)


def _is_kind(word: str, target: Target) -> bool:
    """`deploy`, `deployment`, `Deployments`, `deployment.apps`, `deployments.v1.apps`."""
    name, _, group = word.lower().partition(".")
    kind = target.kind.lower()
    spellings = (kind, target.short_kind, f"{kind}s", f"{kind}es", f"{kind[:-1]}ies")
    version = target.api_version.rpartition("/")[2]
    return name in spellings and group in ("", target.group, f"{version}.{target.group}")
