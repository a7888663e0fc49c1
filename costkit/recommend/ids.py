"""Names of recommendations that stay the same from run to run."""

import hashlib

from costkit.model.recommendation import Kind
from costkit.model.target import Target


def stable_id(kind: Kind, target: Target) -> str:
    """Twelve hexadecimal digits of kind and target; nothing of the numbers is in it."""
    parts = (kind, target.group, target.kind, target.namespace, target.name, target.container)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
