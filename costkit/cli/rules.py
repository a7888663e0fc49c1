"""`costkit rules`: which rules are in force, and whether a person's own can be followed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from costkit.cli import exits
from costkit.cli.checks import check_form, show_checks
from costkit.cli.groups import group
from costkit.cli.stdout import write_stdout
from costkit.report.grid import aligned, as_json
from costkit.settings.check import require_folder, rules_checks
from costkit.settings.in_force import rules_in_force

_HEADER = ("key", "value", "file", "line")

rules = group("rules")


@rules.command(name="list")
def list_rules(
    *,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="table or json.")] = "table",
    rules: Annotated[Path | None, Parameter(help="Folder of your own rules; what it lacks is the shipped one's.")] = (
        None
    ),
) -> int:
    """Each rule's key, its value in force, and the file and line that it comes from."""
    check_form(output)
    if rules is not None:
        require_folder(rules)
    found = [(rule.key, rule.value, rule.source, rule.line) for rule in rules_in_force(rules)]
    write_stdout(as_json("rules", _HEADER, found) if output == "json" else aligned(_HEADER, found, right=("line",)))
    return exits.DONE


@rules.command(name="check")
def check_rules(
    *,
    rules: Annotated[Path, Parameter(help="Folder of your own rules and price lists.")],
    output: Annotated[str, Parameter(name=["--output", "-o"], help="table or json.")] = "table",
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Only what is not well.")] = False,
) -> int:
    """Read every file of a folder of rules as a run would, and name what cannot be followed with its line."""
    check_form(output)
    return show_checks(list(rules_checks(rules)), output, f"the rules in {rules}", brief=quiet)
