"""`python -m benchmarks.usage_alone FILE WORDS…`: costkit as if Prometheus had CPU, memory and whose they are alone.

All of the product's code runs, a whole `costkit collect` most often. A query that is not in ASKED is not sent: it has
no series, as on a server that lacks its metric. FILE then holds the queries that were sent.
"""

import sys
from pathlib import Path

from benchmarks.recorded import listen
from costkit.collect import queries as q
from costkit.collect.fetch import Fetcher
from costkit.collect.queries import Query

ASKED = {query.name for query in (*q.PODS, *q.USAGE, q.NAMESPACES)} | {"node_seen", "node_labels", "node_allocatable"}
"""Usage; which pods ran, whose and until when; how many a namespace has; the class of each node."""


def restrict() -> None:
    has = Fetcher.has

    def knows(self: Fetcher, query: Query) -> bool:
        return query.name in ASKED and has(self, query)

    setattr(Fetcher, has.__name__, knows)


if __name__ == "__main__":
    restrict()
    sys.exit(listen(Path(sys.argv[1]), sys.argv[2:]))
