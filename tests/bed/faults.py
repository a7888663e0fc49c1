"""How answers are spoiled: each fault takes a request that waits and answers it worse than its server would.

A rule says which requests a fault is for (path, text of the query, how many pass first) and how often. `fault_proxy`
puts them before a real server.
"""

import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socket import SO_LINGER, SOL_SOCKET, socket


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `text` is the query of its address and its form, decoded."""

    path: str
    text: str
    headers: Mapping[str, str]
    """By lower-case names."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Exchange:
    """A request that waits for its answer."""

    asked: Asked
    upstream: Callable[[bool], Reply]
    """The server's own answer; not compressed where that is asked for."""
    handler: BaseHTTPRequestHandler
    closing: threading.Event

    def begin(self, status: int, headers: Mapping[str, str], length: int) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.send_header("content-length", str(length))
        self.handler.end_headers()

    def send(self, body: bytes) -> None:
        self.handler.wfile.write(body)
        self.handler.wfile.flush()

    def answer(self, reply: Reply) -> None:
        self.begin(reply.status, reply.headers, len(reply.body))
        self.send(reply.body)

    def reset(self) -> None:
        """The client's system hears an RST, not an orderly end."""
        connection: socket = self.handler.connection
        connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        self.handler.close_connection = True


Fault = Callable[[Exchange], None]


@dataclass(frozen=True, slots=True)
class Rule:
    fault: Fault
    path: str = ""
    """The end of the path; empty: any."""
    text: str = ""
    """In the query or form; empty: any."""
    after: int = 0
    """Requests of these that pass first."""
    times: int | None = 1
    """How many are spoiled then; None: all."""

    def is_for(self, asked: Asked) -> bool:
        return asked.path.endswith(self.path) and self.text in asked.text

    def spoils(self, number: int) -> bool:
        """The request with this number among those that it is for, from 0."""
        return number >= self.after and (self.times is None or number < self.after + self.times)


def passing(exchange: Exchange) -> None:
    exchange.answer(exchange.upstream(False))


def reply(status: int, body: bytes = b"", **headers: str) -> Fault:
    """An answer that the server never gave. `retry_after` is written as Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.answer(Reply(status, named, body))


def cut(exchange: Exchange) -> None:
    """200, a length that is right, and half of the JSON."""
    whole = exchange.upstream(True)
    exchange.answer(Reply(whole.status, whole.headers, whole.body[: len(whole.body) // 2]))


def reset(exchange: Exchange) -> None:
    """Half of the body, then the connection is gone."""
    whole = exchange.upstream(True)
    exchange.begin(whole.status, whole.headers, len(whole.body))
    exchange.send(whole.body[: len(whole.body) // 2])
    exchange.closing.wait(0.05)  # a reset also takes away what the client has not read yet
    exchange.reset()


def stall(seconds: float) -> Fault:
    """Not a byte for so long, then the answer."""

    def fault(exchange: Exchange) -> None:
        if not exchange.closing.wait(seconds):
            passing(exchange)

    return fault


def drip(seconds: float, pieces: int = 50) -> Fault:
    """The answer, but so slowly: no single wait for the next byte is long."""

    def fault(exchange: Exchange) -> None:
        whole = exchange.upstream(True)
        exchange.begin(whole.status, whole.headers, len(whole.body))
        size = -(-len(whole.body) // pieces)
        for start in range(0, len(whole.body), size):
            exchange.send(whole.body[start : start + size])
            if exchange.closing.wait(seconds / pieces):
                return

    return fault


def redirect(target: str) -> Fault:
    """307: the same request, at another host."""
    return lambda exchange: exchange.answer(Reply(307, {"location": target + exchange.asked.path}, b""))


def login_page(exchange: Exchange) -> None:
    exchange.answer(Reply(200, {"content-type": "text/html"}, b"<!doctype html><title>Sign in</title>"))


def first(action: Callable[[], object]) -> Fault:
    """The answer is the server's, but something happens before it is asked."""

    def fault(exchange: Exchange) -> None:
        action()
        passing(exchange)

    return fault
