"""Queries in the words of a server: names of metrics and labels, looked at once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from costkit.collect import queries as q
from costkit.collect.query import bind
from costkit.collect.spelling import Spelling, Writing, spelling
from costkit.connect.answers import Answer, Series
from costkit.connect.prometheus import QueryRefusedError
from costkit.model.window import DAY, Window

PODS = {query.name: query for query in q.PODS}
SIGNALS = {query.name: query for query in q.CONTAINER_SIGNALS}
NODES = {query.name: query for query in q.NODES}
SHARD = ('namespace=~"shop|web"', 'pod=~"api-.*"', 'cluster="namespace"')
NEW = frozenset(query.needs for query in q.EVERY)
WINDOW = Window(10.0 * DAY, 12.5 * DAY)
FOREIGN = Writing({"namespace": "exported_namespace", "pod": "exported_pod"})
BESIDE = Writing(FOREIGN.names, beside_usual=True)


@dataclass
class Told:
    """Stands in for a Prometheus: each family has series with these other names, or refuses to be looked at."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refuses: str = "no metric"
    asked: list[tuple[str, float, float, float]] = field(default_factory=list)

    def range(self, question, start, end, step):
        self.asked.append((question, start, end, step))
        if self.refuses in question:
            raise QueryRefusedError("refused", "", too_big=False)
        held = next((names for metric, names in self.names.items() if metric in question), ())
        found = [name for name in held if f'"{name}"' in question]
        return Answer(tuple(Series({"told": name}, np.empty(0), np.empty(0)) for name in found), ())


def looked(metrics=NEW, **fields) -> tuple[Spelling, Any]:
    server: Any = Told(**fields)
    return spelling(server, ('cluster="x"',), frozenset(metrics), WINDOW), server


def said(query, writing=None, metrics=NEW, matchers=SHARD):
    family = "nodes" if query.needs.startswith("kube_node") else "kube-state-metrics"
    return bind(Spelling(metrics, {family: writing} if writing else {}).of(query), matchers, 300)


def test_where_all_is_as_usual_queries_stay_as_they_are():
    assert all(Spelling(NEW).of(query) == query for query in q.EVERY)


def test_a_server_without_any_of_a_querys_names_cannot_answer_it():
    assert Spelling(NEW).has(PODS["pod_owner"])
    assert not Spelling(frozenset()).has(PODS["pod_owner"])
    assert Spelling(frozenset({"kube_pod_container_resource_requests_cpu_cores"})).has(SIGNALS["requests"])
    assert Spelling(frozenset()).has(q.configured("request_rate", "rate(x[5m])"))


def test_labels_go_by_their_other_names_everywhere_but_in_strings_and_come_back():
    assert said(PODS["pod_start"], FOREIGN) == (
        "max by (namespace,pod,uid) (label_replace(label_replace("
        "max by (exported_namespace,exported_pod,uid) (last_over_time(kube_pod_start_time{"
        'exported_namespace!="",exported_namespace=~"shop|web",exported_pod=~"api-.*",cluster="namespace"}[86400s]))'
        ', "namespace", "$1", "exported_namespace", "(.*)"), "pod", "$1", "exported_pod", "(.*)"))'
    )


def test_series_with_the_usual_names_are_read_beside_and_not_those_with_the_others():
    expression = said(q.NAMESPACES, BESIDE, matchers=())
    assert expression.startswith("count by (namespace) (max by (namespace,pod) (label_replace(")
    assert 'kube_pod_info{exported_namespace!=""}' in expression
    assert 'or (max by (namespace,pod) (last_over_time(kube_pod_info{exported_namespace=""}[86400s])))' in expression


def test_parts_that_are_told_in_two_ways_are_one_before_they_are_added():
    expression = said(NODES["node_requested"], BESIDE)
    assert expression.startswith(
        "sum by (node,resource) (max by (namespace,pod,container,node,resource) (label_replace("
    )
    assert "on (exported_namespace,exported_pod) group_left ()" in expression
    assert expression.count("sum by") == 1


def test_a_query_without_the_labels_is_as_it_was():
    assert Spelling(NEW, {"nodes": Writing({"node": "exported_node"})}).of(PODS["pod_end"]) == PODS["pod_end"]
    node_cpu = NODES["node_cpu"]
    assert Spelling(NEW, {"kubelet": FOREIGN}).of(node_cpu) == node_cpu


def test_the_name_before_kube_state_metrics_2_is_read_where_it_is_all_there_is():
    old = frozenset({"kube_pod_container_resource_limits_cpu_cores"})
    assert said(SIGNALS["limits"], metrics=old, matchers=('namespace="a"',)) == (
        "max by (namespace,pod,container,resource) ("
        'label_replace(kube_pod_container_resource_limits_cpu_cores{namespace="a"}, "resource", "cpu", "", "") or '
        'label_replace(kube_pod_container_resource_limits_memory_bytes{namespace="a"}, "resource", "memory", "", ""))'
    )


