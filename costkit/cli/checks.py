"""What commands that only check have in common: their forms of output, and how they end."""

from collections.abc import Sequence

from costkit.cli import exits
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import complain
from costkit.errors import UsageError
from costkit.model.checkup import Check
from costkit.report.checkup import checks_json, lines

_FORMS = ("table", "json")


def check_form(output: str, forms: Sequence[str] = _FORMS) -> None:
    """UsageError for what is no form of output, before any work is done."""
    if output not in forms:
        raise UsageError(f"-o {output!r} is no form of output", f"one of {', '.join(forms)}")


def show_checks(checks: Sequence[Check], output: str, of: str, *, brief: bool) -> int:
    """The exit code: USAGE, with one line that counts them, where files `of` a kind cannot be followed."""
    write_stdout(checks_json(checks) if output == "json" else lines(checks, brief=brief))
    bad = sum(check.level == "FAIL" for check in checks)
    if not bad:
        return exits.DONE
    complain(UsageError(f"{bad} of {len(checks)} checks of {of} failed", "mend what stands under FAIL"))
    return exits.USAGE
