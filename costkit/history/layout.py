"""Where things lie in a history: `cluster=ID/date=2026-11-24/…` for days, `cluster=ID/runs/…` for plans."""

import re
import time
from datetime import UTC, datetime

from costkit.connect.storage import PART

CLUSTER, DATE, RUNS = "cluster=", "date=", "runs"
_FRAME = re.compile(r"[a-z]+-[0-9a-f]{16}\.parquet")
MANIFEST = "day.json"
OPEN = "open.parquet"
"""Answers of a day that is not over; beside them stands no manifest."""


def is_ours(name: str) -> bool:
    """A file of a day, or one that a killed writer left."""
    return name in (MANIFEST, OPEN) or is_frame(name) or name.startswith(PART)


def is_frame(name: str) -> bool:
    """A table of a day: the frame, and the beginning of its content's hash."""
    return _FRAME.fullmatch(name) is not None


def cluster_folder(cluster_id: str) -> str:
    """An id is a UID; whatever else somebody made of it is kept out of other folders."""
    return CLUSTER + re.sub(r"[^A-Za-z0-9._-]", "-", cluster_id)


def day_folder(cluster_id: str, midnight: float) -> str:
    return f"{cluster_folder(cluster_id)}/{DATE}{date(midnight)}"


def date(midnight: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(midnight))


def midnight_of(folder: str) -> float | None:
    """Unix seconds of the UTC midnight that a day's folder is named after; None for any other name."""
    try:
        return datetime.strptime(folder, f"{DATE}%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