def test_both_names_are_read_where_both_are_there():
    metrics = NEW | {"kube_hpa_spec_min_replicas"}
    minimum = next(query for query in q.AUTOSCALERS if query.name == "hpa_minimum")
    expression = said(minimum, metrics=metrics, matchers=())
    assert "(kube_horizontalpodautoscaler_spec_min_replicas{})) or (" in expression
    assert '"horizontalpodautoscaler", "$1", "hpa", "(.*)")' in expression


def test_an_older_name_has_its_labels_by_other_names_too():
    old = frozenset({"kube_hpa_spec_min_replicas"})
    minimum = next(query for query in q.AUTOSCALERS if query.name == "hpa_minimum")
    expression = said(minimum, FOREIGN, metrics=old, matchers=())
    assert "by (exported_namespace,hpa) (kube_hpa_spec_min_replicas{exported_namespace!=" in expression
    assert expression.startswith("max by (namespace,horizontalpodautoscaler) (label_replace(")


@pytest.mark.parametrize(
    ("better", "lesser"),
    [
        ("kube_pod_container_status_last_terminated_reason", "kube_pod_container_status_terminated_reason"),
        ("kube_deployment_status_replicas_ready", "kube_deployment_status_replicas_available"),
    ],
)
def test_what_is_nearly_the_same_is_read_only_where_there_is_nothing_better(better, lesser):
    query = next(query for query in q.EVERY if query.needs == better)
    assert Spelling(frozenset({better, lesser})).of(query) == query
    assert Spelling(frozenset({lesser})).of(query).needs == lesser
    assert lesser in said(query, metrics=frozenset({lesser}))


def test_each_family_is_looked_at_once_at_the_end_and_whole_days_before():
    _, server = looked()
    assert [asked[1:] for asked in server.asked] == [(10.5 * DAY, 12.5 * DAY, DAY)] * 4
    assert all('cluster="x"}' in asked[0] for asked in server.asked)


@pytest.mark.parametrize(
    ("days", "moments"), [(0.5, [20]), (3, [17, 18, 19, 20]), (8, [12, 14, 16, 18, 20]), (15, [5, 8, 11, 14, 17, 20])]
)
def test_a_long_window_is_looked_at_as_seldom_as_a_short_one(days, moments):
    server: Any = Told()
    spelling(server, (), NEW, Window((20 - days) * DAY, 20.0 * DAY))
    _, start, end, step = server.asked[0]
    assert [at / DAY for at in np.arange(start, end + 1, step)] == moments


def test_whether_some_have_the_usual_names_is_asked_only_where_others_have_not():
    assert not any('"usual"' in asked[0] for asked in looked()[1].asked)
    _, server = looked(names={"kube_node_info": ("exported_node",)})
    (asked,) = [asked[0] for asked in server.asked if '"usual"' in asked[0]]
    assert 'kube_node_info{node!="",exported_node="",cluster="x"}' in asked


def test_a_family_of_which_there_is_nothing_is_not_looked_at():
    assert looked(metrics={"up"})[1].asked == []


def test_of_two_names_for_a_label_the_first_that_is_found_counts_in_the_order_of_labels():
    found, _ = looked(names={"container_memory": ("container_name", "pod_name", "exported_pod", "exported_namespace")})
    assert list(found.writings["kubelet"].names.items()) == [
        ("namespace", "exported_namespace"),
        ("pod", "exported_pod"),
        ("container", "container_name"),
    ]


def test_usual_series_of_an_exporter_of_others_are_its_own():
    names = {"DCGM": ("exported_pod", "usual"), "kube_pod_info": ("exported_pod", "usual")}
    found, _ = looked(names=names)
    assert not found.writings["GPU exporter"].beside_usual
    assert found.writings["kube-state-metrics"].beside_usual


def test_what_cannot_be_looked_at_is_read_as_usual_and_said():
    found, _ = looked(refuses="container_memory")
    assert found.of(q.MEMORY) == q.MEMORY
    coverage = found.coverage()
    assert (coverage.status, coverage.detail) == ("partial", "kubelet: labels could not be looked at")


def test_coverage_says_what_was_read():
    assert looked()[0].coverage().detail == "as cAdvisor and kube-state-metrics 2 write them"
    old = NEW - {"kube_node_status_allocatable"} | {"kube_node_status_allocatable_cpu_cores"}
    found, _ = looked(
        metrics=old | {"kube_hpa_spec_min_replicas"}, names={"kube_node_info": ("exported_node", "usual")}
    )
    assert found.coverage().detail == (
        "nodes: exported_node beside the usual ones; older names: kube_node_status_allocatable_cpu_cores; "
        "older names, too: kube_hpa_spec_min_replicas"
    )
