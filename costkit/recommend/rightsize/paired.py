"""A container with a twin, of which one serves at a time: each is sized by what the busier of the two used."""

from costkit.model.facts import ContainerFacts, ResourceProfile
from costkit.model.sketch import percentile


def sizing_profile(facts: ContainerFacts, resource: str) -> ResourceProfile | None:
    """Its own use, or its twin's where that is more: of CPU by the 95th percentile, of memory by the peak."""
    own: ResourceProfile | None = getattr(facts, resource)
    twins: ResourceProfile | None = getattr(facts.twin, resource, None)
    if own is None or twins is None:
        return own
    return twins if measure(twins) > measure(own) else own


def measure(profile: ResourceProfile) -> float:
    """Cores or bytes by which the busier one is told."""
    if profile.resource == "memory":
        return profile.peak
    return percentile(profile.hottest, 0.95, profile.hottest_peak, profile.resource)
