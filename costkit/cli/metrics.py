"""From the --prometheus flags to what they mean. UsageError for what contradicts itself or is not there.

Secrets come from files or the environment, never from a flag: a command line is seen by everybody on its machine.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from costkit.cli.flags import MetricsFlags
from costkit.errors import UsageError
from costkit.settings.values import address, headers

if TYPE_CHECKING:
    from costkit.connect.credentials import Secret
    from costkit.connect.endpoint import Credentials, Endpoint
    from costkit.connect.kube import Access, Kube
    from costkit.model.cluster import Coverage

_TOKEN, _PASSWORD = "COSTKIT_PROMETHEUS_BEARER_TOKEN", "COSTKIT_PROMETHEUS_PASSWORD"


def metrics_endpoint(flags: MetricsFlags, timeout: float, deadline: float | None = None) -> "Endpoint | None":
    """None where no Prometheus is named: then it is looked for in the cluster."""
    from costkit.connect.endpoint import Endpoint

    named = headers_of(flags)
    if not flags.prometheus_url:
        _refuse_without_url(flags)
        return None
    ca = _file("--prometheus-ca", flags.prometheus_ca)
    return Endpoint(
        url=address("--prometheus-url", flags.prometheus_url),
        headers=named,
        verify=str(ca) if ca else True,
        certificate=_certificate(flags),
        timeout=timeout,
        credentials=_credentials(flags, named),
        deadline=deadline,
    )


def in_cluster(
    flags: MetricsFlags, access: "Access", kube: "Kube", at: float, deadline: float | None = None
) -> "tuple[Endpoint | None, Coverage]":
    """A Service of the cluster that had data at a moment, read through the API server.

    And the row of coverage that says which, or why there is none.
    """
    from costkit.collect.discovery import find
    from costkit.connect.prometheus import Prometheus
    from costkit.connect.proxied import Proxy

    named = headers_of(flags)
    proxy = Proxy(access)
    found = find(kube, lambda path, until: Prometheus(proxy.endpoint(path, named, _sooner(until, deadline))), at)
    if found.candidate is None:
        return None, found.note
    return proxy.endpoint(found.candidate.path, named, deadline), found.note


def _sooner(*moments: float | None) -> float | None:
    return min((moment for moment in moments if moment is not None), default=None)


def headers_of(flags: MetricsFlags) -> dict[str, str]:
    named = headers(flags.prometheus_headers) if flags.prometheus_headers else {}
    if not flags.prometheus_url and _authorizes(named):
        raise UsageError(
            "a Prometheus of the cluster is read with the cluster's credentials, not with an Authorization header",
            "take it out of the header file, or add --prometheus-url",
        )
    return named


def _refuse_without_url(flags: MetricsFlags) -> None:
    """What a Prometheus of the cluster, behind its API server, never sees."""
    direct = {
        "--prometheus-ca": flags.prometheus_ca,
        "--prometheus-client-certificate": flags.prometheus_client_certificate,
        "--prometheus-client-key": flags.prometheus_client_key,
        "--prometheus-bearer-token-file": flags.prometheus_bearer_token_file,
        "--prometheus-username": flags.prometheus_username,
        "--prometheus-password-file": flags.prometheus_password_file,
        "--prometheus-aws-region": flags.prometheus_aws_region,
    }
    given = next((flag for flag, value in direct.items() if value), None)
    if given is not None:
        raise UsageError(f"{given} is for a Prometheus that is named", "add --prometheus-url")


def _credentials(flags: MetricsFlags, named: Mapping[str, str]) -> "Credentials":
    """Of the one way in which we say who we are."""
    from costkit.connect.credentials import Bearer
    from costkit.connect.endpoint import nobody

    ways: dict[str, Credentials] = {}
    token = _secret("--prometheus-bearer-token-file", flags.prometheus_bearer_token_file, _TOKEN)
    if token is not None:
        ways["a bearer token"] = Bearer(token)
    if flags.prometheus_username or flags.prometheus_password_file:
        ways["a user's password"] = _basic(flags)
    if flags.prometheus_aws_region:
        from costkit.connect.sigv4 import SigV4

        ways["an AWS signature"] = SigV4(flags.prometheus_aws_region)
    if _authorizes(named):
        ways["a header of the header file"] = nobody
    if len(ways) > 1:
        raise UsageError(f"Prometheus would be told who asks by {' and by '.join(ways)}", "keep one of them")
    return next(iter(ways.values()), nobody)


def _basic(flags: MetricsFlags) -> "Credentials":
    from costkit.connect.credentials import Basic

    password = _secret("--prometheus-password-file", flags.prometheus_password_file, _PASSWORD)
    if not flags.prometheus_username:
        raise UsageError("there is a password for Prometheus but no user", "add --prometheus-username")
    if password is None:
        raise UsageError(
            f"there is no password for {flags.prometheus_username!r}", f"--prometheus-password-file, or {_PASSWORD}"
        )
    if ":" in flags.prometheus_username:
        raise UsageError("a user of Prometheus has no colon in its name", "the password goes into a file")
    return Basic(flags.prometheus_username, password)


def _secret(flag: str, path: Path | None, variable: str) -> "Secret | None":
    """The file before the environment, as every flag."""
    from costkit.connect.credentials import of_file, of_text

    named = _file(flag, path)
    if named is not None:
        return of_file(named)
    told = os.environ.get(variable, "").strip()
    if not told.isprintable():
        raise UsageError(f"{variable} is not one line of text", "it holds the secret alone")
    return of_text(told) if told else None


def _certificate(flags: MetricsFlags) -> tuple[str, str] | None:
    certificate = _file("--prometheus-client-certificate", flags.prometheus_client_certificate)
    key = _file("--prometheus-client-key", flags.prometheus_client_key)
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError(
            "a client certificate and its key go together",
            "give both --prometheus-client-certificate and --prometheus-client-key",
        )
    from costkit.connect.credentials import check_pair

    check_pair(certificate, key)
    return str(certificate), str(key)


def _file(flag: str, path: Path | None) -> Path | None:
    if path is not None and (not path.exists() or path.is_dir()):  # a pipe is as good: <(…)
        raise UsageError(f"{flag}: there is no file {path}", "check the path")
    return path


def _authorizes(named: Mapping[str, str]) -> bool:
    return any(name.lower() == "authorization" for name in named)
