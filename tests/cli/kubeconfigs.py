"""Kubeconfigs of one context: a server's address and a user go in, a file comes out."""

from pathlib import Path
from typing import Any

import yaml

SECRET = "a-token-that-nobody-may-see"  # noqa: S105  # no server knows it


def kubeconfig(folder: Path, server: str, **user: Any) -> Path:
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": user or {"token": SECRET}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "c",
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(content))
    return path
