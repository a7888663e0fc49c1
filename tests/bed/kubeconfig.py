"""Kubeconfig files: an address, the authority to trust and a user go in; a file that holds it all comes out."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bed.certificates import Pair


@dataclass(frozen=True, slots=True)
class Server:
    """Where an API server is, and the certificate that vouches for it."""

    url: str
    authority: Path


def with_certificate(path: Path, server: Server, pair: Pair) -> Path:
    certificate, key = _encoded(pair.certificate), _encoded(pair.key)
    return _write(path, server, {"client-certificate-data": certificate, "client-key-data": key})


def with_token(path: Path, server: Server, token: str, namespace: str = "default") -> Path:
    return _write(path, server, {"token": token}, namespace)


def _write(path: Path, server: Server, user: dict[str, Any], namespace: str = "default") -> Path:
    cluster = {"server": server.url, "certificate-authority-data": _encoded(server.authority)}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "bed", "cluster": cluster}],
        "users": [{"name": "user", "user": user}],
        "contexts": [{"name": "bed", "context": {"cluster": "bed", "user": "user", "namespace": namespace}}],
        "current-context": "bed",
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=1))  # JSON is YAML
    return path


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
