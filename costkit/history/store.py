"""A history: the days and runs of clusters, in a folder or a bucket."""

from dataclasses import dataclass

from costkit.connect.storage import Storage
from costkit.history.days import Days
from costkit.history.runs import Runs
from costkit.model.window import LONGEST


@dataclass(frozen=True, slots=True)
class History:
    storage: Storage
    reach: float = LONGEST
    """Days that it is filled back."""

    @classmethod
    def open(cls, url: str, reach: float = LONGEST) -> "History":
        """UsageError for an address that cannot be one."""
        return cls(Storage.open(url), min(reach, LONGEST))

    def days(self, cluster_id: str) -> Days:
        return Days(self.storage, cluster_id)

    def runs(self, cluster_id: str) -> Runs:
        return Runs(self.storage, cluster_id)
