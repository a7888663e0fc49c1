"""Prometheus 2: taken from the cache, fetched where it is not there, and said where it cannot be had."""

from pathlib import Path

import pytest

from tests.bed.old_prometheus import FetchError, fetch, program


def test_what_is_in_the_cache_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTKIT_BED_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    assert program() is None
    made = tmp_path / "debian-prometheus-2.42.0" / "prometheus"
    made.parent.mkdir()
    made.touch()
    assert fetch() == program() == made


def test_without_apt_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTKIT_BED_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FetchError, match="apt-get") as caught:
        fetch()
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_not_of_prometheus_2_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an apt-get and a dpkg that STAND IN for a Debian which packages a newer one."""
    tools, cache = tmp_path / "tools", tmp_path / "cache"
    tools.mkdir()
    newer = "#!/bin/sh\necho prometheus, version 3.1.0 >&2\n"
    scripts = {
        "apt-get": "#!/bin/sh\n: > prometheus_3.1.0_amd64.deb\n",
        "dpkg": f"#!/bin/sh\n/bin/mkdir -p $3/usr/bin\nprintf {newer!r} > $3/usr/bin/prometheus\n"
        "/bin/chmod +x $3/usr/bin/prometheus\n",
    }
    for name, text in scripts.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("COSTKIT_BED_CACHE", str(cache))
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(FetchError, match="not of Prometheus 2"):
        fetch()
    assert list(cache.iterdir()) == []
