"""What the account is called and what it may do, asked of the API server. Reviews are POSTs that write nothing."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec
import urllib3
from kubernetes import client

from costkit.connect.causes import cause
from costkit.connect.kube import Kube, ListError, NoAnswerError
from costkit.errors import ClusterError

T = TypeVar("T")
_MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_FAILURES = (urllib3.exceptions.HTTPError, client.ApiException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Right:
    """One verb on one resource of all namespaces, or on the object that `name` names."""

    verb: str
    group: str
    resource: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, and what time the server has."""

    name: str
    """Empty where the server (before 1.28) does not say."""
    date: float | None
    """The answer's Date header, unix seconds without their fraction; None where it has none."""


class _MayStatus(msgspec.Struct):
    allowed: bool = False


class _May(msgspec.Struct):
    status: _MayStatus = msgspec.field(default_factory=_MayStatus)


class _User(msgspec.Struct):
    username: str = ""


class _WhoStatus(msgspec.Struct):
    user: _User = msgspec.field(default_factory=_User, name="userInfo")


class _Who(msgspec.Struct):
    status: _WhoStatus = msgspec.field(default_factory=_WhoStatus)


def who_am_i(kube: Kube) -> Account:
    """ClusterError where no server answers, it is none, or it does not let us in."""
    status, body, date = _review(kube, _WHO, {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})
    if status not in (200, 201, 403, 404):
        raise ClusterError(
            f"the API server {kube.host} answers with status {status}", "see how it is (kubectl get --raw /readyz)"
        )
    return Account(_decoded(body, _Who, kube).status.user.username if status in (200, 201) else "", date)


def may(kube: Kube, right: Right) -> bool:
    """Whether the account has the right. ListError where the server does not say, ClusterError as with `who_am_i`."""
    attributes = {"verb": right.verb, "group": right.group, "resource": right.resource, "name": right.name}
    question = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    status, body, _ = _review(kube, _MAY, question)
    if status not in (200, 201):
        raise ListError(status, f"the API server does not say what the account may do (HTTP {status})")
    return _decoded(body, _May, kube).status.allowed


def _review(kube: Kube, path: str, question: dict[str, Any]) -> tuple[int, bytes, float | None]:
    """Status, body and time of the answer. It is asked once: who asks for a diagnosis should not wait for retries."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = kube.api.param_serialize(
        "POST", path, header_params=headers, body=question, auth_settings=["BearerToken"]
    )
    try:
        response = kube.api.call_api(*request, _request_timeout=kube.timeout)
        body: bytes = response.read()
    except _FAILURES as error:
        raise NoAnswerError(kube.host, cause(error)) from error
    if response.status == 401:
        raise ClusterError(
            f"the API server {kube.host} refused the credentials (401)",
            "log in again, or check the context's user (kubectl auth whoami)",
        )
    return response.status, body, _seconds(response.headers.get("Date"))


def _decoded(body: bytes, shape: type[T], kube: Kube) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.MsgspecError as error:
        raise ClusterError(
            f"{kube.host} is not a Kubernetes API server: it answers with something else",
            "check the server of the kubeconfig's context, or log in to the proxy before it",
        ) from error


def _seconds(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None
