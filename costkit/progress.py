"""How a stage says how far it is; whoever runs the stage decides where that is shown."""

from typing import Protocol


class Progress(Protocol):
    def begin(self, task: str, total: int) -> None:
        """A task of `total` steps starts; the one before it has ended."""

    def note(self, detail: str) -> None:
        """What is being done of the step that runs."""

    def advance(self, share: float) -> None:
        """So much of a step is done; the shares of a step add up to 1."""

    def end(self) -> None:
        """Nothing is running any more."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, task: str, total: int) -> None:
        del task, total

    def note(self, detail: str) -> None:
        del detail

    def advance(self, share: float) -> None:
        del share

    def end(self) -> None:
        return
