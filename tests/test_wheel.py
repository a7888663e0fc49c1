"""The wheel as a user gets it: built from a copy of the tree, installed alone, run from elsewhere."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TREE = ("costkit", "rules", "reports", "pyproject.toml", "README.md", "LICENSE", ".gitignore")
AT = "2026-11-20T09:00:00Z"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of what is shipped, with a file beside the rules that .gitignore keeps out."""
    folder = tmp_path_factory.mktemp("tree")
    for name in TREE:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    (folder / ".gitignore").write_text(f"{(ROOT / '.gitignore').read_text()}\nmine.yaml\n")
    (folder / "rules" / "mine.yaml").write_text("discount: 40%\n")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out", cwd=folder)
    return next((folder / "out").glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python whose only costkit is the wheel's; for want of a network the rest is borrowed from this one."""
    folder = tmp_path_factory.mktemp("venv")
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    site = next(folder.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder / "bin" / "python"


def test_the_wheel_carries_rules_and_templates_and_nothing_that_git_ignores(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {str(path.relative_to(ROOT / "rules")) for path in (ROOT / "rules").rglob("*.yaml")}
    templates = {path.name for path in (ROOT / "reports" / "templates").iterdir()}

    assert {f"costkit/_data/rules/{name}" for name in rules} <= names
    assert {f"costkit/_data/templates/{name}" for name in templates} <= names
    assert not [name for name in names if "mine" in name or "__pycache__" in name]


def test_the_wheel_holds_the_package_alone(wheel: Path):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert tops == {"costkit", f"{wheel.name.rpartition('-py3')[0]}.dist-info"}


def test_both_commands_are_installed(wheel: Path):
    name = f"{wheel.name.rpartition('-py3')[0]}.dist-info/entry_points.txt"
    entries = zipfile.ZipFile(wheel).read(name).decode()

    assert "costkit = costkit.__main__:main" in entries
    assert "kubectl-costkit = costkit.__main__:main" in entries


def test_the_installed_tool_runs_away_from_the_checkout(python: Path, tmp_path: Path):
    where = _run(python, "-c", "import costkit; print(costkit.__file__)", cwd=tmp_path)
    assert not Path(where.strip()).is_relative_to(ROOT)

    table = _run(python, "-m", "costkit", "demo", "--at", AT, "--output", "shown", cwd=tmp_path)
    assert "Frees $" in table

    snapshot = next((tmp_path / "shown").glob("snapshot-*.zip"))
    _run(python, "-m", "costkit", "report", "--snapshot", snapshot, "-o", "again.html", cwd=tmp_path)
    assert (tmp_path / "again.html").read_text() == (tmp_path / "shown" / "report.html").read_text()


def _run(*words: str | Path, cwd: Path | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(words, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
