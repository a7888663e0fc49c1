"""A plan's JSON, as `contract` writes it -> what the next run must know of it."""

import msgspec

from costkit.errors import SnapshotError
from costkit.model.change import Resources
from costkit.model.last import LastSizes
from costkit.model.quantities import parse
from costkit.model.target import Target


class _Target(msgspec.Struct, rename="camel"):
    api_version: str
    kind: str
    namespace: str
    name: str
    container: str | None


class _Resources(msgspec.Struct):
    requests: dict[str, str | None] = {}
    limits: dict[str, str | None] = {}


class _Recommendation(msgspec.Struct):
    kind: str
    target: _Target
    before: _Resources
    after: _Resources


class _Rules(msgspec.Struct):
    digest: str = ""


class _Plan(msgspec.Struct):
    rules: _Rules = msgspec.field(default_factory=_Rules)
    recommendations: list[_Recommendation] = []


def last_sizes(plan: bytes, where: str) -> LastSizes:
    """SnapshotError for what is no plan."""
    try:
        read = msgspec.json.decode(plan, type=_Plan)
        sized = {_target(r.target): r for r in read.recommendations if r.kind == "rightsize"}
        before = {target: _resources(r.before) for target, r in sized.items()}
        after = {target: _resources(r.after) for target, r in sized.items()}
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotError(f"{where} is no plan of costkit: {error}", "the next run that is saved mends it") from error
    return LastSizes(read.rules.digest, before, after)


def _target(found: _Target) -> Target:
    return Target(found.namespace, found.kind, found.name, found.container or "", found.api_version)


def _resources(found: _Resources) -> Resources:
    return Resources(
        cpu_request=_amount(found.requests.get("cpu")),
        cpu_limit=_amount(found.limits.get("cpu")),
        memory_request=_amount(found.requests.get("memory")),
        memory_limit=_amount(found.limits.get("memory")),
    )


def _amount(text: str | None) -> float | None:
    return None if text is None else parse(text)
