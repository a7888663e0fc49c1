"""`python -m benchmarks.floor FOLDER`: a night's collect of 10,000 containers beside the least that it could take.

An empty folder goes in; one line a measurement comes out. The floor: the very queries that collect sends, two in
flight, each answer decoded by msgspec into plain Python objects, and nothing else. Both run in turn, each a process of
its own, against one Prometheus that keeps a sample a minute.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import msgspec
import urllib3

from benchmarks.fleet import END, Fleet
from benchmarks.measure import MEBIBYTE, measure
from benchmarks.recorded import recorded
from tests.bed import exposition
from tests.bed.bare import Bare
from tests.bed.prometheus import Prometheus

RUNS = 3
IN_FLIGHT = 2
"""As many queries as costkit has on their way at once."""
FLEET = Fleet(pods=5_000, containers=("main", "helper"), days=1.1)


def pull(url: str, asked: list[list[object]]) -> None:
    """The floor."""
    http = urllib3.PoolManager(maxsize=IN_FLIGHT)

    def one(call: str, form: dict[str, str]) -> int:
        body = http.request("POST", f"{url}/api/v1/{call}", fields=form, encode_multipart=False).data
        return len(msgspec.json.decode(body)["data"]["result"])

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        sum(pool.map(lambda pair: one(*pair), asked))


def collect(url: str, kubeconfig: Path, history: Path) -> list[str]:
    where = ["--kubeconfig", str(kubeconfig), "--prometheus-url", url, "--at", str(END)]
    kept = ["--history", str(history), "--window", "1d", "-o", str(history.with_suffix(".zip"))]
    return [sys.executable, "-m", "costkit", "collect", "-q", *where, *kept]


def resident(pid: int) -> float:
    """MiB of a process's largest resident set."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main(folder: Path) -> None:
    start = time.perf_counter()
    written = exposition.write(FLEET.scene(), folder)
    with Bare.start(folder / "bare") as bare, Prometheus.start(folder / "prometheus", written) as prometheus:
        written.unlink()
        FLEET.write(bare)
        print(f"{FLEET.pods} pods written and back-filled in {time.perf_counter() - start:.0f} s", flush=True)
        kubeconfig = bare.reader(folder / "kubeconfig")
        asked = folder / "asked.json"
        queries = recorded(collect(prometheus.url, kubeconfig, folder / "first")[3:], asked)
        pairs = []
        for number in range(RUNS):
            ours = measure(collect(prometheus.url, kubeconfig, folder / f"history-{number}"))
            floor = measure([sys.executable, "-m", "benchmarks.floor", "--pull", prometheus.url, str(asked)])
            pairs.append((ours.seconds, floor.seconds))
            print(
                f"collect {ours.seconds:.1f} s, peak {ours.peak / MEBIBYTE:.0f} MiB, exit {ours.code}; "
                f"floor {floor.seconds:.1f} s, peak {floor.peak / MEBIBYTE:.0f} MiB; "
                f"ratio {ours.seconds / floor.seconds:.2f}",
                flush=True,
            )
        print(
            f"median ratio {median(a / b for a, b in pairs):.2f}; {len(queries)} queries, "
            f"{len(queries) / FLEET.pods / len(FLEET.containers):.4f} a container"
        )
        print(f"Prometheus' own memory: {resident(prometheus.process.pid):.0f} MiB")
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1] == "--pull":
        pull(sys.argv[2], json.loads(Path(sys.argv[3]).read_text()))
    else:
        main(Path(sys.argv[1]))
