"""What a container asks for of its nodes' GPUs, and whether one pod's use of them can be told at all.

dcgm-exporter gives no DCGM_FI_DEV_GPU_UTIL, or 0, for MIG slices (NVIDIA/dcgm-exporter#216, #430), and names no
container where a GPU is shared by time-slicing or MPS (NVIDIA GPU Operator, limitations of both): there a series of
zeros is not idleness.
"""

from collections.abc import Iterable, Mapping

from costkit.model.facts import Gpus
from costkit.model.pods import ContainerSpec

Labels = Mapping[str, str]

_VENDOR = "nvidia.com/"
_WHOLE, _SHARED, _SLICE = f"{_VENDOR}gpu", f"{_VENDOR}gpu.shared", f"{_VENDOR}mig-"
_PRODUCT, _STRATEGY, _SHARING, _REPLICAS = (
    f"{_VENDOR}{label}" for label in ("gpu.product", "mig.strategy", "gpu.sharing-strategy", "gpu.replicas")
)


def gpus(spec: ContainerSpec | None, nodes: Iterable[Labels]) -> Gpus | None:
    """`nodes`: labels of those that its pods run on, as GPU feature discovery writes them. None: it asks for none."""
    asked = {**spec.limits, **spec.requests} if spec is not None else {}
    slices = sorted(resource for resource, count in asked.items() if resource.startswith(_SLICE) and count)
    if slices:
        return Gpus(slices[0], asked[slices[0]], "mig", "its resource is a slice")
    if asked.get(_SHARED):
        return Gpus(_SHARED, asked[_SHARED], "shared", "its resource is a share")
    if asked.get(_WHOLE):
        return next(filter(None, (_divided(asked[_WHOLE], labels) for labels in nodes)), Gpus(_WHOLE, asked[_WHOLE]))
    return None


def _divided(count: float, labels: Labels) -> Gpus | None:
    """GPUs that a node sells in parts under the name of whole ones."""
    product = labels.get(_PRODUCT, "")
    if labels.get(_STRATEGY) == "single" and "-MIG-" in product:
        return Gpus(_WHOLE, count, "mig", f"its node's product is {product}")
    replicas = labels.get(_REPLICAS, "1")
    if product.endswith("-SHARED") or (replicas.isdecimal() and int(replicas) > 1):
        how = labels.get(_SHARING, "time-slicing")
        return Gpus(_WHOLE, count, "shared", f"its node makes {replicas} of each GPU by {how}")
    return None
