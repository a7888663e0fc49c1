"""The command line: commands by name, values from flags, COSTKIT_* and a YAML file, errors as two lines."""

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from cyclopts import App, CycloptsError, Parameter

from costkit import __version__
from costkit.cli import exits
from costkit.cli.clash import refuse_clash
from costkit.cli.config import File, config_file
from costkit.cli.flags import TALK
from costkit.cli.talk import complain, one_line, set_logs, tell
from costkit.errors import CostkitError, FailedError, UsageError

_HELP = "Find the waste in a Kubernetes cluster, prove it from its history, hand over changes that are safe to apply."
_EPILOGUE = "Any flag may stand as COSTKIT_FLAG in the environment, or in costkit.yaml (another file: --config FILE)."
COMMANDS = {
    "recommend": "What should be changed: as a table, as data, or as patch files.",
    "explain": "Why one workload is sized as it is, or is not: its use, every factor, what would change it.",
    "report": "Cost and savings by team and other labels: one HTML file that needs no network.",
    "nightly": "Everything that a night's run does, into a folder and a history.",
    "collect": "One snapshot file of the cluster and its metrics, to run the others from.",
    "doctor": "What works here and what is lost by what does not: rights, metrics, clocks, prices.",
    "history": "What is kept of days and runs, whether it is whole, and what is too old.",
    "backtest": "How the rules would have done on past weeks that they had not seen, beside other tools' rules.",
    "prices": "The prices of nodes that are in force, and whether your own can be followed.",
    "rules": "The rules that are in force, and whether your own can be followed.",
    "demo": "The whole tool on a made-up platform; no cluster is needed.",
}
"""Name -> help. A command's module is imported when it is called: `--help` answers at once. Some are groups."""

_GROUPS = ("history", "prices", "rules")


def run(words: list[str]) -> int:
    """The exit code of one call; nothing is raised."""
    try:
        rest, file = config_file(words)
        return _call(build(file), rest, file)
    except CostkitError as error:
        return _failed(error)
    except BrokenPipeError:
        return exits.DONE  # the reader of stdout has gone (`| head`): what it wanted it has
    except KeyboardInterrupt:
        return _failed(FailedError("interrupted", "nothing was left half-written; run it again"))
    except Exception as error:
        hint = "please report it with the output of --debug"
        return _failed(FailedError(f"this is a defect of costkit: {type(error).__name__}: {error}", hint))


def build(file: File) -> App:
    """All commands; a command's values come from its flags, then from the environment, then from the file."""
    name = "kubectl costkit" if Path(sys.argv[0]).name.startswith("kubectl-") else "costkit"
    app = App(
        name=name,
        version=__version__,
        help=_HELP,
        help_epilogue=_EPILOGUE,
        help_format="plaintext",
        config=file.sources(),
        default_parameter=Parameter(show_env_var=False),
    )
    for command, words in COMMANDS.items():
        app.command(f"costkit.cli.{command}:{command}", name=command, help=words)
    return app


def leaves(app: App, group: str = "") -> Iterator[tuple[str, App]]:
    """Every command that does something, by its name: those of a group (`prices list`), not the group."""
    for name in app:
        if not name.startswith("-"):
            command, whole = app[name], f"{group} {name}".strip()
            yield from leaves(command, whole) if command.default_command is None else [(whole, command)]


def _call(app: App, words: list[str], file: File) -> int:
    try:
        command, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False, help_on_error=False)
    except CycloptsError as error:
        raise UsageError(_told(error), _help_of(words)) from error
    if not command.__module__.startswith("costkit."):  # the help or the version: cyclopts' own
        command(*bound.args, **bound.kwargs)
        return exits.DONE
    file.check(command for _, command in leaves(app))
    refuse_clash(words)
    talk = bound.arguments.get("talk", TALK)
    set_logs(talk)
    began = monotonic()
    try:
        code: int = command(*bound.args, **bound.kwargs)
    except Exception:
        if talk.debug:
            traceback.print_exc(file=sys.stderr)
        raise
    tell("done", seconds=round(monotonic() - began, 3), code=code)
    return code


def _told(error: CycloptsError) -> str:
    return " ".join(one_line(str(error)).split())


def _help_of(words: list[str]) -> str:
    """Of the command, or of the one of a group."""
    at = next((i for i, word in enumerate(words) if word in COMMANDS), len(words))
    command = words[at : at + 1]
    if command and command[0] in _GROUPS:
        command = [word for word in words[at : at + 2] if not word.startswith("-")]
    return " ".join(["costkit", *command, "--help lists what it takes"])


def _failed(error: CostkitError) -> int:
    complain(error)
    return error.exit_code
