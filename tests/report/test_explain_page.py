"""The page of an explanation: all that the text says, use as a picture, and deaf to what cluster users wrote."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from costkit.report.explain_page import page
from costkit.report.explain_picture import HEIGHT, pictures
from tests.report import test_page_in_browser
from tests.report.explanations import WORKLOAD, declined, explained, recommended, unseen
from tests.report.plans import SCRIPT
from tests.report.test_page import TEMPLATES, Tags

browser = test_page_in_browser.browser


@pytest.fixture(scope="module")
def html():
    return page(explained(), TEMPLATES)


def points(path):
    """(start, end, height) of each level piece of a path of steps."""
    at, y, found = 0, 0.0, []
    for command, numbers in re.findall(r"([MVH])([\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            at, y = int(values[0]), values[1]
        elif command == "V":
            y = values[0]
        else:
            found.append((at, int(values[0]), y))
            at = int(values[0])
    return found


def test_the_page_says_what_the_text_says(html):
    words = Tags(html).text

    for said in (
        "deploy/api",
        "Resize: CPU request 1 → 250m (risk low, confidence 93%)",
        "cpu p95 212m (api-7f) x 1.15 = 244m → 250m",
        "on its own 6 past weeks: 1 violated (16.7 %), use above the request 0.4 % of all use",
        "peak 400m on Sun 15 Nov 14:05 UTC in api-9d",
        "Declined (too-little-data)",
        "4.2 more days of use",
        "No series of its use was seen.",
        "mine/rightsize.yaml:3",
    ):
        assert said in words


def test_words_of_users_are_only_words(html):
    tags = Tags(html)

    assert SCRIPT in tags.text
    assert tags.scripts == []
    assert SCRIPT in Tags(page(replace(explained(), workload=replace(WORKLOAD, name=SCRIPT)), TEMPLATES)).text


def test_two_pages_are_equal_to_the_byte(html):
    assert page(explained(), TEMPLATES) == html


def test_a_line_is_at_the_height_of_its_use():
    of = recommended()
    cpu, memory = pictures(of)
    lines = {level.role: level.y for level in cpu.levels}

    assert lines["before"] == pytest.approx(HEIGHT * (1 - 1 / 1.05), abs=0.01)
    assert lines["after"] == pytest.approx(HEIGHT * (1 - 0.25 / 1.05), abs=0.01)
    steps = points(cpu.means)
    assert [(start, end) for start, end, _ in steps] == [(place, place + 1) for place in range(672)]
    for (_, _, y), mean in zip(steps, of.curves[0].means, strict=True):
        assert y == pytest.approx(HEIGHT * (1 - mean / 1.05), abs=0.01)
    assert [level.role for level in memory.levels] == ["before", "usage", "peak"]


def test_nothing_is_drawn_where_nobody_saw():
    (cpu,) = pictures(declined())

    assert min(start for start, _, _ in points(cpu.means)) == 11 * 48
    assert cpu.means.count("M") == 1
    assert cpu.peaks.count("z") == 3 * 48
    assert pictures(unseen()) == ()


def test_a_gap_parts_the_line_in_two():
    of = declined()
    holed = tuple(float("nan") if 600 <= place < 610 else value for place, value in enumerate(of.curves[0].means))
    (cpu,) = pictures(replace(of, curves=(replace(of.curves[0], means=holed),)))

    assert cpu.means.count("M") == 2


def test_the_pictures_are_sound_svg(html):
    drawn = re.findall(r"<svg.*?</svg>", html, re.DOTALL)

    assert len(drawn) == 3
    for svg in drawn:
        assert len(ET.fromstring(svg).findall("path")) == 2  # noqa: S314 - our own page


@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_offline_and_fits(browser, html, tmp_path, width, scheme):
    path = tmp_path / "explain.html"
    path.write_text(html, encoding="utf-8")
    seen = []
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab.on("request", lambda request: seen.append(request.url) if not request.url.startswith("file://") else None)
    tab.on("console", lambda message: seen.append(message.text))
    tab.goto(path.as_uri())

    assert tab.evaluate("document.documentElement.scrollWidth") == width
    lines = tab.locator(".course >> nth=0").locator("line.level")
    tops = {line.get_attribute("class"): line.bounding_box()["y"] for line in lines.all()}
    assert tops["level before"] < tops["level peak"] < tops["level after"] < tops["level usage"]
    assert tab.locator("path.means").first.bounding_box()["width"] > 0.8 * (width - 80)
    assert seen == []
    tab.close()
