"""AWS' Signature Version 4, which Amazon Managed Service for Prometheus asks for; the work is botocore's, an extra."""

from typing import Any

import requests

from costkit.connect.causes import first_line
from costkit.errors import MetricsError, UsageError

_SERVICE = "aps"
_SIGNED = ("Content-Type",)
"""Beside the host and the time; proxies may change the rest."""


class SigV4:
    """Signs each try anew: a signature is good for five minutes, and an instance's credentials rotate."""

    def __init__(self, region: str) -> None:
        """Credentials are found as by the AWS CLI; so is the region, if it is `auto`. UsageError if there are none."""
        session = _session()
        self._region, self._credentials = _found(session, "" if region == "auto" else region)
        if not self._region:
            raise UsageError("no AWS region is set", "name it: --prometheus-aws-region us-east-1, or AWS_REGION")
        if self._credentials is None:
            raise UsageError("there are no AWS credentials", "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        kept = {name: request.headers[name] for name in _SIGNED if name in request.headers}
        unsigned = AWSRequest(method=request.method, url=request.url, data=request.body, headers=kept)
        SigV4Auth(self._frozen(), _SERVICE, self._region).add_auth(unsigned)
        request.headers.update(dict(unsigned.headers.items()))
        return request

    def _frozen(self) -> Any:  # noqa: ANN401  # the same
        """As they are now; botocore renews those that end."""
        from botocore.exceptions import BotoCoreError

        try:
            return self._credentials.get_frozen_credentials()
        except BotoCoreError as error:
            why = type(error).__name__  # its text may hold what a program of the user's wrote
            raise MetricsError(f"the AWS credentials cannot be renewed: {why}", "log in again") from None


def _session() -> Any:  # noqa: ANN401  # the same
    try:
        import botocore.session
    except ImportError as error:
        raise UsageError("--prometheus-aws-region needs botocore", "pip install 'costkit[aws]'") from error
    return botocore.session.get_session({"region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None)})


def _found(session: Any, region: str) -> tuple[str | None, Any]:  # noqa: ANN401  # the same
    from botocore.exceptions import BotoCoreError, ProfileNotFound

    try:
        return region or session.get_config_variable("region"), session.get_credentials()
    except BotoCoreError as error:
        # Of the others some repeat what a program of the user's wrote, which may be a key.
        why = first_line(error) if isinstance(error, ProfileNotFound) else type(error).__name__
        raise UsageError(f"the AWS credentials cannot be found: {why}", "check AWS_PROFILE and ~/.aws") from None
