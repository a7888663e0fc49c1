"""The rows of staging and dev: they idle at nights and on weekends, and nobody switches them off.

The rows stand as in a table, a workload to a few lines: that is why they are kept from the formatter.
"""

from costkit.demo.rows import Batch, Box, Row

_BERLIN = "Europe/Berlin"
HOSTILE = "<script>alert(1)</script>"
"""What a label may hold for all that a report knows."""


def _staging(team: str, **more: str) -> dict[str, str]:
    return {"team": team, "env": "staging", **more}


def _dev(team: str, **more: str) -> dict[str, str]:
    return {"team": team, "environment": "dev", **more}


# fmt: off
STAGING = (
    Row("staging", "query-api", "Deployment", (
        Box("query", "750m 1Gi", "2 2Gi", "4m 380Mi", "160m 520Mi"),
    ), replicas=2, shape="office", zone=_BERLIN, labels=_staging("search", cost_center="cc-2010")),
    Row("staging", "ranking-api", "Deployment", (
        Box("ranking", "2 4Gi", "4 8Gi", "6m 1.1Gi", "420m 1.4Gi"),
    ), shape="office", zone=_BERLIN, labels=_staging("search", cost_center="cc-2010")),
    Row("staging", "checkout", "Deployment", (
        Box("checkout", "1 1536Mi", "2 2Gi", "3m 420Mi", "130m 510Mi"),
    ), replicas=2, shape="office", labels=_staging("payments")),
    Row("staging", "storefront", "Deployment", (
        Box("storefront", "1 1Gi", "2 2Gi", "4m 350Mi", "190m 460Mi"),
    ), replicas=2, shape="office", labels=_staging("web", costCenter="cc-2030")),
    Row("staging", "cms", "Deployment", (
        Box("cms", "500m 1Gi", "1 2Gi", "2m 300Mi", "60m 380Mi"),
    ), shape="office", labels=_staging("web", costCenter="cc-2030")),
    Row("staging", "events-consumer", "Deployment", (
        Box("consumer", "1 1Gi", "2 2Gi", "5m 310Mi", "170m 400Mi"),
    ), shape="office", labels=_staging("data")),
    Row("staging", "feature-store", "Deployment", (
        Box("feast", "1 2Gi", "2 3Gi", "5m 700Mi", "150m 860Mi"),
    ), shape="office", zone=_BERLIN, labels=_staging("ml-team")),
    Row("staging", "smoke-tests", "CronJob", (
        Box("smoke", "500m 512Mi", "1 1Gi", "250m 260Mi", "250m 260Mi"),
    ), labels=_staging("platform"), batch=Batch(6, 2, 0.3, fails=10)),
)

DEV = (
    Row("dev", "query-api", "Deployment", (
        Box("query", "500m 768Mi", "1 1Gi", "2m 290Mi", "70m 350Mi"),
    ), shape="office", zone=_BERLIN, labels=_dev("search")),
    Row("dev", "storefront", "Deployment", (
        Box("storefront", "500m 768Mi", "1 1Gi", "3m 280Mi", "80m 340Mi"),
    ), shape="office", labels=_dev("web")),
    # has not started for days
    Row("dev", "checkout", "Deployment", (
        Box("checkout", "1 1Gi", "2 2Gi", "1m 30Mi", "1m 30Mi", noise=0),
    ), labels=_dev("payments"), broken=True, release_days=11),
    # no requests in its template: the namespace's LimitRange gives them
    Row("dev", "scratch-api", "Deployment", (
        Box("api", "- -", "- -", "2m 60Mi", "25m 90Mi", defaulted=True),
    ), shape="office"),
    # a label that is markup
    Row("dev", "xss-probe", "Deployment", (
        Box("probe", "200m 256Mi", "500m 512Mi", "1m 40Mi", "20m 60Mi"),
    ), shape="office", labels=_dev("web", **{"cost-center": HOSTILE}),
        annotations={"meta.helm.sh/release-name": HOSTILE}),
    # one of its pods was evicted, and is still listed
    Row("dev", "notebook-shared", "Deployment", (
        Box("jupyter", "1 3Gi", "2 4Gi", "5m 600Mi", "200m 900Mi"),
    ), shape="office", zone=_BERLIN, labels=_dev("ML-Team"), leftover=True),
)
