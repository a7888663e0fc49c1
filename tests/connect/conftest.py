"""What the tests of connections share."""

from types import SimpleNamespace

import pytest
import structlog

from costkit.connect import patience, session


@pytest.fixture(autouse=True)
def usual_logs() -> None:
    """A command that ran in this process before may have sent the log to a file that is closed by now."""
    structlog.reset_defaults()


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited between requests to a Prometheus, in seconds."""
    found: list[float] = []
    monkeypatch.setattr(session, "sleep", found.append)
    return found


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited between requests to an API server, in seconds."""
    found: list[float] = []
    monkeypatch.setattr(patience, "time", SimpleNamespace(sleep=found.append))
    return found
