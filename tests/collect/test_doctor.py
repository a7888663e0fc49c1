"""What the doctor's checks say of what was read: counts, labels, times and rights go in, lines come out."""

import pytest

from costkit.collect import queries as q
from costkit.collect.doctor.access import LOST, access, lists, rights
from costkit.collect.doctor.containers import container_labels
from costkit.collect.doctor.labels import COST_LABELS, NODE_METRIC, POD_LABELS, POD_METRIC, labels
from costkit.collect.doctor.needs import LABELS, looked_for, metrics
from costkit.collect.doctor.part import Loss, ran
from costkit.collect.doctor.series import Series, series
from costkit.collect.doctor.time import Wanted, clock, past, scrapes
from costkit.collect.reads import LISTS
from costkit.connect.access import Right
from costkit.connect.kube import ListError
from costkit.errors import MetricsError
from costkit.model.cluster import Cluster, Coverage
from costkit.model.listed import Present
from costkit.model.nodes import Node
from costkit.model.objects import Workload
from costkit.model.pods import ContainerSpec, Meta, Pod
from costkit.model.target import Target
from costkit.model.window import DAY, Window
from tests.test_docs import every_query

DEPLOYMENT = Target("shop", "Deployment", "api", "", "apps/v1")
AT = 100 * DAY
TWO_WEEKS = Wanted(Window(AT - 14 * DAY, AT), AT, 3)


def node(name="a", **labels):
    kept = {key.replace("__", "/").replace("_", "."): value for key, value in labels.items()}
    return Node(Meta(name, labels=kept), {"cpu": 4.0}, {"cpu": 4.0})


def pod(*containers, **labels):
    kept = {key.replace("_", "-"): value for key, value in labels.items()}
    return Pod(Meta("p", "shop", labels=kept), DEPLOYMENT, tuple(ContainerSpec(name) for name in containers))


def cluster(*, nodes=(), pods=(), workloads=()):
    return Cluster(
        "c", "c", nodes=Present(tuple(nodes)), pods=Present(tuple(pods)), workloads=Present(tuple(workloads))
    )


def by_name(checks):
    return {check.name: check for check in checks}


def test_every_metric_of_every_query_is_looked_for():
    needed = {query.needs for query in every_query() if query.needs}

    assert needed == metrics() | set(LABELS)


def test_every_list_that_is_read_has_a_right_and_a_loss():
    assert set(LOST) == set(LISTS)
    assert {right.resource for right in rights() if right.verb == "list"} == set(LISTS)
    assert Right("list", "autoscaling", "horizontalpodautoscalers") in rights()
    assert Right("get", "", "namespaces", "kube-system") in rights()


def test_a_right_that_lacks_says_what_is_lost_and_the_rule_that_gives_it():
    (check,) = access({Right("list", "policy", "poddisruptionbudgets"): False})

    assert (check.level, check.stops) == ("FAIL", ())
    assert check.lost == LOST["poddisruptionbudgets"]
    assert check.fix.endswith("- {apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [list]}")


def test_without_the_clusters_identity_nothing_can_be_recommended():
    (check,) = access({Right("get", "", "namespaces", "kube-system"): False})

    assert check.stops == ("recommend",)
    assert 'apiGroups: [""]' in check.fix
    assert "resourceNames: [kube-system]" in check.fix


def test_a_list_that_fails_is_told_unless_its_right_was():
    rows = (
        Coverage("pods", "missing", "pods is forbidden: User …"),
        Coverage("nodes", "missing", "HTTP 500"),
        Coverage("widgets", "missing", "widgets.example.com is forbidden: User …"),
        Coverage("services", "ok", "3"),
    )
    found = by_name(lists(rows, {Right("list", "", "pods"): False, Right("list", "", "nodes"): True}))

    assert set(found) == {"nodes", "widgets"}
    assert (found["nodes"].level, found["nodes"].found) == ("FAIL", "HTTP 500")
    assert (found["widgets"].level, found["widgets"].found) == ("warn", "not allowed")
    assert "{apiGroups: [example.com], resources: [widgets], verbs: [list]}" in found["widgets"].fix


def test_cpu_that_lacks_stops_sizes_and_what_the_cluster_has_none_of_lacks_without_a_loss():
    found = by_name(series(Series({}), cluster()))

    assert found[q.CPU.needs].stops == ("rightsize",)
    assert found[q.CPU.needs].level == "FAIL"
    assert (found[q.GPU.needs].level, found[q.GPU.needs].lost) == ("ok", "")
    assert found["node_total_hourly_cost"].lost == ""


def test_series_of_what_the_cluster_has_are_missed():
    deployment = Workload(DEPLOYMENT, Meta("api", "shop"), ())
    name = "kube_deployment_spec_replicas"

    assert by_name(series(Series({}), cluster()))[name].lost == ""
    assert by_name(series(Series({}), cluster(workloads=[deployment])))[name].lost == "past replicas of Deployments"
    assert by_name(series(Series({name: 3}), cluster(workloads=[deployment])))[name].found == "3 series"


