"""A proxy that asks for a header, as those before hosted Prometheus do: headers go in, a guarded URL comes out.

It runs in threads of this process and forwards GET and POST to one server.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3

from tests.bed.ports import HOST, free_port

PASSED_ON = ("content-type", "content-encoding")


@contextmanager
def gate(url: str, required: Mapping[str, str]) -> Iterator[str]:
    """`{"Authorization": "Bearer TOKEN"}` or `{"X-Scope-OrgID": "TENANT"}`: without it the answer is 401."""
    server = ThreadingHTTPServer((HOST, free_port()), _handler(url, required))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(url: str, required: Mapping[str, str]) -> type[BaseHTTPRequestHandler]:
    http = urllib3.PoolManager(retries=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if any(self.headers.get(name) != value for name, value in required.items()):
                self._answer(401, {}, b"unauthorized")
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}
            answer = http.request(self.command, url + self.path, body=body, headers=headers, decode_content=False)
            self._answer(answer.status, answer.headers, answer.data)

        do_POST = do_GET  # noqa: N815  # the same

        def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name in PASSED_ON:
                if name in headers:
                    self.send_header(name, headers[name])
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: pytest's output is for the tests."""

    return Handler
