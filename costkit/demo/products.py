"""The rows of the product teams in production: search, payments, web. What each is there to show stands beside it.

The rows stand as in a table, a workload to a few lines: that is why they are kept from the formatter.
"""

from costkit.demo.rows import Autoscale, Batch, Box, Disk, Row

_SEARCH = {"team": "search", "env": "production", "cost-center": "cc-2010"}
_PAYMENTS = {"team": "payments", "env": "production", "cost-center": "cc-2020"}
_WEB = {"team": "web", "env": "production", "costCenter": "cc-2030"}

ISTIO = {"sidecar.istio.io/inject": "true"}
PROXY = Box("istio-proxy", "100m 128Mi", "2 1Gi", "8m 70Mi", "45m 95Mi", "istio/proxyv2:1.24.1", role="injected")

# fmt: off
SEARCH = (
    # 8 cores and 16Gi asked for, 2 cores and 4Gi used: the textbook case, exactly flat
    Row("search", "ranking-api", "Deployment", (
        Box("ranking", "8 16Gi", "16 32Gi", "2 4Gi", "2 4Gi", noise=0),
    ), replicas=2, pool="compute", labels=_SEARCH, budget="1"),
    # an HPA on CPU whose pods ask for what they use: fine as it is
    Row("search", "query-api", "Deployment", (
        Box("query", "750m 1Gi", "2 2Gi", "60m 500Mi", "450m 800Mi"),
    ), shape="diurnal", labels=_SEARCH, autoscale=Autoscale(3, 10, "cpu"), budget="25%"),
    # a JVM that sizes its heap from the memory limit: use follows the limit, so a cut would only repeat itself
    Row("search", "elasticsearch", "StatefulSet", (
        Box("elasticsearch", "1 16Gi", "4 16Gi", "300m 12.6Gi", "800m 12.7Gi", memory_reader="MaxRAMPercentage"),
    ), replicas=3, shape="diurnal", pool="memory", labels=_SEARCH, disk=Disk("400Gi", "gp3", 0.48), budget="1"),
    Row("search", "autocomplete", "Deployment", (
        Box("autocomplete", "1 2Gi", "2 4Gi", "40m 620Mi", "300m 700Mi"),
    ), replicas=3, shape="diurnal", labels=_SEARCH),
    Row("search", "synonyms-editor", "Deployment", (
        Box("editor", "500m 1Gi", "1 1Gi", "5m 180Mi", "60m 260Mi"),
    ), shape="office", zone="Europe/Berlin", labels=_SEARCH),
    Row("search", "index-builder", "CronJob", (
        Box("builder", "2 6Gi", "4 8Gi", "1.6 4.5Gi", "1.6 4.5Gi"),
    ), pool="spot", labels=_SEARCH, batch=Batch(24, 3, 2.2)),
    # Jobs with made-up names, one family
    Row("search", "reindex", "Job", (
        Box("reindex", "1 2Gi", "2 4Gi", "600m 1.1Gi", "600m 1.1Gi"),
    ), labels=_SEARCH, batch=Batch(12, 5, 0.6)),
)

