"""The command line: commands by name, values from flags, COSTKIT_* and a YAML file, errors as two lines."""

import sys
import traceback

from cyclopts import App, CycloptsError
from cyclopts.config import Env, Yaml

from costkit import __version__
from costkit.cli import exits
from costkit.cli.config import config_file
from costkit.cli.flags import TalkFlags
from costkit.cli.talk import complain, one_line, set_logs
from costkit.errors import CostkitError, FailedError, UsageError

_HELP = "Find the waste in a Kubernetes cluster, prove it from its history, hand over changes that are safe to apply."
_COMMANDS = {
    "recommend": "What should be changed: as a table, as data, or as patch files.",
    "report": "Cost and savings by team and other labels: one HTML file that needs no network.",
    "collect": "One snapshot file of the cluster and its metrics, to run the others from.",
    "demo": "The whole tool on a made-up platform; no cluster is needed.",
}
"""Name -> help. A command's module is imported when it is called: `--help` answers at once."""


def run(words: list[str]) -> int:
    """The exit code of one call; nothing is raised."""
    debug = "--debug" in words
    try:
        rest, file = config_file(words)
        return _call(_app(file), rest)
    except CostkitError as error:
        return _failed(error, debug=debug)
    except BrokenPipeError:
        # the reader of stdout has gone (`| head`): what it wanted it has
        sys.stderr.close()
        return exits.DONE
    except KeyboardInterrupt:
        return _failed(FailedError("interrupted", "nothing was left half-written"), debug=debug)
    except Exception as error:
        defect = FailedError(
            f"this is a defect of costkit: {type(error).__name__}: {error}",
            "please report it with the output of --debug",
        )
        return _failed(defect, debug=debug)


def _app(file: "list[Env | Yaml]") -> App:
    app = App(name="costkit", version=__version__, help=_HELP, help_format="plaintext", config=file)
    for name, words in _COMMANDS.items():
        app.command(f"costkit.cli.{name}:{name}", name=name, help=words)
    return app


def _call(app: App, words: list[str]) -> int:
    try:
        command, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False, help_on_error=False)
    except CycloptsError as error:
        raise UsageError(_told(error), _help_of(words)) from error
    talk = bound.arguments.get("talk")
    set_logs(talk if isinstance(talk, TalkFlags) else TalkFlags())
    code = command(*bound.args, **bound.kwargs)
    return code if isinstance(code, int) else exits.DONE


def _told(error: CycloptsError) -> str:
    return " ".join(one_line(str(error)).split())


def _help_of(words: list[str]) -> str:
    command = next((word for word in words if word in _COMMANDS), "")
    return f"costkit {command} --help lists what it takes".replace("  ", " ")


def _failed(error: CostkitError, *, debug: bool) -> int:
    if debug:
        traceback.print_exc(file=sys.stderr)
    complain(error)
    return error.exit_code
