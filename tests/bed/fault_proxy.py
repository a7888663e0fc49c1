"""A proxy that spoils some answers: a real server's address and rules go in; an address, and what was asked, come out.

It forwards GET and POST on loopback, in threads of this process, over TLS where it is given a certificate.
"""

import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any, Protocol
from urllib.parse import unquote_plus

import urllib3
import yaml

from tests.bed.certificates import Pair
from tests.bed.control_plane import Keys
from tests.bed.faults import Asked, Exchange, Fault, Reply, Rule, passing
from tests.bed.ports import HOST, free_port

PASSED_ON = ("content-type", "content-encoding", "retry-after")
_OWN = ("host", "connection", "content-length")


@dataclass
class Proxy:
    """`asked` holds every request in order; `spoiled` those of them that a rule spoiled."""

    url: str
    rules: list[Rule]
    asked: list[Asked] = field(default_factory=list)
    spoiled: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    _counts: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def passed(self) -> int:
        return len(self.asked) - len(self.spoiled)

    def fault_for(self, asked: Asked) -> Fault:
        """Of the first rule that spoils it. Every rule that it is for counts it."""
        with self._lock:
            self.asked.append(asked)
            found = [rule.fault for rule in self.rules if rule.is_for(asked) and rule.spoils(self._count(rule))]
            self.spoiled += [asked] if found else []
        return found[0] if found else passing

    def _count(self, rule: Rule) -> int:
        number = self._counts.get(id(rule), 0)
        self._counts[id(rule)] = number + 1
        return number


@contextmanager
def before(url: str, *rules: Rule, authority: Path | None = None, pair: Pair | None = None) -> Iterator[Proxy]:
    """`authority` vouches for the server; `pair` is what the proxy itself shows, and then it speaks TLS."""
    proxy = Proxy(f"{'https' if pair else 'http'}://{HOST}:{free_port()}", list(rules))
    http = urllib3.PoolManager(retries=False, maxsize=8, ca_certs=str(authority) if authority else None)
    server = _Server((HOST, int(proxy.url.rpartition(":")[2])), _handler(url, proxy, http))
    if pair:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        # The handshake is made in the connection's own thread: one that stays away must not hold up the others.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
        http.clear()


class ApiServer(Protocol):
    """A `Cluster`, or a `Bare` one."""

    url: str
    ca: Path
    keys: Keys


@contextmanager
def before_apiserver(cluster: ApiServer, kubeconfig: Path, path: Path, *rules: Rule) -> Iterator[Proxy]:
    """`path` becomes the kubeconfig with the proxy's address. The proxy's certificate is of the cluster's authority."""
    with before(cluster.url, *rules, authority=cluster.ca, pair=cluster.keys.server) as proxy:
        redirected(kubeconfig, path, proxy.url)
        yield proxy


def redirected(kubeconfig: Path, path: Path, url: str, **user: Any) -> Path:
    """The same cluster and user (or another) at another address."""
    content = yaml.safe_load(kubeconfig.read_text())
    content["clusters"][0]["cluster"]["server"] = url
    if user:
        content["users"][0]["user"] = user
    path.write_text(yaml.safe_dump(content))
    return path


class _Server(ThreadingHTTPServer):
    def __init__(self, *words: Any) -> None:
        self._connections: list[socket] = []
        super().__init__(*words)

    def get_request(self) -> tuple[socket, Any]:
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address

    def server_close(self) -> None:
        """Also ends connections that are kept open: a server that is gone answers nobody."""
        super().server_close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or refuses the certificate, is what the tests are for."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _handler(url: str, proxy: Proxy, http: urllib3.PoolManager) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path, _, query = self.path.partition("?")
            asked = Asked(path, unquote_plus(f"{query}&{body.decode()}"), _lower(self.headers))
            exchange = Exchange(asked, lambda plain: self._upstream(body, plain=plain), self, proxy.closing)
            proxy.fault_for(asked)(exchange)

        do_POST = do_GET  # noqa: N815  # the same

        def _upstream(self, body: bytes, *, plain: bool) -> Reply:
            left_out = (*_OWN, "accept-encoding") if plain else _OWN
            headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
            got = http.request(self.command, url + self.path, body=body or None, headers=headers, decode_content=False)
            kept = {name: got.headers[name] for name in PASSED_ON if name in got.headers}
            return Reply(got.status, kept, got.data)

        def log_message(self, *_: object) -> None:
            """Quiet: pytest's output is for the tests."""

    return Handler
