"""What the bed is built of: names and versions go in, the places in the cache come out. Builds nothing itself."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
KARPENTER_CRDS = ("pkg/apis/crds", "kwok/apis/crds")


@dataclass(frozen=True, slots=True)
class Component:
    """One Go module of which programs are built; a module of its own each, so that their dependencies never meet."""

    name: str
    version: str
    module: str
    programs: Mapping[str, str]
    """The program's name in the cache, and its package within the module ("" for the module itself)."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """String variables set at link time: without them the servers do not know their own version."""
    staging: str | None = None
    """The release of the staging modules, which Kubernetes' go.mod points at folders that its module lacks."""
    folders: tuple[str, ...] = ()
    """Folders of the module that are copied beside the programs."""
    source: Path | None = None
    """A program of the bed's own that is written on top of the module; it is built anew when its text changes."""

    @property
    def folder(self) -> Path:
        own = f"-{hashlib.sha256(self.source.read_bytes()).hexdigest()[:8]}" if self.source else ""
        return cache() / f"{self.name}-{self.version}{own}"

    def missing(self) -> list[str]:
        """Programs and folders that are not in the cache; each appears there whole or not at all."""
        return [name for name in (*self.programs, *self.folders) if not (self.folder / name).exists()]


def cache() -> Path:
    """The folder that outlives sessions; CI and developers may share one."""
    return Path(os.environ.get("COSTKIT_BED_CACHE") or Path.home() / ".cache/costkit/bed")


# In the order that makes a broken-off build useful: first what starts a cluster, then what gives it a past.
COMPONENTS = (
    Component("etcd", "v3.6.16", "go.etcd.io/etcd/server/v3", {"etcd": ""}),
    Component(
        "kubernetes",
        "v1.36.3",
        "k8s.io/kubernetes",
        {name: f"cmd/{name}" for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")},
        variables={
            "k8s.io/component-base/version.gitVersion": "v1.36.3",
            "k8s.io/component-base/version.gitMajor": "1",
            "k8s.io/component-base/version.gitMinor": "36",
        },
        staging="v0.36.3",
    ),
    Component("kwok", "v0.7.0", "sigs.k8s.io/kwok", {"kwok": "cmd/kwok"}, folders=("kustomize",)),
    Component(
        "prometheus",
        "v0.316.0",
        "github.com/prometheus/prometheus",
        {"prometheus": "cmd/prometheus", "promtool": "cmd/promtool"},
        # The module is tagged v0.316.0 for release 3.16.0, which is what a user's Prometheus says of itself.
        variables={"github.com/prometheus/common/version.Version": "3.16.0"},
    ),
    Component(
        "backfill", "v0.316.0", "github.com/prometheus/prometheus", {"backfill": ""}, source=HERE / "backfill/main.go"
    ),
    Component(
        "victoriametrics",
        "v1.151.0",
        "github.com/VictoriaMetrics/VictoriaMetrics",
        {"victoria-metrics": "app/victoria-metrics"},
        variables={"github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version": "victoria-metrics-v1.151.0"},
    ),
    # Newer Karpenters need a newer Go than 1.26.
    Component("karpenter", "v1.12.1", "sigs.k8s.io/karpenter", {"karpenter": "kwok"}, folders=KARPENTER_CRDS),
    Component(
        "helm",
        "v3.19.5",
        "helm.sh/helm/v3",
        {"helm": "cmd/helm"},
        # What `helm template` takes the cluster to be when it has none; the released helm is built so, too.
        variables={
            "helm.sh/helm/v3/internal/version.version": "v3.19.5",
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": "1",
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": "34",
            "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": "1",
            "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": "34",
        },
    ),
)
