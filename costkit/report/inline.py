"""What a page carries inside itself instead of fetching it: Plotly's script, packed, and a policy that allows no more.

The policy names each script by its digest: a script that is not ours does not run, even if one got into the page.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def plotly_script() -> str:
    """plotly.min.js as the plotly package ships it (4.8 MB)."""
    return files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")


@cache
def packed_plotly() -> str:
    """The same as base64 of zlib data (2.0 MB): browsers unpack it (DecompressionStream, `deflate`)."""
    return base64.b64encode(zlib.compress(plotly_script().encode(), 9)).decode()


def content_policy(scripts: Iterable[str]) -> str:
    """A Content-Security-Policy under which these inline scripts run, styles apply, and nothing is ever requested."""
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    rules = ("default-src 'none'", f"script-src {allowed}", "style-src 'unsafe-inline'", "img-src data:")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
