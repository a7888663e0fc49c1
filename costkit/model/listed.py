"""A list that was read, or the reason why it was not: an absent list is never an empty one."""

from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Present(msgspec.Struct, Generic[T], frozen=True, tag="present"):
    """A list read whole."""

    items: tuple[T, ...]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


class Missing(msgspec.Struct, frozen=True, tag="missing"):
    """A list that could not be read, and why: a right that lacks, an API that the server does not have, a failure."""

    reason: str


def known(listed: "Present[T] | Missing") -> tuple[T, ...]:
    """The items that are known. For uses where fewer items can only make a claim smaller; else look at the type."""
    return listed.items if isinstance(listed, Present) else ()
