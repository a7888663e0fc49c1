"""What the tests of connections share."""

from types import SimpleNamespace

import pytest

from costkit.connect import patience


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited between requests to an API server, in seconds."""
    found: list[float] = []
    monkeypatch.setattr(patience, "time", SimpleNamespace(sleep=found.append))
    return found
