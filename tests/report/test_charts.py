"""Figures as plain data: what is drawn, and that no label is markup."""

import json

from costkit.model.plan import Group, Step
from costkit.report import charts
from tests.report import plans


def roles(figure):
    return {trace["meta"]: trace["x"] for trace in figure["data"]}


def test_the_month_is_split_without_counting_anything_twice():
    plan = plans.plan()
    found = roles(charts.month(plan))

    assert found == {"keeps": [333.0], "frees": [498.6], "idle": [341.27], "volumes": [84.0], "balancers": [18.25]}
    assert sum(x for values in found.values() for x in values) == round(plan.books.monthly, 2)


def test_groups_are_stacked_dearest_first_with_idle_and_raises_apart():
    figure = charts.groups(
        [Group("env", "dev", 10.0, -2.0), Group("env", "(idle)", 99.0, 0.0), Group("env", "p", 50, 20)]
    )

    assert figure["layout"]["yaxis"]["ticktext"] == ["(idle)", "p", "dev"]
    assert roles(figure) == {
        "keeps": [0.0, 30.0, 10.0],
        "idle": [99.0, 0.0, 0.0],
        "frees": [0.0, 20.0, 0.0],
        "adds": [0.0, 0.0, 2.0],
    }


def test_a_label_of_many_values_draws_the_dearest():
    figure = charts.groups([Group("team", f"t{n}", float(n), 0.0) for n in range(40)])

    assert len(figure["data"][0]["x"]) == charts.MOST_BARS
    assert figure["layout"]["yaxis"]["ticktext"][0] == "t39"


def test_each_kind_has_a_bar():
    figure = charts.kinds(plans.plan(steps=(Step("cleanup", 10.0), Step("rightsize", -2.5))))

    assert figure["layout"]["yaxis"]["ticktext"] == ["cleanup", "rightsize"]
    assert roles(figure) == {"frees": [10.0, -2.5]}


def test_labels_are_only_text_to_plotly():
    assert charts.label("<b>x</b> & <a href='j'>") == "&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href='j'&gt;"
    assert charts.label(plans.ESCAPE).startswith("\\u001b]0;")
    assert charts.label("n" * 99) == "n" * 23 + "…"


def test_a_figure_carries_no_template_and_no_default_of_its_own():
    figure = charts.month(plans.plan())

    assert figure["layout"].get("template") is None
    assert len(json.dumps(figure)) < 3000
