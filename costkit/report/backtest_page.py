"""A back-test as one HTML file that needs no network and runs no script: pictures, and the same in tables."""

from pathlib import Path

from costkit import __version__
from costkit.model.backtest import Backtest
from costkit.report import backtest_chart as chart
from costkit.report.backtest_cells import HEADER, LEGEND, NO_WEEK, sections
from costkit.report.environment import environment
from costkit.report.inline import content_policy

_STYLES = ("report.css", "backtest.css")


def backtest_page(made: Backtest, templates: Path) -> str:
    """The whole file as text; the same back-test gives the same bytes."""
    parts = [(part, chart.promised(part.records), chart.price(part.records)) for part in sections(made)]
    context = {
        "made": made,
        "version": __version__,
        "policy": content_policy(()),
        "style": "".join((templates / name).read_text(encoding="utf-8") for name in _STYLES),
        "parts": parts,
        "chart": chart,
        "header": HEADER,
        "legend": LEGEND,
        "no_week": NO_WEEK,
    }
    return environment(templates).get_template("backtest.html").render(context)
