"""Who asked the API server for what: its audit log goes in, requests come out.

The bed's own administrators are left out of the log, so what is in it is what ServiceAccounts and strangers asked for.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered."""

    user: str
    verb: str
    resource: str
    """With its subresource: `pods/eviction`; empty for paths that are no resource."""
    namespace: str
    name: str
    path: str
    code: int

    @classmethod
    def of(cls, event: dict[str, Any]) -> Self:
        about = event.get("objectRef", {})
        resource = "/".join(part for part in (about.get("resource", ""), about.get("subresource", "")) if part)
        return cls(
            event["user"]["username"],
            event["verb"],
            resource,
            about.get("namespace", ""),
            about.get("name", ""),
            event["requestURI"],
            event["responseStatus"]["code"],
        )


def requests(log: Path, user: str = "") -> list[Request]:
    """In the order of their answers; of this user alone, if one is named (`system:serviceaccount:NAMESPACE:NAME`)."""
    events = [json.loads(line) for line in log.read_text().splitlines()]
    found = [Request.of(event) for event in events if event["stage"] == "ResponseComplete"]
    return [request for request in found if user in ("", request.user)]
