"""Whole files on a local folder and on fsspec's store in memory, which stands in for an object store."""

import os

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem

from costkit.connect.storage import Storage, _shown
from costkit.errors import OutputError, UsageError


@pytest.fixture(params=["folder", "memory"])
def storage(request, tmp_path):
    url = str(tmp_path / "history") if request.param == "folder" else f"memory://{tmp_path.name}/history"
    yield Storage.open(url)
    fsspec.filesystem("memory").store.clear()


def test_what_was_written_is_read(storage):
    storage.write("a/b/c.bin", b"one")
    storage.write("a/b/c.bin", b"two")
    storage.write("a/d.bin", b"")
    assert storage.read("a/b/c.bin") == b"two"
    assert storage.read_all(["a/d.bin", "a/b/c.bin", "a/none"]) == {"a/d.bin": b"", "a/b/c.bin": b"two"}


def test_a_folder_lists_its_own_files_and_folders(storage):
    storage.write("a/b/c.bin", b"one")
    storage.write("a/d.bin", b"1234")
    listed = storage.entries("a")
    assert [(e.name, e.is_folder) for e in listed] == [("b", True), ("d.bin", False)]
    assert listed[1].size == 4


def test_what_is_not_there_is_nothing(storage):
    assert storage.read("none") is None
    assert storage.read_all([]) == {}
    assert storage.entries("none") == ()
    storage.remove("none")


def test_removing_takes_a_file_or_a_whole_folder(storage):
    for name in ("a/b/c", "a/d", "e"):
        storage.write(name, b"x")
    storage.remove("a")
    assert storage.entries("a") == ()
    storage.remove("e")
    assert storage.read("e") is None


def test_a_local_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path, monkeypatch):
    storage = Storage.open(str(tmp_path))
    storage.write("a", b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"cannot write .*/a: No space left on device"):
        storage.write("a", b"new")
    assert storage.read("a") == b"old"
    assert [entry.name for entry in storage.entries()] == ["a"]


def test_a_file_where_a_folder_should_be_is_one_clear_line(tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(UsageError, match="taken is a file"):
        Storage.open(str(tmp_path / "taken"))
    with pytest.raises(OutputError, match="cannot write"):
        Storage.open(str(tmp_path)).write("taken/a", b"")


class Server(LocalFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A server of files: a local folder that stands in for SFTP and its like, which know of no put that is all."""

    protocol = ("files",)

    def __init__(self, **options):
        super().__init__(auto_mkdir=False, **options)


def test_on_a_server_of_files_what_is_written_is_written_beside_and_renamed(tmp_path, monkeypatch):
    storage = Storage("files://host", Server(), str(tmp_path))
    storage.write("a/b.bin", b"one")
    storage.write("a/b.bin", b"two")
    assert storage.read("a/b.bin") == b"two"
    assert [entry.name for entry in storage.entries("a")] == ["b.bin"]
    monkeypatch.setattr(Server, "mv", _fails)
    with pytest.raises(OutputError, match="cannot write"):
        storage.write("a/b.bin", b"three")
    assert storage.read("a/b.bin") == b"two"


def _fails(*_):
    raise OSError("away")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ftp://user:geheim@host/h", "ftp://user:@host/h"),
        ("abfs://container@account.dfs.core.windows.net/h", "abfs://container@account.dfs.core.windows.net/h"),
        ("s3://bucket/a@b/c", "s3://bucket/a@b/c"),
        ("/var/lib/costkit", "/var/lib/costkit"),
    ],
)
def test_an_address_is_shown_without_its_password(url, shown):
    assert _shown(url).replace("user@", "user:@") == shown


@pytest.mark.parametrize("url", ["nothing://bucket/x", "s4://x"])
def test_an_address_of_no_known_store_is_refused(url):
    with pytest.raises(UsageError, match="cannot be opened"):
        Storage.open(url)


def test_no_message_holds_the_password_of_an_address():
    with pytest.raises(UsageError) as error:
        Storage.open("nothing://user:geheim@host/x")
    assert "geheim" not in f"{error.value.message} {error.value.hint}"
