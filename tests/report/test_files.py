import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from costkit.errors import OutputError
from costkit.report.files import write_whole


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_file_is_written_and_nothing_is_left_beside_it(tmp_path):
    write_whole(tmp_path / "report.html", "né")

    assert (tmp_path / "report.html").read_bytes() == "né".encode()
    assert names(tmp_path) == ["report.html"]


def test_bytes_are_written_as_they_are(tmp_path):
    write_whole(tmp_path / "weeks.parquet", b"\xff\x00\r\n")

    assert (tmp_path / "weeks.parquet").read_bytes() == b"\xff\x00\r\n"


def test_a_write_that_fails_keeps_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    write_whole(path, "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["report.html"]


@pytest.mark.parametrize("name", ["absent/report.html", "."])
def test_a_path_that_cannot_be_written_says_so_in_one_line_with_a_hint(tmp_path, name):
    with pytest.raises(OutputError) as caught:
        write_whole(tmp_path / name, "text")
    assert "\n" not in caught.value.message
    assert caught.value.hint.startswith("give a path")


def test_a_link_keeps_being_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "latest").symlink_to("real")
    write_whole(tmp_path / "latest", "new")

    assert (tmp_path / "latest").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write_whole, args=(pipe, "through"))
    writer.start()
    assert pipe.read_text() == "through"
    writer.join()
    assert pipe.is_fifo()


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "report.html"
    write_whole(path, "0" * 100_000)
    code = "import sys, pathlib\nfrom costkit.report.files import write_whole\n"
    code += "for n in range(40): write_whole(pathlib.Path(sys.argv[1]), str(n % 10) * 100_000)"
    writer = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2])
    while writer.poll() is None:
        text = path.read_text()
        assert len(text) == 100_000
        assert len(set(text)) == 1
    assert writer.returncode == 0
