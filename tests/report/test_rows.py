"""Every `-o` form of a plan that holds cuts, raises, declined and harmful words."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
import yaml
from markdown_it import MarkdownIt

from costkit.model.change import Resize
from costkit.model.plan import Step
from costkit.model.target import Target
from costkit.report.options import Options
from costkit.report.plain_text import UNSAFE
from costkit.report.rows import FORMS, render
from tests.report import plans

ALL = Options(all=True)


def lines(form="table", options=None, plan=None):
    return render(plan or plans.plan(), form, options or Options()).splitlines()


def line_with(text, **more):
    return next(line for line in lines(**more) if text in line)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("make", [plans.plan, plans.empty], ids=["rich", "empty"])
def test_two_renders_are_equal_to_the_byte(form, make):
    assert render(make(), form, Options()).encode() == render(make(), form, Options()).encode()


@pytest.mark.parametrize("form", FORMS)
def test_no_control_character_reaches_the_terminal(form):
    text = render(plans.plan(cluster_name=plans.ESCAPE), form, ALL)

    assert UNSAFE.findall(text.replace("\n", "")) == []


@pytest.mark.parametrize("form", ["table", "wide", "json", "yaml", "csv", "md"])
def test_every_form_ends_with_a_newline_and_names_the_container(form):
    text = render(plans.plan(), form, Options())

    assert text.endswith("\n")
    assert "worker" in text


def test_the_table_has_a_row_a_change_with_what_it_frees():
    row = line_with("deploy/api")

    assert row.split()[:4] == ["$412.80", "low", "shop", "deploy/api"]
    assert "x12" in row
    assert "8 -> 2" in row
    assert "16Gi -> 4608Mi" in row
    assert "cpu p98 1900m, peak 2, so 2 · memory" in row


def test_money_that_the_nodes_do_not_give_back_is_called_freed_and_never_saved():
    text = "\n".join(lines())

    assert "FREES/MO" in text
    assert "SAVE" not in text.upper().replace("NO SAVING IS CLAIMED", "")
    assert "Frees $498.60 of $1,275.12 a month (39 %)." in text
    assert "Bill: stays $1,275.12 until nodes go" in text


def test_a_simulated_bill_is_told():
    plan = plans.plan(steps=(Step("rightsize", 498.6, 280.32),))

    assert "Bill: $1,275.12 -> $994.80 if you act today." in lines(plan=plan)


def test_a_raise_is_called_raise_with_negative_money():
    assert line_with("deploy/web").split()[:2] == ["-$9.40", "raise"]


def test_a_resource_that_does_not_change_is_an_equals_sign():
    row = line_with("deploy/web")

    assert re.search(r"web +=  +256Mi -> 384Mi", row)


def test_a_limit_that_alone_changes_is_named():
    item = plans.api()
    change = Resize(item.target, plans.resources("1", "1Gi", "4", "1Gi"), plans.resources("1", "1Gi", "2", "1Gi"))
    only = replace(item, recommendation=replace(item.recommendation, changes=(change,)))

    assert "limit 4 -> 2" in line_with("deploy/api", plan=plans.plan(items=(only,)))


def test_a_request_in_odd_bytes_is_shown_rounded():
    assert "1.4Gi -> 512Mi" in line_with("rollout/evil")


def test_small_savings_are_summed_in_one_line_and_all_shows_them():
    assert "… 1 more worth $0.70 together (--all)" in lines()
    assert not any("cron-ui" in line for line in lines())
    assert any("cron-ui" in line for line in lines(options=ALL))


def test_top_hides_cuts_and_never_a_raise():
    text = "\n".join(lines(options=Options(top=1)))

    assert "deploy/api" in text
    assert "sts/worker" not in text
    assert "deploy/web" in text
    assert "… 3 more worth $95.20 together (--all)" in text


def test_the_minimums_decide_which_rows_are_worth_it():
    assert any("cron-ui" in line for line in lines(options=Options(minimum_saving=0.5)))
    assert not any("cron-ui" in line for line in lines(options=Options(minimum_saving=0.5, minimum_change=0.2)))
    assert not any("sts/worker" in line for line in lines(options=Options(minimum_saving=100.0)))


def test_declined_is_counted_by_reason_with_the_way_to_see_it():
    assert "Declined 4: leak 2, heap-bound 1, injected 1 (see why: costkit recommend -o wide)" in lines()


def test_wide_shows_limits_labels_ids_and_each_declined_with_its_reason():
    text = "\n".join(lines("wide"))

    assert "16 -> 4" in text
    assert "COST-CENTER" in text
    assert "rightsize-shop-api-api" in text
    assert re.search(r"leak +rightsize +data/deploy/grow:grow +memory grows 40Mi a day", text)


def test_one_moments_cost_is_not_called_a_month():
    plan = plans.plan(books=replace(plans.books(), basis="now", hours=0.0))

    assert "Cost as of 02:00 UTC, not a month: the nodes have no history yet." in lines(plan=plan)
    assert not any("not a month" in line for line in lines())


def test_the_last_line_is_the_next_command():
    assert lines()[-1] == "Next: costkit recommend -o patches/"
    assert lines(plan=plans.empty())[-1] == "Next: costkit recommend -o wide"


def test_one_namespace_needs_no_column():
    assert "NAMESPACE" not in line_with("FREES/MO", plan=plans.plan(items=(plans.api(), plans.web())))
    assert "NAMESPACE" in line_with("FREES/MO")


def test_a_terminal_cuts_the_reasons_and_never_a_name():
    rows = lines(options=Options(width=130))
    table = rows[2 : rows.index("", 2)]

    assert max(map(len, table)) <= 130
    assert "deploy/api x12" in table[1]
    assert table[1].endswith("…")


def test_a_narrow_terminal_gets_the_reasons_under_the_numbers():
    rows = lines(options=Options(width=90))
    place = next(number for number, line in enumerate(rows) if "deploy/api" in line)

    assert rows[place + 1].startswith("  cpu p98 1900m, peak 2, so 2")
    assert len(rows[place + 1]) <= 90


def test_off_a_terminal_nothing_is_cut():
    assert not any("…" in line for line in lines(options=Options(all=True)))


def test_markup_in_user_text_stays_text():
    assert plans.MARKUP in line_with("rollout/evil")
    assert plans.SCRIPT in line_with("rollout/evil", form="wide")


def test_color_is_only_there_when_asked_for():
    assert "\x1b[32mlow" in render(plans.plan(), "table", Options(color=True))
    assert "\x1b" not in render(plans.plan(), "table", Options())


def test_color_changes_no_word():
    colored = render(plans.plan(), "table", Options(color=True))

    assert re.sub(r"\x1b\[[0-9;]*m", "", colored).split() == render(plans.plan(), "table", Options()).split()


def test_yaml_is_the_same_document_as_json():
    assert yaml.safe_load(render(plans.plan(), "yaml", Options())) == json.loads(
        render(plans.plan(), "json", Options())
    )


def csv_rows(plan=None):
    return list(csv.DictReader(io.StringIO(render(plan or plans.plan(), "csv", Options()))))


def test_csv_has_every_container_with_raw_numbers():
    rows = csv_rows()

    assert [row["name"] for row in rows] == ["api", "worker", "evil", "cron-ui", "web"]
    assert rows[0]["cpu_request_cores_before"] == "8"
    assert rows[0]["memory_request_bytes_after"] == str(4608 * 2**20)
    assert rows[0]["label:cost-center"] == "1001"
    assert rows[1]["cpu_limit_cores_before"] == ""
    assert rows[4]["raises"] == "true"
    assert sum(float(row["frees_usd_month"]) for row in rows) == pytest.approx(498.6)


def test_csv_counts_the_money_of_two_containers_once():
    item = plans.api()
    workload = Target("shop", "Deployment", "pair")
    changes = tuple(Resize(workload.of(n), plans.resources("1", "1Gi"), plans.resources("1", "512Mi")) for n in "ab")
    pair = replace(item, recommendation=replace(item.recommendation, target=workload, changes=changes))
    rows = csv_rows(plans.plan(items=(pair,)))

    assert [row["container"] for row in rows] == ["a", "b"]
    assert [row["frees_usd_month"] for row in rows] == ["412.8", ""]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\t=1+1", "\r=1", "|calc", "\u200b=1"])
def test_no_cell_of_a_spreadsheet_is_a_formula(text):
    item = plans.api()
    evil = replace(item, recommendation=replace(item.recommendation, labels={"team": text}, managed_by=text))
    row = csv_rows(plans.plan(items=(evil,)))[0]

    for cell in (row["label:team"], row["managed_by"]):
        assert cell.lstrip()[0] not in "=+-@|\t\r"


def test_negative_money_stays_a_number_in_a_spreadsheet():
    assert csv_rows()[4]["frees_usd_month"] == "-9.4"


def test_names_are_those_of_kubectl():
    assert render(plans.plan(), "name", Options()).splitlines() == [
        "deployment.apps/api",
        "statefulset.apps/worker",
        "rollout.argoproj.io/evil",
        "deployment.apps/cron-ui",
        "deployment.apps/web",
    ]


def test_the_core_group_has_no_suffix():
    item = plans.api()
    target = Target("shop", "Pod", "bare", "main", "v1")
    change = replace(item.recommendation.changes[0], target=target)
    bare = replace(item, recommendation=replace(item.recommendation, target=target, changes=(change,)))

    assert render(plans.plan(items=(bare,)), "name", Options()) == "pod/bare\n"


def markdown_html(plan):
    return MarkdownIt("gfm-like", {"linkify": False}).enable("table").render(render(plan, "md", ALL))


def test_markdown_is_a_table_with_the_harmful_words_as_words():
    html = markdown_html(plans.plan())

    assert html.count("<tr>") == 6
    assert html.count("<td") == 5 * 8
    assert "alert(2)" in html
    assert re.search(r"<(script|img|a|b|em|strong class)\b", html) is None


def test_markdown_makes_no_mention_and_no_link_of_a_bare_address():
    text = render(plans.plan(), "md", ALL)

    assert "@" not in text
    assert "://" not in text
