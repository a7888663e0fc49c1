"""Exit codes: 0 done, 1 findings where asked, 2 usage, 3 partial data (output written), 4 failed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from costkit.cli.talk import complain
from costkit.errors import CostkitError

if TYPE_CHECKING:
    from costkit.model.cluster import Coverage  # `--help` must not wait for the model

DONE, FINDINGS, USAGE, PARTIAL, FAILED = range(5)


def for_coverage(coverage: "Iterable[Coverage]") -> int:
    """PARTIAL, with one line that names what is incomplete, else DONE. A series that nobody exports is no gap."""
    gaps = sorted((row for row in coverage if row.status in ("partial", "missing")), key=_weight)
    if not gaps:
        return DONE
    named = "; ".join(f"{row.source}: {row.detail}" for row in gaps[:3])
    more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
    complain(CostkitError(f"the data is incomplete: {named}{more}", _hint(gaps)))
    return PARTIAL


def _weight(gap: "Coverage") -> bool:
    """Without Prometheus nothing is sized: that gap is named first."""
    return gap.source != "prometheus"


def _hint(gaps: "list[Coverage]") -> str:
    if gaps[0].source == "prometheus":
        return "name Prometheus with --prometheus-url; cost is shown without it, sizes are not"
    if any("forbidden" in row.detail for row in gaps):
        return "give the account the reader role (kubectl apply -f deploy/rbac-reader.yaml) and what it does not name"
    return "the output was written; its coverage says what each gap means"
