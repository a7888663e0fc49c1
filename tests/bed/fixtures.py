"""pytest's way to the bed: nothing goes in, tools, a ready cluster and a fresh namespace come out.

`tests/conftest.py` names this module in `pytest_plugins`. Under pytest-xdist each worker has its own cluster.
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed.cluster import Cluster
from tests.bed.nodes import Machine
from tests.bed.tools import missing
from tests.bed.tools import tools as built

NODES = tuple(Machine(f"node-{index}", cpu="8", memory="32Gi", instance_type="m5.2xlarge") for index in range(4))

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def tools() -> dict[str, Path]:
    """The bed's programs by name; a test that starts a server of its own asks for it. In CI nothing is ever skipped."""
    lacking = missing()
    if not lacking:
        return built()
    message = f"run: make bed ({', '.join(lacking)} not built)"
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def bed(tools: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:  # noqa: ARG001  # built
    """A cluster with four nodes of 8 cores and 32 GiB, kept for the whole run: leave its nodes as they are."""
    with Cluster.start(tmp_path_factory.mktemp("bed")) as cluster:
        cluster.add_nodes(NODES)
        yield cluster


@pytest.fixture
def namespace(bed: Cluster) -> Iterator[str]:
    """An empty namespace of this test's own; its deletion is not waited for."""
    name = f"test-{next(_NUMBERS)}"
    bed.create_namespace(name)
    yield name
    bed.kubectl("delete", "namespace", name, "--wait=false")
