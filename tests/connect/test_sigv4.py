"""AWS' signature: recomputed from what arrived, as the server does it."""

import builtins

import pytest
import requests

from costkit.connect.sigv4 import SigV4
from costkit.errors import MetricsError, UsageError
from tests.bed import aws

URL = "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/api/v1"


@pytest.fixture(autouse=True)
def account(monkeypatch, tmp_path):
    """An account's keys in the environment, and no machine to ask for others."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", aws.KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", aws.SECRET)


def signed(request):
    """The signature that the server expects, the one that arrived, and the region."""
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    headers = {**request.headers, "host": request.url.split("/")[2]}
    told = str(request.headers["Authorization"])
    expected = aws.signature(request.method, request.path_url, headers, body)
    return expected, aws.fields(told)["Signature"], aws.scope(told)[1]


def prepared(method="POST"):
    form = {"query": 'rate(cpu{a="b c"}[5m])', "start": "0.000"}
    if method == "POST":
        return requests.Request(method, f"{URL}/query_range", data=form).prepare()
    return requests.Request(method, f"{URL}/query_range", params=form).prepare()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_signature_is_the_one_that_the_server_computes(method):
    request = SigV4("eu-central-1")(prepared(method))
    expected, found, region = signed(request)
    assert found == expected
    assert region == "eu-central-1"
    assert aws.scope(str(request.headers["Authorization"]))[2] == "aps"


def test_a_request_is_signed_again_with_what_holds_then():
    signer, request = SigV4("eu-central-1"), prepared()
    first = signer(request).headers["Authorization"]
    request.body = request.body.replace("cpu", "memory")
    expected, found, _ = signed(signer(request))
    assert found == expected
    assert request.headers["Authorization"] != first
    assert list(request.headers).count("Authorization") == 1


def test_a_sessions_token_goes_along(monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-a-role")
    request = SigV4("eu-central-1")(prepared())
    assert request.headers["X-Amz-Security-Token"] == "of-a-role"
    assert "x-amz-security-token" in request.headers["Authorization"]


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_may_be_the_environments(variable, monkeypatch):
    monkeypatch.setenv(variable, "ap-south-1")
    assert signed(SigV4("auto")(prepared()))[2] == "ap-south-1"
    assert signed(SigV4("eu-west-1")(prepared()))[2] == "eu-west-1"


def test_the_region_may_be_the_profiles(monkeypatch, tmp_path):
    (tmp_path / "config").write_text("[profile prod]\nregion = sa-east-1\n")
    monkeypatch.setenv("AWS_PROFILE", "prod")
    assert signed(SigV4("auto")(prepared()))[2] == "sa-east-1"


def test_without_a_region_keys_or_profile_one_line_says_so(monkeypatch):
    with pytest.raises(UsageError, match="no AWS region"):
        SigV4("auto")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match="nobody"):
        SigV4("eu-west-1")
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(UsageError, match="no AWS credentials"):
        SigV4("eu-west-1")


def test_keys_that_cannot_be_renewed_are_said_without_their_text(monkeypatch, tmp_path):
    (tmp_path / "config").write_text(
        "[profile p]\ncredential_process = sh -c 'echo secret-of-the-process >&2; exit 1'\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "p")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises((UsageError, MetricsError)) as caught:
        SigV4("eu-west-1")(prepared())
    assert "secret-of-the-process" not in caught.value.message + caught.value.hint


def test_without_botocore_it_is_said_how_to_get_it(monkeypatch):
    def without(name, *rest):
        if name.startswith("botocore"):
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match="botocore") as caught:
        SigV4("eu-west-1")
    assert "pip install 'costkit[aws]'" in caught.value.hint
