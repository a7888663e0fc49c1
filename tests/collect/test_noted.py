"""A note beside a source's own coverage, or in its place."""

from dataclasses import dataclass
from typing import Any

from costkit.collect.noted import Noted
from costkit.model.cluster import Coverage
from costkit.model.window import Window

WINDOW = Window.back_from(1_780_012_800, 2)
OWN = Coverage("prometheus", "missing", "no address was given")


@dataclass
class Told:
    """A source that gives back what it is asked."""

    def cluster(self):
        return "the cluster"

    def reach(self, window):
        return [window]

    def observe(self, wanted):
        return iter(wanted)

    def coverage(self):
        return (OWN, Coverage("node check", "ok"))


def noted(note):
    source: Any = Told()
    return Noted(source, note)


def test_a_note_of_the_same_name_takes_the_place_of_the_sources_own():
    note = Coverage("prometheus", "missing", "monitoring/prometheus may not be read")
    assert noted(note).coverage() == (note, Coverage("node check", "ok"))


def test_another_note_stands_beside():
    note = Coverage("prometheus service", "ok", "monitoring/prometheus")
    assert noted(note).coverage() == (note, OWN, Coverage("node check", "ok"))


def test_all_else_is_the_sources():
    asked: Any = [1, 2]
    source = noted(OWN)
    assert str(source.cluster()) == "the cluster"
    assert source.reach(WINDOW) == [WINDOW]
    assert list(source.observe(asked)) == asked
