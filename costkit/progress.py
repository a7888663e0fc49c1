"""How a stage says how far it is; whoever runs the stage decides where that is shown."""

from typing import Protocol


class Progress(Protocol):
    def begin(self, task: str, total: int) -> None:
        """A task of `total` steps starts; the one before it has ended."""

    def advance(self, detail: str = "") -> None:
        """One step is done; `detail` names it."""

    def end(self) -> None:
        """Nothing is running any more."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, task: str, total: int) -> None:
        del task, total

    def advance(self, detail: str = "") -> None:
        del detail

    def end(self) -> None:
        return
