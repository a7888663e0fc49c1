"""`python -m benchmarks.recorded FILE COMMAND…`: which queries a costkit command sends.

The words after `costkit` go in; the file holds (call, form) pairs as JSON, in the order sent.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from costkit.cli.app import run
from costkit.connect.answers import Answer
from costkit.connect.prometheus import Prometheus

Asked = tuple[str, dict[str, str]]
_SEND = "_ask"


def recorded(words: Sequence[str], file: Path) -> list[Asked]:
    """In a process of its own: what it uses of memory is not counted as this one's."""
    subprocess.run([sys.executable, "-m", "benchmarks.recorded", str(file), *words], check=True)
    return [(call, form) for call, form in json.loads(file.read_text())]


def listen(file: Path, words: list[str]) -> int:
    """The command's exit code."""
    asked: list[Asked] = []
    send = getattr(Prometheus, _SEND)

    def heard(self: Prometheus, call: str, form: Mapping[str, str]) -> Answer:
        asked.append((call, dict(form)))
        answer: Answer = send(self, call, form)
        return answer

    setattr(Prometheus, _SEND, heard)
    code = run(words)
    file.write_text(json.dumps(asked))
    return code


if __name__ == "__main__":
    sys.exit(listen(Path(sys.argv[1]), sys.argv[2:]) not in (0, 3))
