"""`python -m benchmarks.replay URL FILE WORKERS`: FILE's queries once more, so many at a time, each answer decoded.

FILE holds what `recorded` writes; msgspec makes plain Python objects of an answer. Any answer but a 200 ends it. A
process of its own, so that client beside client is measured alike.
"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import urllib3

from benchmarks.measure import FailedError
from benchmarks.recorded import Asked


def command(url: str, file: Path, workers: int) -> list[str]:
    return [sys.executable, "-m", "benchmarks.replay", url, str(file), str(workers)]


def replay(url: str, asked: Sequence[Asked], workers: int, *, decodes: bool) -> int:
    """Bytes of all answers, which are thrown away."""
    http = urllib3.PoolManager(maxsize=workers)

    def one(call: str, form: dict[str, str]) -> int:
        answer = http.request("POST", f"{url}/api/v1/{call}", fields=form, encode_multipart=False)
        if answer.status != 200:
            raise FailedError(f"{answer.status} {answer.data[:300]!r} to {form}")
        if decodes:
            msgspec.json.decode(answer.data)
        return len(answer.data)

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(lambda pair: one(*pair), asked))


if __name__ == "__main__":
    to, queries, at_once = sys.argv[1:]
    replay(to, json.loads(Path(queries).read_text()), int(at_once), decodes=True)
