"""AWS' Signature Version 4 as a server checks it, by the letter of its rules and without AWS' own code."""

import hashlib
import hmac
from collections.abc import Mapping

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
"""The example that AWS prints everywhere."""


def fields(authorization: str) -> dict[str, str]:
    """Credential, SignedHeaders and Signature of a header."""
    told = authorization.removeprefix("AWS4-HMAC-SHA256").split(",")
    return dict(part.strip().split("=", 1) for part in told if "=" in part)


def scope(authorization: str) -> list[str]:
    """Day, region, service and the word aws4_request."""
    return fields(authorization)["Credential"].split("/")[1:]


def signature(method: str, target: str, headers: Mapping[str, str], body: bytes) -> str:
    """What a request must be signed with, if it is the example's key that signs. Names of headers in any case."""
    values = {name.lower(): value for name, value in headers.items()}
    names = fields(values["authorization"])["SignedHeaders"].split(";")
    path, _, query = target.partition("?")
    lines = [method, path, "&".join(sorted(query.split("&"))), *(f"{name}:{values[name]}" for name in names), ""]
    request = "\n".join((*lines, ";".join(names), hashlib.sha256(body).hexdigest()))
    parts = scope(values["authorization"])
    digest = hashlib.sha256(request.encode()).hexdigest()
    told = "\n".join(("AWS4-HMAC-SHA256", values["x-amz-date"], "/".join(parts), digest))
    key = f"AWS4{SECRET}".encode()
    for part in (*parts, told):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()