def test_the_share_of_samples_stands_with_the_owners_that_lack():
    found = by_name(series(Series({q.CPU.needs: 9}, gone=0.31), cluster()))

    assert found["kube_pod_owner"].lost == "deleted pods: joined to workloads by name alone (31% of samples)"


def test_the_fix_tells_a_missing_exporter_from_a_series_that_it_leaves_out():
    none = by_name(series(Series({q.CPU.needs: 9}), cluster()))["kube_pod_owner"]
    some = by_name(series(Series({"kube_pod_info": 9}), cluster()))["kube_pod_owner"]

    assert "not one of its series" in none.fix
    assert "--metric-denylist" in some.fix


def test_a_metric_under_its_older_name_is_no_loss():
    (name,) = [query.needs for query in q.CONTAINER_SIGNALS if query.name == "requests"]
    found = by_name(series(Series({f"{name}_cpu_cores": 3}), cluster()))

    assert (found[name].level, found[name].lost) == ("ok", "")
    assert f"{name}_cpu_cores is read" in found[name].found
    assert f"{name}_cpu_cores" in looked_for()


def test_labels_that_living_pods_and_nodes_have_must_be_in_the_series():
    here = cluster(
        nodes=[node(**{"node_kubernetes_io__instance-type": "m5.large", "karpenter_sh__capacity-type": "spot"})],
        pods=[pod("app", pod_template_hash="abc")],
    )
    carried = {NODE_METRIC: {"label_karpenter_sh_capacity_type"}, POD_METRIC: set(POD_LABELS)}
    found = by_name(labels(carried, here))

    assert found[POD_METRIC].level == "ok"
    assert found[NODE_METRIC].found == "carries no node.kubernetes.io/instance-type"
    assert found[NODE_METRIC].fix.endswith("nodes=[karpenter.sh/capacity-type,node.kubernetes.io/instance-type]")


def test_labels_that_nothing_here_has_are_not_missed():
    found = by_name(labels({}, cluster(nodes=[node()], pods=[pod("app")])))

    assert [check.lost for check in found.values()] == ["", "", ""]
    assert "label_cost_center" in COST_LABELS


@pytest.mark.parametrize(
    ("ahead", "level", "found"),
    [
        (-31, "ok", "within 60 s of this machine's"),
        (-61, "warn", "61s behind this machine's"),
        (90, "warn", "90s ahead of this machine's"),
        (-301, "FAIL", "5.02m behind this machine's"),
        (7200, "FAIL", "2h ahead of this machine's"),
    ],
)
def test_two_clocks_may_differ_a_little(ahead, level, found):
    check = clock("Prometheus", 1000.0 + ahead, 1000.0)

    assert (check.level, check.found) == (level, found)
    assert bool(check.lost) == (level != "ok")


def test_a_server_that_tells_no_time_is_no_loss():
    assert clock("API server", None, 1000.0).lost == ""


def test_slow_scrapes_widen_the_rate():
    assert scrapes(30, 300).level == "ok"
    assert scrapes(120, 480).lost == "CPU peaks shorter than 8m: usual are 5m"
    assert scrapes(0, 300).level == "warn"


def moments(days, step=DAY / 8):
    return [AT - (i + 1) * step for i in range(int(days * DAY / step))]


@pytest.mark.parametrize(
    ("days", "level", "wait"), [(14, "ok", 0), (13, "ok", 0), (7, "warn", 0), (2, "FAIL", 1), (0, "FAIL", 3)]
)
def test_a_past_that_is_too_short_is_waited_for(days, level, wait):
    check = past(moments(days), DAY / 8, TWO_WEEKS)

    assert (check.level, check.days) == (level, wait)
    assert check.stops == (("rightsize",) if wait else ())


def test_a_gap_counts_as_days_that_are_not_there():
    seen = [at for at in moments(14) if not AT - 9 * DAY <= at < AT - DAY]
    check = past(seen, DAY / 8, TWO_WEEKS)

    assert check.found == "samples on 6.0 of 14.0 days, the oldest 14.0 days old"
    assert "--window 6d" in check.fix


@pytest.mark.parametrize(
    ("labelled", "whole", "pods", "lost"),
    [
        (9, 0, [], ""),
        (0, 9, [pod("app")], ""),
        (0, 9, [pod("app", "mesh"), pod("app")], "sizes of 1 pods of several containers"),
        (6, 3, [], "sizes of those 3: pods without the label are read only where none has it"),
    ],
)
def test_pods_whose_containers_are_not_told_apart(labelled, whole, pods, lost):
    assert container_labels(labelled, whole, pods).lost == lost


@pytest.mark.parametrize(
    ("raised", "found", "fix"),
    [
        (MetricsError("it is down", "start it"), "it is down", "start it"),
        (ListError(500, "HTTP 500"), "HTTP 500", "kubectl"),
        (KeyError("x"), "this is a defect of costkit: KeyError: 'x'", "report"),
    ],
)
def test_whatever_a_part_raises_is_one_line(raised, found, fix):
    def part():
        raise raised

    (check,) = ran("clock", "Prometheus", Loss("the time", ("money",)), part)

    assert (check.level, check.found, check.lost, check.stops) == ("FAIL", found, "the time", ("money",))
    assert fix in check.fix
