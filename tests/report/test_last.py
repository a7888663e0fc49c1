"""What the next run knows of a plan's JSON."""

import pytest

from costkit.errors import SnapshotError
from costkit.model.last import LastSizes
from costkit.report.contract import to_json
from costkit.report.last import last_sizes
from costkit.report.serialized import json_text
from tests.report.plans import plan


def read(made):
    return last_sizes(json_text(to_json(made)).encode(), "runs/latest")


def test_every_size_comes_back_as_it_was_said():
    made = plan()
    last = read(made)
    changes = [change for item in made.items for change in item.recommendation.changes if item.target.container]
    assert changes
    for change in changes:
        assert last.after[change.target].quantities() == change.after.quantities()
        assert last.of(change.target, change.before, made.rules).quantities() == change.after.quantities()


def test_a_plan_without_recommendations_is_no_last_size():
    assert read(plan(items=())) == LastSizes(plan().rules)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"recommendations": [{}]}', b"\xff"])
def test_what_is_no_plan_is_one_clear_line(body):
    with pytest.raises(SnapshotError, match="runs/latest is no plan"):
        last_sizes(body, "runs/latest")
