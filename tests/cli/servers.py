"""Servers that are not what they should be: an answer goes in, an address on loopback comes out."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3

from tests.bed.ports import HOST

Answer = tuple[int, Mapping[str, str], bytes]
Seen = list[Mapping[str, str]]


@contextmanager
def silent() -> Iterator[str]:
    """HOST:PORT that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield f"{HOST}:{server.getsockname()[1]}"


@contextmanager
def closed() -> Iterator[str]:
    """HOST:PORT at which nobody listens."""
    with socket.socket() as server:
        server.bind((HOST, 0))
        yield f"{HOST}:{server.getsockname()[1]}"


@contextmanager
def answering(answer: Callable[[str, bytes], Answer], seen: Seen | None = None) -> Iterator[str]:
    """An address whose every request is answered by (path, body) -> answer; their headers are appended to `seen`."""
    handler = _handler(answer, seen if seen is not None else [])
    server = ThreadingHTTPServer((HOST, 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def login_page(_path: str, _body: bytes) -> Answer:
    return 200, {"content-type": "text/html"}, b"<!doctype html><title>Sign in</title>"


def nothing_here(_path: str, _body: bytes) -> Answer:
    return 404, {"content-type": "text/html"}, b"<h1>404</h1>"


def redirecting(target: str) -> Callable[[str, bytes], Answer]:
    return lambda path, _body: (307, {"location": target + path}, b"")


def with_warnings(url: str) -> Callable[[str, bytes], Answer]:
    """What Thanos does when a store does not answer: the rest of the data, and a warning."""
    http = urllib3.PoolManager(retries=False)

    def answer(path: str, body: bytes) -> Answer:
        form = {"content-type": "application/x-www-form-urlencoded"}
        told = http.request("POST" if body else "GET", url + path, body=body or None, headers=form)
        text = told.data.replace(b'{"status":"success",', b'{"status":"success","warnings":["store b is gone"],', 1)
        return told.status, {"content-type": "application/json"}, text

    return answer


def _handler(answer: Callable[[str, bytes], Answer], seen: Seen) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers.items()))
            status, headers, body = answer(self.path, self.rfile.read(int(self.headers.get("content-length") or 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # the server's name for it

        def log_message(self, *_: object) -> None:
            """Quiet: pytest's output is for the tests."""

    return Handler
