"""Secrets of files and variables: as they are now, and in no message."""

import base64

import pytest
import requests

from costkit.connect.credentials import Basic, Bearer, check_pair, of_file, of_text
from costkit.errors import MetricsError
from tests.bed.certificates import Authority

SECRET = "a-secret-that-nobody-may-see"  # noqa: S105  # made up


def sent(credentials):
    """The header that a request carries with them."""
    request = requests.Request("GET", "http://127.0.0.1/").prepare()
    header = credentials(request).headers["Authorization"]
    return header if isinstance(header, bytes) else header.encode()


def test_a_token_is_sent_as_its_file_has_it_at_each_request(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    bearer = Bearer(of_file(file))
    assert sent(bearer) == f"Bearer {SECRET}".encode()
    file.write_text("rotated")
    assert sent(bearer) == b"Bearer rotated"


def test_a_projected_token_is_followed_when_its_link_is_swapped(tmp_path):
    """As the kubelet does it: a link to a folder of that moment."""
    for number in (1, 2):
        (tmp_path / f"..{number}").mkdir()
        (tmp_path / f"..{number}" / "token").write_text(f"token-{number}")
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "token").symlink_to("..data/token")
    bearer = Bearer(of_file(tmp_path / "token"))
    assert sent(bearer) == b"Bearer token-1"
    (tmp_path / "..new").symlink_to("..2")
    (tmp_path / "..new").rename(tmp_path / "..data")
    assert sent(bearer) == b"Bearer token-2"


def test_a_user_and_a_password_of_any_letters_are_sent():
    told = sent(Basic("kösten", of_text("päss:wörd")))
    assert base64.b64decode(told.removeprefix(b"Basic ")).decode() == "kösten:päss:wörd"


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines", b"\xff\xfe", None])
def test_a_file_without_one_line_of_text_is_refused_and_not_shown(content, tmp_path):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(MetricsError, match=str(file)) as caught:
        of_file(file)()
    assert "lines" not in caught.value.message


def test_secrets_are_not_in_what_is_shown_of_them():
    shown = repr(Bearer(of_text(SECRET))) + repr(Basic("costkit", of_text(SECRET)))
    assert SECRET not in shown


def test_a_certificate_goes_with_its_own_key_alone(tmp_path):
    authority = Authority(tmp_path)
    ours, theirs = authority.client("ours"), authority.client("theirs")
    check_pair(ours.certificate, ours.key)
    with pytest.raises(MetricsError, match=r"ours\.crt"):
        check_pair(ours.certificate, theirs.key)
    with pytest.raises(MetricsError, match=r"ours\.key"):
        check_pair(ours.key, ours.key)


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it(tmp_path):
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    pair = Authority(tmp_path).client("ours")
    key = load_pem_private_key(pair.key.read_bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase"))
    pair.key.write_bytes(locked)
    with pytest.raises(MetricsError, match="cannot be used"):
        check_pair(pair.certificate, pair.key)
