"""The page of a back-test: its pictures and tables, offline, in both schemes, and deaf to what a note holds."""

import pytest

from costkit.report.backtest_page import backtest_page
from tests.report import backtests, plans, test_page_in_browser
from tests.report.test_page import TEMPLATES, Tags

browser = test_page_in_browser.browser


@pytest.fixture(scope="module")
def html():
    return backtest_page(backtests.backtest(), TEMPLATES)


@pytest.fixture(scope="module")
def tags(html):
    return Tags(html)


def test_two_pages_of_one_back_test_are_equal_to_the_byte(html):
    assert backtest_page(backtests.backtest(), TEMPLATES) == html


def test_each_resource_has_two_pictures_and_a_table_of_every_rule(tags):
    names = [tag for tag, _ in tags.tags]
    assert (names.count("svg"), names.count("table"), names.count("caption")) == (4, 2, 2)
    assert "CPU: realized is the share of weeks" in tags.text
    assert "costkit 10 % 10.6 % 13.8 %" in tags.text
    assert "p98.5 none 9.3 %" in tags.text
    assert all("scope" in attributes for tag, attributes in tags.tags if tag == "th")


def test_a_picture_has_its_words_a_dot_a_rule_and_the_diagonal(tags):
    pictures = [attributes for tag, attributes in tags.tags if tag == "svg"]
    assert "costkit, promised 10 %: realized 10.6 %" in pictures[0]["aria-label"]
    assert "Beyond the pictures: p90 41.0 %" in tags.text
    dots = [attributes["class"] for tag, attributes in tags.tags if tag == "circle"]
    assert len(dots) == 2 * (len(backtests.SCORES) - 1 + len(backtests.MEMORY))
    lines = [attributes["class"] for tag, attributes in tags.tags if tag == "polyline"]
    assert lines == ["kept", "percentile", "costkit", "kept", "costkit"]


def test_nothing_is_fetched_no_script_runs_and_a_note_is_words(html, tags):
    policy = next(a["content"] for tag, a in tags.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src ;")
    assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in tags.tags}
    links = [value for _, attributes in tags.tags for name, value in attributes.items() if name in ("href", "src")]
    assert links == ["data:,"]
    assert plans.BREAKOUT in tags.text
    assert plans.BREAKOUT not in html


def test_a_back_test_without_a_week_says_what_is_needed():
    text = Tags(backtest_page(backtests.empty(), TEMPLATES)).text
    assert "No week to try a rule on" in text
    assert "14 days before its first week" in text


COLORS = {
    "light": ("rgb(246, 247, 249)", "rgb(18, 144, 138)"),
    "dark": ("rgb(17, 21, 27)", "rgb(47, 181, 169)"),
}


@pytest.mark.parametrize("scheme", COLORS)
def test_a_browser_draws_it_in_the_readers_colors_and_asks_for_nothing(browser, html, tmp_path, scheme):
    path = tmp_path / "backtest.html"
    path.write_text(html, encoding="utf-8")
    seen = []
    tab = browser.new_page(color_scheme=scheme)
    tab.on("request", lambda request: seen.append(request.url) if not request.url.startswith("file://") else None)
    tab.on("console", lambda message: seen.append(message.text))
    tab.goto(path.as_uri())

    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    dot = tab.evaluate("getComputedStyle(document.querySelector('circle.costkit')).fill")
    assert (ground, dot) == COLORS[scheme]
    assert tab.locator("svg").first.bounding_box()["width"] > 400
    assert seen == []


def test_the_page_fits_a_phone(browser, html, tmp_path):
    path = tmp_path / "backtest.html"
    path.write_text(html, encoding="utf-8")
    tab = browser.new_page(viewport={"width": 400, "height": 800})
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == 400
