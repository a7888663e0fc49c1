"""A service of the cluster, read through its API server: what is sent, the token too, goes to the API server alone."""

from collections.abc import Mapping
from urllib.request import getproxies

import requests
from kubernetes import client

from costkit.connect.causes import without_credentials
from costkit.connect.endpoint import Credentials, Endpoint
from costkit.connect.kube import Access
from costkit.connect.login import connected

_LONGEST_GET = 8000
"""Bytes of an address that every proxy before an API server lets through. GET needs the verb `get` alone."""


class Proxy:
    """Logs in once. ClusterError where that fails."""

    def __init__(self, access: Access) -> None:
        self._timeout = access.timeout
        with connected(access.kubeconfig, access.context, access.impersonate) as api:
            self._settings: client.Configuration = api.configuration
            self._impersonation = {k: v for k, v in api.default_headers.items() if k.startswith("Impersonate-")}

    def endpoint(self, path: str, headers: Mapping[str, str], deadline: float | None = None) -> Endpoint:
        """Of what answers below a path of the API server. `headers` go on to the service."""
        settings = self._settings
        certificate = (settings.cert_file, settings.key_file) if settings.cert_file and settings.key_file else None
        return Endpoint(
            url=without_credentials(str(settings.host)).rstrip("/") + path,
            headers={**headers, **self._impersonation},
            verify=(settings.ssl_ca_cert or True) if settings.verify_ssl else False,
            certificate=certificate,
            timeout=self._timeout,
            credentials=_token_of(settings),
            deadline=deadline,
            server_name=settings.tls_server_name or "",
            proxy=_own_proxy(settings),
            longest_get=_LONGEST_GET,
        )


def _token_of(settings: client.Configuration) -> Credentials:
    """The token as it is at each request: the library runs the plugin, or reads the file, again when it ends."""

    def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
        token = settings.get_api_key_with_prefix("BearerToken", alias="authorization")
        if token:
            request.headers["Authorization"] = token
        return request

    return signed


def _own_proxy(settings: client.Configuration) -> str:
    """The kubeconfig's; the environment's is requests' own matter, with its exceptions."""
    return "" if settings.proxy in getproxies().values() else settings.proxy or ""
