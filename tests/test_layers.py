"""The shape of the code: layers, sizes, and that the model stays what passes between stages (DESIGN §11)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "costkit"
MODULES = sorted(PACKAGE.rglob("*.py"))
AWAITED = pytest.mark.xfail(reason="act, which carries patches out, is not written yet")
MODEL = [
    pytest.param(path.stem, marks=AWAITED if path.stem == "patch" else ())
    for path in sorted((PACKAGE / "model").glob("*.py"))
    if path.stem != "__init__"
]
BIN = Path(sys.executable).parent


def run(*words):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def importers(module):
    """Packages of costkit that import a module of the model."""
    found = set()
    for path in MODULES:
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and _names(node, module):
                found.add(own)
    return found - {"model"}


def _names(node, module):
    whole = node.module == f"costkit.model.{module}"
    return whole or (node.module == "costkit.model" and module in {alias.name for alias in node.names})


def test_layers_and_purity_hold():
    linted = run(BIN / "lint-imports", "--no-cache")
    assert linted.returncode == 0, linted.stdout


def test_the_pipeline_stays_a_picture_of_the_stages():
    pipeline = PACKAGE / "pipeline.py"
    assert len(pipeline.read_text().splitlines()) <= 240
    linted = run(BIN / "ruff", "check", "--select", "C901", "--config", "lint.mccabe.max-complexity=4", pipeline)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_above_300_lines_or_without_a_docstring(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


def test_an_init_holds_a_docstring_only():
    held = {path: ast.parse(path.read_text()).body[1:] for path in MODULES if path.name == "__init__.py"}
    held.pop(PACKAGE / "__init__.py")  # the version stands there: hatch reads it
    assert {str(path): body for path, body in held.items() if body} == {}


@pytest.mark.parametrize("module", MODEL)
def test_a_model_module_is_used_by_two_packages_at_least(module):
    assert len(importers(module)) >= 2


def test_k8s_holds_no_word_of_costkits_own():
    words = ("recommendation", "finding", "verdict", "sketch", "saving", "rightsize", "costkit.io")
    for path in (PACKAGE / "k8s").glob("*.py"):
        text = path.read_text().lower()
        assert [word for word in words if word in text] == []


def test_metric_names_stand_in_queries_alone():
    metrics = ("container_cpu_usage", "container_memory_working_set", "kube_pod_", "kube_replicaset_", "kube_node_")
    told = [
        f"{path.relative_to(PACKAGE)}: {metric}"
        for path in MODULES
        if path.name not in ("queries.py", "queries_usage.py")
        for metric in metrics
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(metric)
    ]
    assert told == []
