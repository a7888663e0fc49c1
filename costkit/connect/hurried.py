"""An API server that is looked at in a hurry: each request is made once, and none after a moment.

Who asks for a diagnosis does not wait for retries: that they would be needed is a finding.
"""

from time import monotonic
from typing import Self

from costkit.connect.kube import Access, Kube, NoAnswerError
from costkit.connect.kube_request import Answer, Query, Unanswered, ask

_LEAST = 0.01
"""Seconds; no client takes a time-out of nothing."""


class HurriedKube(Kube):
    deadline = float("inf")
    """`time.monotonic()` after which no answer is waited for."""

    @classmethod
    def until(cls, deadline: float, access: Access) -> Self:
        """ClusterError as with `open`."""
        kube = cls.open(access)
        kube.deadline = deadline
        return kube

    @property
    def timeout(self) -> float:
        """Seconds that a request may take from now on."""
        return max(_LEAST, min(super().timeout, self.deadline - monotonic()))

    def _patiently(self, path: str, query: Query) -> Answer:
        last = ask(self.api, path, query, self.timeout)
        if isinstance(last, Unanswered):
            raise NoAnswerError(self.host, last.words)
        return last
