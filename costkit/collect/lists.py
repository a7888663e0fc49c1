"""Reads lists of the Kubernetes API whole, and keeps account of those that it could not read."""

from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

import msgspec

from costkit.connect.kube import ExpiredError, Kube, ListError, NoAnswerError
from costkit.model.cluster import Coverage, Status
from costkit.model.listed import Missing, Present

W = TypeVar("W")
M = TypeVar("M")


class _Items(msgspec.Struct, Generic[W]):
    """What has no items is no list, and not an empty one."""

    items: list[W]


class _ApiResource(msgspec.Struct):
    name: str
    kind: str


class _ApiResources(msgspec.Struct):
    resources: list[_ApiResource] = []


class Lists:
    """One reading of one API server."""

    def __init__(self, kube: Kube) -> None:
        self._kube = kube
        self._coverage: list[Coverage] = []
        self._unanswered = False

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        return tuple(self._coverage)

    def read(self, path: str, item: type[W], *, optional: bool = False) -> Present[W] | Missing:
        """All items of the list at `path`. An API that the server does not have is an empty list: there are none.

        ClusterError if the server has not answered for the list before either: then it is gone, or too slow for all.
        """
        source = path.rpartition("/")[2]
        try:
            found = self._whole(path, item)
            self._unanswered = False
        except NoAnswerError as error:
            if self._unanswered:
                raise
            self._unanswered = True
            return self._missing(source, error.why)
        except ListError as error:
            if error.status == 404 and optional:
                return Present(())
            return self._missing(source, error.reason)
        except msgspec.MsgspecError as error:
            return self._missing(source, f"not understood: {error}")
        self._coverage.append(Coverage(source, "ok", f"{len(found)}"))
        return Present(tuple(found))

    def _whole(self, path: str, item: type[W]) -> list[W]:
        """The items as they were at one moment. ListError, NoAnswerError.

        A list whose token has expired is read anew, and if that happens again in one piece. The token that the server
        offers for the rest (`continue` in the metadata of its 410) is left alone: the rest would be of a later moment,
        and a pod that was replaced between the two would stand in the list twice, or not at all.
        """
        decoder = msgspec.json.Decoder(_Items[item])  # type: ignore[valid-type]
        for read in (self._kube.pages, self._kube.pages):
            with suppress(ExpiredError):
                return [one for page in read(path) for one in decoder.decode(page).items]
        return [one for page in self._kube.whole(path) for one in decoder.decode(page).items]

    def each(
        self, path: str, item: type[W], convert: Callable[[W], M], *, optional: bool = False
    ) -> Present[M] | Missing:
        """All items of a list as the model has them."""
        return self.converted(path, self.read(path, item, optional=optional), convert)

    def converted(self, path: str, listed: Present[W] | Missing, convert: Callable[[W], M]) -> Present[M] | Missing:
        """Items that were read as the model has them; Missing if one is not understood (a quantity, a time)."""
        if isinstance(listed, Missing):
            return listed
        try:
            return Present(tuple(convert(item) for item in listed.items))
        except ValueError as error:
            return self._missing(path.rpartition("/")[2], f"not understood: {error}")

    def plural(self, version: str, kind: str) -> str | Missing:
        """The list's name of a kind (`rollouts`), or why it cannot be had."""
        try:
            body = self._kube.get(f"/apis/{version}")
            resources = msgspec.json.decode(body, type=_ApiResources).resources
        except ListError as error:
            return Missing(f"{version} is not served here" if error.status == 404 else f"{version}: {error.reason}")
        except msgspec.MsgspecError as error:
            return Missing(f"{version} is not understood: {error}")
        found = next((r.name for r in resources if r.kind == kind and "/" not in r.name), None)
        return found or Missing(f"{version} has no {kind}")

    def note(self, source: str, status: Status, detail: str) -> None:
        self._coverage.append(Coverage(source, status, detail))

    def _missing(self, source: str, reason: str) -> Missing:
        self._coverage = [row for row in self._coverage if row.source != source]
        self._coverage.append(Coverage(source, "missing", reason))
        return Missing(reason)
