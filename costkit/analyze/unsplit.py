"""The frame `signals` -> workloads whose pods are told whole: no label says which container used what."""

import pyarrow as pa
import pyarrow.compute as pc

from costkit.model.target import Target
from costkit.model.usage import target_of

_KEY = ["api_version", "kind", "namespace", "name", "container"]


def unsplit_workloads(signals: pa.Table) -> frozenset[Target]:
    rows = signals.filter(pc.equal(signals["signal"], "unsplit_memory")).select(_KEY)
    return frozenset(map(target_of, rows.group_by(_KEY, use_threads=False).aggregate([]).to_pylist()))
