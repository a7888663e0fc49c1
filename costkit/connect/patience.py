"""Which requests are made again, and after what wait: how one ended goes in; seconds come out, or None.

A refusal (400, 401, 403, 404, 410, 422) stays one however often it is heard. A server that is busy or starting, or a
proxy that broke off, gives the answer a little later.
"""

import random
import time
from collections.abc import Callable
from itertools import count

import structlog
import urllib3

from costkit.connect.kube_request import Answer, Unanswered

_LOG = structlog.get_logger()
_TRIES = 5
"""Requests in all."""
_LATE_TRIES = 2
"""Requests in all where none is answered in time: each lasts as long as a request may."""
_PASSING = frozenset({429, 500, 502, 503, 504})
_FIRST_WAIT, _JITTER, _LONGEST_WAIT = 0.5, 0.5, 30
_HEADER = urllib3.Retry(retry_after_max=_LONGEST_WAIT)


class Patience:
    """With one server."""

    def __init__(self) -> None:
        self._has_answered = False

    def last_of(self, request: Callable[[], Answer | Unanswered], what: str) -> Answer | Unanswered:
        """The last end of a request that is made again while it fails in a way that may pass."""
        for tries in count(1):
            last = request()
            self._has_answered |= isinstance(last, Answer)
            wait = wait_before_next(last, tries, has_answered=self._has_answered)
            if wait is None:
                break
            _LOG.debug("asked again", wait=round(wait, 1), after=last.words, what=what)
            time.sleep(wait)
        return last


def wait_before_next(last: Answer | Unanswered, tries: int, *, has_answered: bool) -> float | None:
    """Seconds, after `tries` requests of which `last` was the last; None where it is not made again.

    Who has a wrong address should not wait to hear it; a server that has answered before may be starting anew.
    """
    if isinstance(last, Unanswered):
        if last.unreachable and not has_answered:
            return None
        return _backoff(tries) if tries < (_LATE_TRIES if last.late else _TRIES) else None
    if last.status not in _PASSING or tries >= _TRIES:
        return None
    return _told(last.retry_after) or _backoff(tries)


def _backoff(tries: int) -> float:
    """Spread, so that many clients that were turned away together do not come back together."""
    return _FIRST_WAIT * 2.0 ** (tries - 1) + random.uniform(0, _JITTER)  # noqa: S311  # no secret


def _told(header: str) -> float | None:
    """What the server asks for, at most 30 s; None where it asks for nothing that can be read."""
    try:
        return float(_HEADER.parse_retry_after(header)) if header else None
    except urllib3.exceptions.InvalidHeader:
        return None
