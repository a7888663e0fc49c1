"""Where a command's result goes: stdout, a file, or a folder of patches."""

import os
import shutil
from pathlib import Path
from typing import cast, get_args

from costkit.cli.flags import PlanFlags, RowFlags, TalkFlags
from costkit.cli.stdout import on_terminal, write_stdout
from costkit.cli.talk import one_line, say
from costkit.errors import UsageError
from costkit.model.plan import Plan
from costkit.report.options import Options
from costkit.report.rows import Form, render
from costkit.settings.numbers import share


def check_output(output: str) -> None:
    """UsageError for what is neither a form nor a folder, before any work is done."""
    if not output.endswith("/") and output not in get_args(Form):
        raise UsageError(
            f"-o {output!r} is no form of output",
            f"one of {', '.join(get_args(Form))}, or a folder for patches with / at its end",
        )
    if output.endswith("/") and Path(output).resolve() == Path(output).resolve().parent:
        raise UsageError(f"-o {output} is the root of the file system", "name a folder of its own, such as patches/")


def check_file(path: Path, *others: Path | None, flag: str = "-o") -> None:
    """UsageError where an output is a folder, or one of the files that are read or written beside it, before any work
    is done."""
    if path.is_dir():
        raise UsageError(f"{flag} {path} is a folder", f"name a file, such as {path / 'report.html'}")
    if any(other is not None and other.resolve() == path.resolve() for other in others):
        raise UsageError(f"{flag} {path} would write over another file of this command", "name a file of its own")


def check_folder(path: Path, history: str) -> None:
    """UsageError where a night's output would lie among the history's own files."""
    if path.resolve().is_relative_to(Path(history).resolve()):
        raise UsageError(f"-o {path} lies in the history", "name a folder of its own beside it")


def table_options(plan: PlanFlags, rows: RowFlags) -> Options:
    """UsageError for a --min-change that is no share. A terminal sets the width; NO_COLOR is heeded."""
    if rows.top < 0:
        raise UsageError(f"--top {rows.top} is no number of rows", "0 shows raises alone, --all shows every row")
    terminal = on_terminal()
    return Options(
        top=rows.top,
        all=rows.all,
        minimum_saving=Options().minimum_saving if plan.min_saving is None else plan.min_saving,
        minimum_change=_minimum_change(rows.min_change),
        width=shutil.get_terminal_size().columns if terminal else None,
        color=terminal and not os.environ.get("NO_COLOR"),
    )


def _minimum_change(text: str) -> float:
    try:
        least = share(text)
    except ValueError:
        least = -1.0
    if not least >= 0:  # as NaN is not, either
        raise UsageError(f"--min-change {text!r} is not a share", "write it as 10%")
    return least


def is_empty(plan: Plan) -> bool:
    """Whether no workload was looked at: not even a finding that all is fine."""
    return not (plan.items or plan.fine or plan.declined)


def nothing_found(flags: PlanFlags) -> str:
    """As kubectl says it."""
    where = f" in namespace {flags.namespace}" if flags.namespace and not flags.all_namespaces else ""
    labels = f" with the labels {flags.selector}" if flags.selector else ""
    return one_line(f"no workloads found{where}{labels}")


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
