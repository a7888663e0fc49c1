"""Recommendations in, the money that each frees out: what its pods reserve less, at the rates that they are charged.

What a pod reserves is more than its containers' sum where an init container or a pod-level request is larger: then a
smaller container frees nothing. Freed money becomes idle money until a node goes: it is never called a saving of the
bill here.
"""

from collections.abc import Iterable
from dataclasses import replace

from costkit.k8s.requests import effective_requests
from costkit.model.change import Resize, Resources
from costkit.model.pods import ContainerSpec, Meta, Pod, ResourceMap
from costkit.model.quantities import GIBIBYTE
from costkit.model.recommendation import Recommendation
from costkit.model.target import Target
from costkit.price.allocate import Accounts
from costkit.price.rates import cost

Pods = tuple[Pod, ...]


def freed(recommendations: Iterable[Recommendation], accounts: Accounts) -> tuple[float, ...]:
    """USD a month in whole cents, in their order; negative where one asks for more. Never above what its targets cost.

    Each is taken to be made after those before it: what two containers of a pod free together is counted once.
    """
    pods = dict(accounts.pods)
    found = []
    for recommendation in recommendations:
        exact = 0.0
        for change in recommendation.changes:
            of = change.target.workload
            less, pods[of] = _resized(change, pods.get(of, ()))
            exact += _money(change.target, less, accounts)
        paid = sum(accounts.paid.get(target, 0.0) for target in {change.target for change in recommendation.changes})
        found.append(min(round(exact, 2), round(paid, 2)))
    return tuple(found)


def _resized(change: Resize, pods: Pods) -> tuple[ResourceMap, Pods]:
    """What one of the pods reserves less on average, cores and bytes; and the pods with the change made."""
    holding = _holding(change.target, pods)
    before, after = (
        tuple(_with(pod, change.target.container, has) for pod in holding) for has in (change.before, change.after)
    )
    reserved, still = _reserved(before), _reserved(after)
    return {resource: reserved[resource] - still[resource] for resource in reserved}, after


def _holding(target: Target, pods: Pods) -> Pods:
    """The pods that have the container; where none is known, one that has no other."""
    known = tuple(pod for pod in pods if any(c.name == target.container for c in pod.containers))
    return known or (Pod(Meta(target.name, target.namespace), target.workload, (ContainerSpec(target.container),)),)


def _with(pod: Pod, container: str, has: Resources) -> Pod:
    asked = {"cpu": has.cpu_request or 0.0, "memory": has.memory_request or 0.0}
    containers = (replace(c, requests={**c.requests, **asked}) if c.name == container else c for c in pod.containers)
    return replace(pod, containers=tuple(containers))


def _reserved(pods: Pods) -> dict[str, float]:
    each = [effective_requests(pod) for pod in pods]
    return {resource: sum(one[resource] for one in each) / len(each) for resource in ("cpu", "memory")}


def _money(target: Target, less: ResourceMap, accounts: Accounts) -> float:
    """Pod-hours x what a pod reserves less x rate, by node class."""
    claim = accounts.claims.get(target)
    if claim is None:
        return 0.0
    return cost({"cpu": less["cpu"], "memory": less["memory"] / GIBIBYTE}, claim.hours, accounts.rates)
