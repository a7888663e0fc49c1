"""stderr: progress, logs and the last two lines of a failure. stdout is for data alone."""

import logging
import sys
import time
import warnings
from threading import Event, Thread

from costkit.cli.flags import TalkFlags
from costkit.errors import CostkitError
from costkit.progress import Progress, Silent

_EVERY = 10.0
"""Seconds between lines of progress where there is no terminal."""


class Bar:
    """Progress on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[now]}"),
        )
        console = Console(stderr=True)
        self._rich = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)

    def begin(self, task: str, total: int) -> None:
        self._rich.start()
        for old in self._rich.task_ids:
            self._rich.remove_task(old)
        self._rich.add_task(task, total=total, now="")

    def note(self, detail: str) -> None:
        self._rich.update(self._rich.task_ids[-1], now=detail)

    def advance(self, share: float) -> None:
        self._rich.advance(self._rich.task_ids[-1], share)

    def end(self) -> None:
        self._rich.stop()


class Lines:
    """Progress in a log: a line every ten seconds, whether or not anything moves."""

    def __init__(self, every: float = _EVERY) -> None:
        self._every = every
        self._task, self._total, self._done, self._now = "", 0, 0.0, ""
        self._ended = Event()

    def begin(self, task: str, total: int) -> None:
        self._task, self._total = task, total
        Thread(target=self._speak, daemon=True).start()

    def note(self, detail: str) -> None:
        self._now = detail

    def advance(self, share: float) -> None:
        self._done += share

    def end(self) -> None:
        self._ended.set()

    def _speak(self) -> None:
        began = time.monotonic()
        while not self._ended.wait(self._every):
            spent = time.monotonic() - began
            left = f", {spent * (self._total - self._done) / self._done:.0f} s left" if self._done else ""
            say(f"{self._task}: {self._done:.1f} of {self._total}{left}; {self._now or 'waiting'}")


def progress(flags: TalkFlags) -> Progress:
    if flags.quiet or flags.no_progress:
        return Silent()
    return Bar() if sys.stderr.isatty() else Lines()


def set_logs(flags: TalkFlags) -> None:
    """Structured lines on stderr: warnings, or with -v every query and list, with -vv every HTTP request too.

    What client libraries log and warn of ends as an error of ours, or does not matter; their lines are nobody's format.
    """
    import structlog

    logging.getLogger().addHandler(logging.NullHandler())
    if not flags.debug:
        warnings.simplefilter("ignore")

    _show_requests(shown=flags.very_verbose)
    level = "debug" if flags.verbose or flags.very_verbose else "error" if flags.quiet else "warning"
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        processors=[structlog.processors.add_log_level, structlog.processors.KeyValueRenderer(key_order=["event"])],
    )


class _Requests(logging.Handler):
    """What the HTTP library says of each request (address and status, no headers), as a line of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        tell("http", line=record.getMessage())


def _show_requests(*, shown: bool) -> None:
    requests = logging.getLogger("urllib3.connectionpool")
    requests.handlers = [_Requests()] if shown else []
    requests.setLevel(logging.DEBUG if shown else logging.NOTSET)


def tell(event: str, **facts: object) -> None:
    """A line of the log that -v shows."""
    import structlog

    structlog.get_logger().debug(event, **facts)


def say(line: str, flags: TalkFlags | None = None) -> None:
    if flags is None or not flags.quiet:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def complain(error: CostkitError) -> None:
    """The two lines in which everything that goes wrong ends."""
    sys.stderr.write(f"error: {one_line(error.message)}\nhelp: {one_line(error.hint)}\n")
    sys.stderr.flush()


def one_line(text: str) -> str:
    """Nothing in a message, whoever wrote it, breaks a line or moves a cursor."""
    return "".join(c if c.isprintable() else " " for c in text)
