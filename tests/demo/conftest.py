"""One source over four weeks, observed once for all tests: it is read only."""

import pytest

from costkit.demo.source import DemoSource
from costkit.model.cluster import Cluster
from costkit.model.day import Wanted
from costkit.model.samples import Observation
from costkit.model.window import Window

AT = 1_795_546_800.0
"""Tuesday, 2026-11-24, 19:00 UTC; the window holds the end of summer time in New York."""


@pytest.fixture(scope="session")
def source() -> DemoSource:
    return DemoSource(AT)


@pytest.fixture(scope="session")
def window() -> Window:
    return Window.back_from(AT, 28)


@pytest.fixture(scope="session")
def cluster(source: DemoSource) -> Cluster:
    return source.cluster()


@pytest.fixture(scope="session")
def days(source: DemoSource, window: Window) -> list[Observation]:
    return list(source.observe(Wanted(part) for part in source.reach(window)))[::-1]
