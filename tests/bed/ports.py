"""Free ports on 127.0.0.1: nothing goes in, distinct ports come out, also to several test runs side by side.

A port that was only tried and let go may be taken by another run before the server binds it. So each run claims blocks
of ports: the block's first port stays bound for as long as the process lives, and the kernel frees it, come what may.
"""

import os
import socket
from collections.abc import Iterator

FIRST, LAST, BLOCK = 20000, 30000, 40  # below Linux' range for outgoing connections, which could take one of ours
HOST = "127.0.0.1"

_CLAIMED: list[socket.socket] = []


def _bound(port: int) -> socket.socket | None:
    """A socket that holds the port, or None. As the servers do, it takes a port that is only in TIME_WAIT for free."""
    trial = socket.socket()
    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        trial.bind((HOST, port))
        trial.listen()
    except OSError:
        trial.close()
        return None
    return trial


def is_free(port: int) -> bool:
    trial = _bound(port)
    if trial is None:
        return False
    trial.close()
    return True


def _ports() -> Iterator[int]:
    blocks = list(range(FIRST, LAST, BLOCK))
    turn = os.getpid() % len(blocks)  # runs that start together seldom try the same block
    for first in blocks[turn:] + blocks[:turn]:
        claim = _bound(first)
        if claim is None:
            continue
        _CLAIMED.append(claim)
        yield from (port for port in range(first + 1, first + BLOCK) if is_free(port))
    raise OSError("no free block of ports left")


_NEXT = _ports()


def free_port() -> int:
    """A port that no other caller is given, in this process or another."""
    return next(_NEXT)
