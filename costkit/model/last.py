"""The last run's sizes: one that moves by little from night to night stays as it was said, so that nobody chases it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from costkit.model.change import Resources
from costkit.model.target import Target


@dataclass(frozen=True, slots=True)
class LastSizes:
    """What the last run found in force and what it recommended, by container."""

    rules: str = ""
    """Digest of the rules that it followed: sizes by other rules are of no use."""
    before: Mapping[Target, Resources] = field(default_factory=dict)
    after: Mapping[Target, Resources] = field(default_factory=dict)

    def of(self, target: Target, now: Resources, rules: str) -> Resources:
        """What was recommended; nothing where something else is in force since, or other rules."""
        before = self.before.get(target)
        same = rules == self.rules and before is not None and before.quantities() == now.quantities()
        return self.after[target] if same else Resources()
