"""Who we are to the API server: a kubeconfig or a pod's ServiceAccount goes in, a client with its settings comes out.

Authentication (exec plugins, OIDC, tokens) is the kubernetes package's; its many ways to fail become one error here.
"""

import logging
import os
from pathlib import Path

from kubernetes import client, config

from costkit.connect.causes import cause, first_line
from costkit.errors import ClusterError

_HOME = Path("~/.kube/config")
_HINT = "name one with --kubeconfig or KUBECONFIG, check --context, or try `costkit demo`"


def connected(kubeconfig: Path | None, context: str | None, impersonate: str | None) -> client.ApiClient:
    """A client that is logged in anew: plugins are run, files are read. ClusterError where that fails."""
    settings = log_in(kubeconfig, context)
    # Neither the library's retries, which do not read a body again, nor redirects, which may take credentials along.
    settings.retries = False
    try:
        api = client.ApiClient(settings)
    except OSError as error:
        raise ClusterError(
            f"the kubeconfig's certificates cannot be read: {cause(error)}",
            "check certificate-authority and client-certificate of its context",
        ) from error
    if impersonate:
        api.set_default_header("Impersonate-User", impersonate)
    return api


def log_in(kubeconfig: Path | None, context: str | None) -> client.Configuration:
    """From the kubeconfig that is named or stands in its usual place, else the pod's own account. ClusterError."""
    settings = client.Configuration()
    if _in_pod(kubeconfig, context):
        config.load_incluster_config(client_configuration=settings)
        return settings
    _require_file(kubeconfig)
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    try:
        _load(kubeconfig, context, settings)
    finally:
        logging.getLogger().removeHandler(complaints)
    if complaints.first:
        raise ClusterError(
            f"the kubeconfig's credential plugin failed: {complaints.first}",
            "log in again, or run the command of the context's user by hand",
        )
    if not str(settings.host).startswith(("https://", "http://")):
        raise ClusterError(
            f"the kubeconfig's server {settings.host!r} is no address",
            "write it as https://HOST:PORT in the kubeconfig",
        )
    return settings


class _Complaints(logging.Handler):
    """The package only logs that a plugin failed, and goes on without credentials."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.first = self.first or record.getMessage().partition("\n")[0]


def _in_pod(kubeconfig: Path | None, context: str | None) -> bool:
    """As with kubectl a kubeconfig comes before the account of the pod."""
    told = kubeconfig is not None or context is not None or "KUBECONFIG" in os.environ or _HOME.expanduser().exists()
    return not told and "KUBERNETES_SERVICE_HOST" in os.environ


def _require_file(kubeconfig: Path | None) -> None:
    if kubeconfig is not None and not kubeconfig.is_file():
        raise ClusterError(f"there is no kubeconfig {kubeconfig}", "check the path after --kubeconfig")
    named = os.environ.get("KUBECONFIG", "") or str(_HOME)
    if kubeconfig is None and not any(Path(path).expanduser().is_file() for path in named.split(os.pathsep)):
        raise ClusterError(f"there is no kubeconfig: {named} is not there", _HINT)


def _load(kubeconfig: Path | None, context: str | None, settings: client.Configuration) -> None:
    file = None if kubeconfig is None else str(kubeconfig)
    try:
        config.load_kube_config(config_file=file, context=context, client_configuration=settings)
    except config.ConfigException as error:
        text = first_line(error).removeprefix("Invalid kube-config file. ")
        raise ClusterError(f"no usable kubeconfig: {text}", _HINT) from error
    except Exception as error:  # what the package raises on a file that is none is of a dozen kinds
        text = " ".join(str(error).split())
        raise ClusterError(f"{file or 'the kubeconfig'} is not a kubeconfig: {text}", _HINT) from error
