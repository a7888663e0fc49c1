"""`costkit explain -o html`: the same as the text with use drawn as a line; one file that needs no network."""

from pathlib import Path

from costkit import __version__
from costkit.model.explained import Explained
from costkit.report import explain_words, moments
from costkit.report.environment import environment
from costkit.report.explain_picture import pictures
from costkit.report.inline import content_policy


def page(explained: Explained, templates: Path) -> str:
    """The whole file as text. A broken template raises jinja2's own error, which names its file and line."""
    made = environment(templates)
    made.filters |= {
        "day": moments.day,
        "timestamp": moments.timestamp,
        "pictures": pictures,
        "verdict": explain_words.verdict,
        "reasons": explain_words.reasons,
        "record": explain_words.record,
    }
    style = "".join((templates / name).read_text(encoding="utf-8") for name in ("report.css", "explain.css"))
    return made.get_template("explain.html").render(
        explained=explained, version=__version__, style=style, policy=content_policy(())
    )
