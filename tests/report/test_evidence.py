from dataclasses import replace

import pytest

from costkit.model.change import Resize
from costkit.model.recommendation import Reason
from costkit.report.cells import rows
from costkit.report.evidence import bars
from tests.report import plans


def first_row(item):
    return next(rows([item]))


def reasoned(*why):
    item = plans.api()
    return first_row(replace(item, recommendation=replace(item.recommendation, why=why)))


def test_request_percentile_and_peak_stand_side_by_side():
    cpu, memory = bars(first_row(plans.api()))

    assert cpu.words == "now 8 · then 2 · p98 1900m · peak 2"
    assert {mark.role: mark.share for mark in cpu.marks} == {
        "before": 100.0,
        "after": 25.0,
        "usage": 23.75,
        "peak": 25.0,
    }
    assert memory.words == "now 16Gi · then 4608Mi · p100 4Gi · peak 4Gi"


def test_a_raise_is_scaled_to_its_new_request():
    memory = bars(first_row(plans.web()))[1]

    assert {mark.role: mark.share for mark in memory.marks} == pytest.approx(
        {"before": 66.67, "after": 100.0, "peak": 66.67}
    )


def test_reasons_without_numbers_leave_the_requests_alone():
    cpu, _ = bars(reasoned(Reason("told", "by a person")))

    assert cpu.words == "now 8 · then 2"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "words", None])
def test_what_is_no_number_is_not_drawn(value):
    cpu, _ = bars(reasoned(Reason("cpu-use", "odd", {"value": value, "peak": value})))

    assert [mark.role for mark in cpu.marks] == ["before", "after"]


def test_a_resource_without_a_request_has_no_bar():
    item = plans.api()
    change = Resize(item.target, plans.resources("1"), plans.resources("500m"))
    row = first_row(replace(item, recommendation=replace(item.recommendation, changes=(change,))))

    assert [bar.resource for bar in bars(row)] == ["cpu"]
