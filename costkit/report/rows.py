"""`-o table|wide|json|yaml|csv|md|name`: a Plan in, the text for stdout out."""

from collections.abc import Callable, Mapping
from typing import Literal

from costkit.model.plan import Plan
from costkit.report.contract import to_json
from costkit.report.markdown import markdown
from costkit.report.names import names
from costkit.report.options import Options
from costkit.report.serialized import json_text, yaml_text
from costkit.report.spreadsheet import spreadsheet
from costkit.report.table import table, wide

Form = Literal["table", "wide", "json", "yaml", "csv", "md", "name"]

FORMS: Mapping[Form, Callable[[Plan, Options], str]] = {
    "table": table,
    "wide": wide,
    "json": lambda plan, _: json_text(to_json(plan)),
    "yaml": lambda plan, _: yaml_text(to_json(plan)),
    "csv": lambda plan, _: spreadsheet(plan),
    "md": markdown,
    "name": lambda plan, _: names(plan),
}


def render(plan: Plan, form: Form, options: Options) -> str:
    """The plan's text in one form, ended by a newline; the same bytes for the same plan and options."""
    return FORMS[form](plan, options)
