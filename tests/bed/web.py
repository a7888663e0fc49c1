"""How a Prometheus is guarded: a choice goes in, its web configuration and what a client needs come out.

Prometheus itself knows TLS and a password; a bearer token or a tenant's header is asked for by proxies: see `gate`.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from tests.bed.certificates import Authority

USER, PASSWORD = "costkit", "bed-password"
# bcrypt of the password at the lowest cost: Prometheus takes passwords in no other form.
HASHED = "$2b$04$SSgsBiffK7LoIzHXNu9xVe1Od7p4iMSDnTLRWH.UFHhlIwtfL/i8W"


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands between a client and Prometheus' answers."""

    tls: bool = False
    password: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """What a client that may come in sends."""
        if not self.password:
            return {}
        return {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}

    def write(self, folder: Path) -> Path | None:
        """The authority's certificate, if there is one; `web.yaml` is written beside it."""
        content: dict[str, object] = {}
        authority: Path | None = None
        if self.tls:
            signer = Authority(folder / "pki")
            authority, pair = signer.certificate, signer.server("prometheus")
            content["tls_server_config"] = {"cert_file": str(pair.certificate), "key_file": str(pair.key)}
        if self.password:
            content["basic_auth_users"] = {USER: HASHED}
        (folder / "web.yaml").write_text(json.dumps(content))  # JSON is YAML
        return authority
