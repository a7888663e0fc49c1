"""The page as text: what it says, and that it can neither be broken out of nor ask for anything."""

import base64
import hashlib
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from costkit.model.plan import Step
from costkit.report.inline import plotly_script
from costkit.report.page import page
from costkit.report.plain_text import UNSAFE
from tests.report import plans

TEMPLATES = Path(__file__).parents[2] / "reports" / "templates"


class Tags(HTMLParser):
    """Tags with their attributes, texts by tag, and the visible text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.scripts, self.words, self._open = [], [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._open = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, _):
        self._open = ""

    def handle_data(self, data):
        if self._open == "script":
            self.scripts[-1] += data
        elif self._open != "style":
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def html():
    return page(plans.plan(), TEMPLATES)


@pytest.fixture(scope="module")
def tags(html):
    return Tags(html)


def test_two_pages_of_one_plan_are_equal_to_the_byte(html):
    assert page(plans.plan(), TEMPLATES).encode() == html.encode()


def test_the_page_says_what_the_month_costs_and_what_is_freed_of_it(tags):
    assert "Cost of a month $1,275.12" in tags.text
    assert "Freed by the changes below $498.60 39 % of the month" in tags.text
    assert "Bill $1,275.12 stays until nodes go." in tags.text
    assert "saved" not in tags.text.lower()


def test_a_simulated_bill_stands_in_the_headline():
    text = Tags(page(plans.plan(steps=(Step("cleanup", 8.6, 0.0), Step("rightsize", 490, 280.32))), TEMPLATES)).text

    assert "Bill $994.80 if you act today; now $1,275.12" in text
    assert "cleanup $8.60 $0.00" in text


def test_one_moments_cost_is_said_not_to_be_a_month():
    plan = plans.plan(books=replace(plans.books(), basis="now", hours=0.0))

    assert "Cost as of 02:00 UTC, not a month" in Tags(page(plan, TEMPLATES)).text


def test_each_cost_label_has_a_table_with_unlabelled_and_idle(tags):
    assert "team 81 % of the allocated money carries it" in tags.text
    assert "(unlabelled) $171.40 15 % $0.00" in tags.text
    assert "(idle) $341.27 29 % $0.00" in tags.text


def test_each_change_shows_its_evidence(tags):
    assert "deploy/api \u00d7 12" in tags.text
    assert "CPU: now 8 · then 2 · p98 1900m · peak 2" in tags.text
    assert "CPU 16 → 4, memory 32Gi → 9Gi" in tags.text
    assert "Helm release shop: change its source" in tags.text


def test_what_was_left_alone_is_said_with_its_reasons(tags):
    assert "2 fine as they are, 4 declined" in tags.text
    assert "data/deploy/grow:grow rightsize memory grows 40Mi a day" in tags.text


def test_prices_name_their_source_region_date_and_doubts(tags):
    assert "aws us-east-1 2026-11-20 3 $672.77" in tags.text
    assert "us-east-1 price: af-south-1 is in no list" in tags.text
    assert "estimate in no list: unit prices stand in." in tags.text


def test_a_plan_with_nothing_to_change_says_so_and_what_to_do():
    text = Tags(page(plans.empty(), TEMPLATES)).text

    assert "Nothing to change. 0 are fine as they are and 0 were declined" in text
    assert "the coverage below says what could not be seen" in text


def test_a_cluster_without_nodes_still_has_a_page():
    nothing = replace(plans.books(), nodes=(), allocations=(), idle=0.0, volumes=0.0, load_balancers=0.0)

    assert "No node was seen" in Tags(page(replace(plans.empty(), books=nothing), TEMPLATES)).text


def test_user_text_makes_no_tag_no_attribute_and_no_script(html, tags):
    scripts = [attributes for tag, attributes in tags.tags if tag == "script"]

    assert [attributes.get("type") for attributes in scripts] == ["application/json", "text/plain", None]
    assert not [tag for tag, _ in tags.tags if tag in ("img", "iframe", "object", "embed", "b", "base")]
    assert not [name for _, attributes in tags.tags for name in attributes if name.startswith("on")]
    assert plans.SCRIPT in tags.text
    assert plans.BREAKOUT in tags.text
    assert plans.TEMPLATE in tags.text
    assert plans.SCRIPT not in html


def test_no_link_leads_out_of_the_page(tags):
    links = [value for _, attributes in tags.tags for name, value in attributes.items() if name in ("href", "src")]

    assert [link for link in links if not link.startswith("#")] == ["data:,"]


def test_control_characters_are_made_visible(html):
    assert UNSAFE.findall(html.replace("\n", "")) == []


def test_the_islands_hold_what_the_page_draws(tags):
    figures = json.loads(tags.scripts[0])

    assert list(figures) == ["chart-month", "chart-label-0", "chart-label-1", "chart-label-2"]
    assert zlib.decompress(base64.b64decode(tags.scripts[1])).decode() == plotly_script()


def test_the_policy_lets_only_our_two_scripts_run_and_nothing_be_fetched(tags):
    policy = next(a["content"] for tag, a in tags.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    digests = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in (tags.scripts[2], plotly_script())
    ]

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert rules["img-src"] == "data:"
    assert "connect-src" not in rules


def test_every_chart_has_a_table_beside_it(tags):
    charts = [attributes for tag, attributes in tags.tags if attributes.get("class") == "chart"]

    assert len(charts) == 4
    assert all("table" in chart["aria-label"] for chart in charts)


def test_tables_have_captions_and_heads_with_scopes(tags):
    names = [tag for tag, _ in tags.tags]

    assert names.count("table") == names.count("caption")
    assert all("scope" in attributes for tag, attributes in tags.tags if tag == "th")
    assert ("html", {"lang": "en"}) in tags.tags


def test_ids_are_unique_and_every_reference_has_its_target(tags):
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    wanted = [attributes["href"][1:] for tag, attributes in tags.tags if tag == "a"]
    wanted += [attributes["aria-labelledby"] for _, attributes in tags.tags if "aria-labelledby" in attributes]

    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)


def test_the_file_stays_near_two_megabytes(html):
    assert len(html.encode()) < 2_200_000


def test_a_template_that_misspells_a_name_is_an_error_and_not_a_blank(tmp_path):
    for name in ("report.js", "report.css"):
        (tmp_path / name).write_text("")
    (tmp_path / "report.html").write_text("{{ plan.fread }}")

    with pytest.raises(jinja2.UndefinedError, match="fread"):
        page(plans.plan(), tmp_path)
