"""What is read of lists, and the account of those that are not. What real API servers do is in connect/test_kube_lists.

The server here stands in for one, to give in a few bytes the answers that a real one gives seldom.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from costkit.collect.lists import Lists
from costkit.collect.wire import WireNamespace
from costkit.connect import patience
from costkit.connect.kube import Access, Kube
from costkit.errors import ClusterError
from costkit.model.listed import Missing, Present
from tests.cli.kubeconfigs import kubeconfig
from tests.cli.servers import Answer, answering

ITEMS = [{"metadata": {"name": name}} for name in ("a", "b")]
ANSWERS: dict[str, Answer] = {
    "/api/v1/nodes": (200, {}, json.dumps({"metadata": {"resourceVersion": "7"}, "items": ITEMS}).encode()),
    "/api/v1/pods": (200, {}, b'{"items":[{"metadata":{"name":"a"}},'),
    "/api/v1/services": (200, {}, b'{"items":[{"metadata":{"na'),
    "/api/v1/secrets": (403, {}, b'{"message":"secrets is forbidden"}'),
}


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lists]:
    monkeypatch.setattr(patience, "time", SimpleNamespace(sleep=lambda _: None))
    nothing: Answer = (404, {}, b'{"message":"not served"}')
    with answering(lambda path, _: ANSWERS.get(path.partition("?")[0], nothing)) as url:
        config = kubeconfig(tmp_path, url)
        with Kube.open(Access(config)) as kube:
            yield Lists(kube)


def rows(lists: Lists) -> dict[str, tuple[str, str]]:
    return {row.source: (row.status, row.detail) for row in lists.coverage}


def read(lists: Lists, name: str, *, optional: bool = False) -> Present[WireNamespace] | Missing:
    return lists.read(f"/api/v1/{name}", WireNamespace, optional=optional)


def test_a_list_that_was_read_is_counted(lists: Lists) -> None:
    found = read(lists, "nodes")

    assert isinstance(found, Present)
    assert [item.metadata.name for item in found] == ["a", "b"]
    assert rows(lists) == {"nodes": ("ok", "2")}


def test_a_list_that_is_refused_or_not_served_is_missing(lists: Lists) -> None:
    assert read(lists, "secrets") == Missing("secrets is forbidden")
    assert read(lists, "things") == Missing("not served")
    assert rows(lists) == {"secrets": ("missing", "secrets is forbidden"), "things": ("missing", "not served")}


def test_an_api_that_is_not_served_and_need_not_be_has_nothing(lists: Lists) -> None:
    assert read(lists, "things", optional=True) == Present(())
    assert read(lists, "secrets", optional=True) == Missing("secrets is forbidden")
    assert rows(lists).keys() == {"secrets"}


def test_one_list_without_an_answer_is_missing_and_the_others_are_read(lists: Lists) -> None:
    for name in ("pods", "nodes", "services", "nodes"):
        found = read(lists, name)
        assert isinstance(found, Present) == (name == "nodes")

    assert rows(lists)["pods"] == rows(lists)["services"] == ("missing", "its answer is cut off")


def test_two_lists_without_an_answer_one_after_the_other_end_it(lists: Lists) -> None:
    assert read(lists, "pods") == Missing("its answer is cut off")
    with pytest.raises(ClusterError, match="does not answer: its answer is cut off"):
        read(lists, "services")


def test_a_list_with_something_that_is_not_understood_is_missing(lists: Lists) -> None:
    def refuse(item: WireNamespace) -> str:
        if item.metadata.name == "b":
            raise ValueError("no quantity")
        return item.metadata.name

    assert lists.each("/api/v1/nodes", WireNamespace, refuse) == Missing("not understood: no quantity")
    assert rows(lists) == {"nodes": ("missing", "not understood: no quantity")}
