"""What a server repeats of what it was sent is not repeated by us."""

import base64

import pytest

from costkit.connect.redacted import redacted

TOKEN = "eyJhbGciOi.abcdefgh"  # noqa: S105 - of nobody
BASIC = base64.b64encode(b"user:geheimes-wort").decode()


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, f"bad header Bearer {TOKEN}"),
        ({"Authorization": f"Bearer {TOKEN}".encode()}, f"token {TOKEN} is unknown"),
        ({"Authorization": f"Basic {BASIC}"}, f"{BASIC} is wrong"),
        ({"Authorization": f"Basic {BASIC}"}, "password geheimes-wort is wrong"),
        ({"X-Api-Key": "0123456789"}, "key 0123456789 has no rights"),
    ],
)
def test_a_secret_of_the_request_is_taken_out(headers, said):
    found = redacted(said, headers)
    assert "[a credential]" in found
    for secret in (TOKEN, BASIC, "geheimes-wort", "0123456789"):
        assert secret not in found


def test_what_is_no_secret_stays():
    headers = {"Content-Type": "application/json", "Accept": "application/json", "X-Scope-OrgID": "team"}
    said = "no application/json for team"
    assert redacted(said, headers) == said
