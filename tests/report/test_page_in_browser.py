"""The page as a browser shows it: offline, calm, and deaf to what cluster users wrote."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from costkit.report.page import page
from tests.report import plans
from tests.report.test_page import TEMPLATES

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SOURCE = "#table tbody tr:not([hidden]) th"


@pytest.fixture(scope="module")
def browser():
    """Chromium, the one system program that these tests need: a gap on a laptop, an error in CI."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None and os.environ.get("CI") == "true":
        pytest.fail("chromium is not installed")
    if program is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open the page of a plan. After the test: nothing was requested, nothing was said, nothing of others ran."""
    seen = []

    def opened(plan=None, **context):
        path = tmp_path / "report.html"
        path.write_text(page(plan or plans.plan(), TEMPLATES), encoding="utf-8")
        tab = browser.new_page(**context)
        tab.on("request", lambda request: seen.append(request.url) if not request.url.startswith("file://") else None)
        tab.on("console", lambda message: seen.append(message.text))
        tab.on("pageerror", lambda error: seen.append(str(error)))
        tab.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
        tab.goto(path.as_uri())
        return tab

    yield opened
    assert seen == []


@pytest.fixture
def drawn(show):
    """The same, with its charts drawn."""

    def opened(*args, **context):
        tab = show(*args, **context)
        tab.wait_for_selector("html[data-charts=drawn]", state="attached", timeout=30_000)
        return tab

    return opened


def workloads(tab):
    return [text.split(" ")[0] for text in tab.locator(SOURCE).all_inner_texts()]


def test_charts_are_drawn_from_the_file_alone_and_hostile_labels_are_words_in_them(drawn):
    tab = drawn()

    assert tab.locator(".chart .bars .point").count() > 8
    assert "<script>alert(1)</script"[:23] in "".join(tab.locator(".chart .ytick").all_text_contents())
    assert tab.locator(".chart a").count() == 0
    assert tab.evaluate("document.scripts.length") == 4


def test_every_part_of_a_bar_has_its_color_and_the_freed_part_its_hatching(drawn):
    tab = drawn(color_scheme="light")
    fills = tab.locator("#chart-month .point path").evaluate_all("paths => paths.map(path => path.style.fill)")
    hatched = tab.locator("#chart-month pattern > *").evaluate_all("parts => parts.map(p => getComputedStyle(p).fill)")

    assert fills[0] == "rgb(143, 160, 181)"
    assert fills[1].startswith("url(")
    assert hatched[0] == "rgb(18, 144, 138)"
    assert len({*fills}) == 5


def test_a_label_with_markup_is_shown_as_it_was_written(drawn):
    groups = tuple(replace(g, value="<b>hi</b> & <i>") if g.value == plans.SCRIPT else g for g in plans.groups())
    tab = drawn(plans.plan(groups=groups))

    assert "<b>hi</b> & <i>" in tab.locator("#chart-label-0 .ytick").all_text_contents()


def test_a_script_that_gets_into_the_page_does_not_run(show, browser, tmp_path):
    show()
    path = tmp_path / "broken.html"
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    path.write_text(html.replace("<main>", "<main><script>window.ran = 1</script><p onclick='window.ran = 1' id=p>x"))
    guest = browser.new_page()
    guest.goto(path.as_uri())
    guest.click("#p")

    assert guest.evaluate("window.ran === undefined")


def test_a_column_sorts_both_ways_and_says_so(show):
    tab = show()
    assert workloads(tab) == ["deploy/api", "sts/worker", "rollout/evil", "deploy/cron-ui", "deploy/web"]

    tab.click("#table th:nth-child(3) button")
    assert workloads(tab)[0] == "rollout/evil"
    assert tab.locator("#table th[aria-sort]").all_inner_texts() == ["Workload"]
    assert tab.get_attribute("#table th:nth-child(3)", "aria-sort") == "ascending"

    tab.click("#table th:nth-child(1) button")
    assert workloads(tab)[-1] == "deploy/web"
    tab.click("#table th:nth-child(1) button")
    assert workloads(tab)[0] == "deploy/web"
    assert tab.get_attribute("#table th:nth-child(1)", "aria-sort") == "ascending"


def test_columns_of_sizes_sort_by_number_and_not_by_letter(show):
    tab = show()
    tab.click("#table th:nth-child(5) button")

    assert workloads(tab)[:2] == ["deploy/api", "rollout/evil"]
    assert workloads(tab)[-1] == "deploy/web"


def test_words_filter_the_rows_and_the_count_follows(show):
    tab = show()
    tab.fill("#search", "shop HELM")

    assert workloads(tab) == ["sts/worker"]
    assert tab.inner_text("#count") == "1 of 5 changes, freeing $61.20 a month."


def test_risk_and_label_filter_together_even_by_a_hostile_value(show):
    tab = show()
    tab.select_option("[data-filter=label0]", plans.SCRIPT)
    assert workloads(tab) == ["rollout/evil"]

    tab.select_option("[data-filter=risk]", "low")
    assert workloads(tab) == []
    assert tab.is_visible("#none")
    assert tab.inner_text("#count") == "0 of 5 changes, freeing $0.00 a month."


def test_the_page_fits_a_phone(drawn):
    tab = drawn(viewport={"width": 400, "height": 800})

    assert tab.evaluate("document.documentElement.scrollWidth") == 400


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_follow_the_reader_in_page_and_charts(drawn, scheme):
    tab = drawn(color_scheme=scheme)
    ground, words = {
        "light": ("rgb(246, 247, 249)", "rgb(28, 36, 48)"),
        "dark": ("rgb(17, 21, 27)", "rgb(229, 233, 239)"),
    }[scheme]

    expect(tab.locator("body")).to_have_css("background-color", ground)
    expect(tab.locator(".chart text").first).to_have_css("fill", words)


def test_charts_change_color_with_the_reader(drawn):
    tab = drawn(color_scheme="light")
    tab.emulate_media(color_scheme="dark")

    expect(tab.locator(".chart text").first).to_have_css("fill", "rgb(229, 233, 239)")


def test_paper_gets_what_is_behind_the_summaries(show):
    tab = show()
    assert not tab.is_visible("text=memory grows 40Mi a day")

    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.is_visible("text=memory grows 40Mi a day")
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not tab.is_visible("text=memory grows 40Mi a day")


def test_without_scripts_the_tables_still_say_it_all(browser, tmp_path):
    path = Path(tmp_path / "report.html")
    path.write_text(page(plans.plan(), TEMPLATES), encoding="utf-8")
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto(path.as_uri())

    assert tab.locator("#table tbody tr").count() == 5
    assert not tab.is_visible("#filters")
    tab.click("#table summary >> nth=0")
    assert tab.is_visible("text=CPU: now 8 · then 2 · p98 1900m · peak 2")


def test_a_browser_that_cannot_unpack_keeps_the_tables(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page(plans.plan(), TEMPLATES), encoding="utf-8")
    tab = browser.new_page()
    tab.add_init_script("delete globalThis.DecompressionStream")
    tab.goto(path.as_uri())
    tab.locator(".chart").first.wait_for(state="detached")

    assert tab.locator("#labels table").count() == 3


def test_an_empty_plan_opens_without_an_error(drawn):
    assert "Nothing to change" in drawn(plans.empty()).inner_text("#changes")
