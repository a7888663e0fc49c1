"""One part of a checkup, run so that whatever it raises is a line like the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from costkit.connect.kube import ListError
from costkit.errors import CostkitError
from costkit.model.checkup import Check, Job


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost where a part fails."""

    text: str
    stops: tuple[Job, ...] = ()


def ran(group: str, name: str, loss: Loss, part: Callable[[], Iterable[Check]]) -> tuple[Check, ...]:
    """The part's checks; one FAIL where it raises."""
    try:
        return tuple(part())
    except CostkitError as error:
        found, fix = error.message, error.hint
    except ListError as error:
        found, fix = error.reason, "see what the API server says (kubectl auth can-i --list)"
    except Exception as error:
        found = f"this is a defect of costkit: {type(error).__name__}: {error}"
        fix = "please report it with the output of --debug"
    return (Check(group, name, "FAIL", found, loss.text, fix, loss.stops),)
