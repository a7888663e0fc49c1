"""Facts -> a finding for each container that exists: resize it, fine as it is, or declined and why."""

from collections.abc import Iterator
from dataclasses import replace

from costkit.model.change import Resize, Resources
from costkit.model.facts import ContainerFacts, Facts
from costkit.model.last import LastSizes
from costkit.model.policy import Policies, RightsizeClass, RightsizePolicy
from costkit.model.recommendation import Declined, Finding, Fine, Reason, Recommendation, Score
from costkit.recommend.ids import stable_id
from costkit.recommend.rightsize.bounds import Bounds, within
from costkit.recommend.rightsize.decline import declined
from costkit.recommend.rightsize.gpus import with_gpus
from costkit.recommend.rightsize.part import Part, is_small, part, terms, with_promise
from costkit.recommend.rightsize.promise_reasons import Record, promise_reason
from costkit.recommend.rightsize.promises import Promises
from costkit.recommend.rightsize.reasons import (
    bound_reason,
    data_reason,
    kill_reason,
    limit_reason,
    quality_reason,
    rule_reason,
    throttle_reason,
)
from costkit.recommend.rightsize.risk import confidence, risk
from costkit.recommend.rightsize.seen import heap_reason, seen_reasons


def rightsize(facts: Facts, policies: Policies, last: LastSizes) -> Iterator[Finding]:
    policy, rules = policies.rightsize, policies.digest
    promises = Promises(facts, policies)
    for container in facts.containers:
        if container.exists:
            refused = declined(container, policy)
            bounds = (*facts.limit_ranges.get(container.target.namespace, ()), ({}, facts.largest_node, {}))
            said = last.of(container.target, _before(container), rules)
            found = _sized(container, promises, bounds, said) if refused is None else refused
            yield with_gpus(found, container)


def _sized(facts: ContainerFacts, promises: Promises, bounds: tuple[Bounds, ...], last: Resources) -> Finding:
    policy = promises.policies.rightsize
    chosen = policy.class_of(facts.target, facts.match_labels)
    asked = [terms(resource, facts, chosen, policy, last) for resource in ("cpu", "memory")]
    if chosen.method == "risk":
        asked = [with_promise(one, facts, promises) for one in asked]
    cpu, memory = (part(facts, chosen, one) for one in asked)
    before = _before(facts)
    wanted = _wanted(cpu, memory)
    after = _worth_it(within(wanted, before, bounds), wanted, before, chosen, policy)
    if after == before:
        return _unchanged(facts, (cpu, memory))
    resize = Resize(facts.target, before, after)
    return Recommendation(
        id=stable_id("rightsize", facts.target),
        kind="rightsize",
        target=facts.target,
        changes=(resize,),
        why=(*_reasons(facts, promises, chosen, resize, (cpu, memory)), rule_reason(chosen, policy.source)),
        risk=risk(facts, resize, chosen.name),
        confidence=confidence(facts),
        labels=facts.labels,
        managed_by=facts.managed_by,
        score=_score(facts, promises, chosen, resize),
    )


def _score(facts: ContainerFacts, promises: Promises, chosen: RightsizeClass, resize: Resize) -> Score | None:
    """Of its CPU's promise, or of its memory's where that alone changes; None where its class promises nothing."""
    if chosen.method != "risk":
        return None
    before, after = resize.before, resize.after
    alone = (before.cpu_request, before.cpu_limit) == (after.cpu_request, after.cpu_limit)
    resource, rule = ("memory", chosen.memory) if alone else ("cpu", chosen.cpu)
    return promises.score(facts.target, resource, rule)


def _before(facts: ContainerFacts) -> Resources:
    return Resources(
        cpu_request=facts.requests.get("cpu"),
        cpu_limit=facts.limits.get("cpu"),
        memory_request=facts.requests.get("memory"),
        memory_limit=facts.limits.get("memory"),
    )


def _worth_it(
    after: Resources, wanted: Resources, before: Resources, chosen: RightsizeClass, policy: RightsizePolicy
) -> Resources:
    """A LimitRange may leave so little of a change that it is not worth a restart: then that resource stays."""
    kept = after
    for resource, grid in (("cpu", policy.cpu_grid), ("memory", policy.memory_grid)):
        old, new = (getattr(r, f"{resource}_request") for r in (before, after))
        limit = f"{resource}_limit"
        bound = any(getattr(after, name) != getattr(wanted, name) for name in (f"{resource}_request", limit))
        if bound and new is not None and is_small(old, new, chosen.minimum_change, grid):
            kept = replace(kept, **{f"{resource}_request": old, limit: getattr(before, limit)})
    return kept


def _wanted(cpu: Part, memory: Part) -> Resources:
    return Resources(cpu.request, cpu.limit, memory.request, memory.limit)


def _unchanged(facts: ContainerFacts, parts: tuple[Part, Part]) -> Fine | Declined:
    holds = sorted((p for p in parts if p.held), key=lambda p: p.held == "no-usage")
    if holds:
        held = holds[0]
        return Declined("rightsize", facts.target, held.held, held.reasons[0].text)
    detail = "; ".join(reason.text for p in parts for reason in p.reasons)
    return Fine("rightsize", facts.target, "fits", detail)


def _reasons(
    facts: ContainerFacts, promises: Promises, chosen: RightsizeClass, resize: Resize, parts: tuple[Part, Part]
) -> Iterator[Reason]:
    wanted = _wanted(*parts)
    rules = (("cpu", chosen.cpu), ("memory", chosen.memory))
    for one, (resource, _) in zip(parts, rules, strict=True):
        yield from one.reasons
        yield from filter(None, [bound_reason(resource, wanted, resize.after)])
    told = any(part.held == "throttled" for part in parts)
    throttling = None if told else throttle_reason(facts)
    found = (kill_reason(facts), throttling, quality_reason(resize.before, resize.after), heap_reason(facts, resize))
    yield from filter(None, found)
    yield from seen_reasons(facts)
    for one, (resource, rule) in zip(parts, rules, strict=True):
        yield from filter(None, [limit_reason(resource, resize.before, resize.after, rule, one.least)])
        size = resize.after.cpu_request if resource == "cpu" else resize.after.memory_limit
        if one.promise is not None and size is not None:
            record = Record(promises.score(facts.target, resource, rule), promises.kept(resource, rule))
            yield promise_reason(resource, rule, one.promise, size, record)
    profile = facts.cpu or facts.memory
    if profile is not None:
        yield data_reason(profile, facts.average_pods)
