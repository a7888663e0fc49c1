"""Where a command's result goes: stdout, a file, or a folder of patches."""

from pathlib import Path
from typing import cast, get_args

from costkit.cli.flags import TalkFlags
from costkit.cli.stdout import write_stdout
from costkit.cli.talk import one_line, say
from costkit.errors import UsageError
from costkit.model.plan import Plan
from costkit.report.options import Options
from costkit.report.rows import Form, render


def check_output(output: str) -> None:
    """UsageError for what is neither a form nor a folder, before any work is done."""
    if not output.endswith("/") and output not in get_args(Form):
        raise UsageError(
            f"-o {output!r} is no form of output",
            f"one of {', '.join(get_args(Form))}, or a folder for patches with / at its end",
        )


def show(plan: Plan, output: str, options: Options) -> None:
    write_stdout(render(plan, cast("Form", output), options))


def write_patch_folder(plan: Plan, folder: Path, group_by: str | None, talk: TalkFlags) -> None:
    """Writes the patches and says what is there and what comes next."""
    from costkit.patch.folder import write_patches
    from costkit.patch.tree import patches

    done = write_patches(patches(plan, group_by), folder)
    say(f"{folder}/: {len(done.written)} files written, {len(done.removed)} of an earlier run removed", talk)
    for path in done.kept:
        say(f"kept as it is, a person changed it: {one_line(path)}", talk)
    script = folder / "kubectl" / "apply.sh"  # lies deeper where a label groups, and is not there for raises alone
    then = f", then: sh {script}   (a dry run; APPLY=1 changes)" if script.is_file() else ""
    say(f"next: read {folder}/README.md{then}", talk)


def write_page(plan: Plan, path: Path) -> None:
    from costkit.report.files import write_whole
    from costkit.report.page import page
    from costkit.settings.shipped import templates_dir

    write_whole(path, page(plan, templates_dir()))
