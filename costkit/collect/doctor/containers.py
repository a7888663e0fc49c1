"""Whether series tell the containers of a pod apart: counts and the living pods go in, a check comes out."""

from collections.abc import Iterable

from costkit.model.checkup import Check
from costkit.model.pods import Pod

_FIX = (
    "let cAdvisor's series keep their label `container`: see labeldrop in metric_relabel_configs, and the node's "
    "runtime (cri-dockerd gives none)"
)


def container_labels(labelled: int, whole: int, pods: Iterable[Pod]) -> Check:
    """`labelled`: pods with series by container; `whole`: pods with series of the pod as a whole alone."""
    if not whole:
        return Check("container labels", "cAdvisor", "ok", f"{labelled} pods by container")
    if labelled:
        lost = f"sizes of those {whole}: pods without the label are read only where none has it"
        found = f"{whole} of {labelled + whole} pods have none"
        return Check("container labels", "cAdvisor", "warn", found, lost, _FIX)
    several = sum(1 for pod in pods if sum(c.runs_on for c in pod.containers) > 1)
    found = f"none of {whole} pods has one"
    if not several:
        return Check("container labels", "cAdvisor", "ok", f"{found}; no pod has several containers")
    return Check("container labels", "cAdvisor", "warn", found, f"sizes of {several} pods of several containers", _FIX)
