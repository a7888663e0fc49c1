"""A history: the days and runs of clusters, in a folder or a bucket."""

from dataclasses import dataclass

from costkit.connect.storage import Storage
from costkit.history.days import Days
from costkit.history.runs import Runs


@dataclass(frozen=True, slots=True)
class History:
    storage: Storage

    @classmethod
    def open(cls, url: str) -> "History":
        """UsageError for an address that cannot be one."""
        return cls(Storage.open(url))

    def days(self, cluster_id: str) -> Days:
        return Days(self.storage, cluster_id)

    def runs(self, cluster_id: str) -> Runs:
        return Runs(self.storage, cluster_id)