PAYMENTS = (
    # an Argo Rollout, managed by Argo CD
    Row("payments", "checkout", "Rollout", (
        Box("checkout", "1 1536Mi", "2 2Gi", "40m 560Mi", "350m 690Mi"),
    ), replicas=3, shape="diurnal", labels=_PAYMENTS, release_days=12, budget="1", managers=("argocd-controller",),
        annotations={"argocd.argoproj.io/tracking-id": "payments:argoproj.io/Rollout:payments/checkout"}),
    # a sidecar that is in the pods but not in the template; a new revision every nine days
    Row("payments", "gateway", "Deployment", (
        Box("gateway", "1 1Gi", "2 2Gi", "30m 310Mi", "260m 420Mi"), PROXY,
    ), replicas=3, shape="diurnal", labels=_PAYMENTS, release_days=9, template_annotations=ISTIO, budget="1"),
    Row("payments", "ledger", "StatefulSet", (
        Box("postgres", "1 4Gi", "4 6Gi", "200m 2.9Gi", "700m 3.3Gi", "postgres:16.4"),
    ), replicas=2, shape="diurnal", labels=_PAYMENTS, disk=Disk("200Gi", "gp3", 0.61), budget="0"),
    # held at its CPU limit: throttled, its use is censored
    Row("payments", "fraud-scorer", "Deployment", (
        Box("scorer", "500m 1Gi", "600m 2Gi", "80m 700Mi", "900m 820Mi"),
    ), replicas=2, shape="diurnal", labels=_PAYMENTS),
    # killed each weekday: its memory peak is its limit
    Row("payments", "invoice-renderer", "Deployment", (
        Box("renderer", "250m 512Mi", "1 640Mi", "20m 210Mi", "300m 700Mi"),
    ), replicas=2, shape="crunch", labels=_PAYMENTS, killed=True, release_days=25),
    Row("payments", "settlement", "CronJob", (
        Box("settlement", "1 2Gi", "2 3Gi", "700m 900Mi", "700m 900Mi"),
    ), labels=_PAYMENTS, batch=Batch(24, 4.5, 0.75, fails=11)),
    # a Job that failed, and is still there
    Row("payments", "ledger-migrate", "Job", (
        Box("migrate", "500m 512Mi", "1 1Gi", "200m 180Mi", "200m 180Mi"),
    ), replicas=0, labels=_PAYMENTS, leftover=True),
    Row("payments", "receipts", "Deployment", (
        Box("receipts", "500m 768Mi", "1 1Gi", "15m 280Mi", "120m 350Mi"),
    ), replicas=2, shape="office", labels=_PAYMENTS),
)

WEB = (
    # an HPA on CPU, an init container that asks for more than the pod uses, and an injected sidecar
    Row("web", "storefront", "Deployment", (
        Box("storefront", "900m 1Gi", "2 2Gi", "90m 480Mi", "540m 640Mi"),
        Box("warm-cache", "1 512Mi", "1 512Mi", role="init"), PROXY,
    ), shape="diurnal", labels=_WEB, release_days=10, template_annotations=ISTIO, budget="20%",
        autoscale=Autoscale(3, 8, "cpu")),
    Row("web", "session-cache", "StatefulSet", (
        Box("redis", "500m 6Gi", "1 6Gi", "60m 1.3Gi", "180m 1.6Gi", "redis:7.4.1"),
    ), replicas=2, shape="diurnal", pool="memory", labels=_WEB, disk=Disk("20Gi", "gp3", 0.12)),
    # an HPA on memory
    Row("web", "image-resizer", "Deployment", (
        Box("resizer", "500m 1Gi", "1 2Gi", "50m 300Mi", "250m 716Mi"),
    ), shape="diurnal", labels=_WEB, autoscale=Autoscale(2, 5, "memory")),
    # memory that only grows until the container is restarted
    Row("web", "cms", "Deployment", (
        Box("cms", "500m 2Gi", "1 4Gi", "20m 420Mi", "150m 3.4Gi", memory_shape="leak"),
    ), shape="office", labels=_WEB),
    # a native sidecar
    Row("web", "notifications", "Deployment", (
        Box("notifications", "500m 512Mi", "1 1Gi", "20m 190Mi", "140m 240Mi"),
        Box("log-shipper", "100m 128Mi", "200m 256Mi", "4m 40Mi", "15m 55Mi", role="sidecar"),
    ), replicas=2, shape="diurnal", labels=_WEB),
    # less than three days old: too young for a size
    Row("web", "promo-banner", "Deployment", (
        Box("banner", "1 1Gi", "1 1Gi", "20m 150Mi", "80m 180Mi"),
    ), replicas=2, shape="diurnal", labels=_WEB, young=True),
    # at 0 replicas, with an image of long ago
    Row("web", "storefront-v1", "Deployment", (
        Box("storefront", "1 1Gi", "2 2Gi", image="acme/storefront:2019.11"),
    ), replicas=0, labels=_WEB),
    Row("web", "cdn-purge", "CronJob", (
        Box("purge", "200m 256Mi", "500m 256Mi", "60m 90Mi", "60m 90Mi"),
    ), labels=_WEB, batch=Batch(4, 1, 0.25)),
    # helm's own: a live change would be undone by the next upgrade
    Row("web", "reviews", "Deployment", (
        Box("reviews", "750m 1536Mi", "2 2Gi", "30m 520Mi", "240m 610Mi"),
    ), replicas=2, shape="diurnal", labels={**_WEB, "app.kubernetes.io/managed-by": "Helm"}, managers=("helm",),
        annotations={"meta.helm.sh/release-name": "reviews", "meta.helm.sh/release-namespace": "web"}),
)
