from dataclasses import replace

import pytest

from costkit.model.change import Resize, Resources
from costkit.model.cluster import Coverage
from costkit.model.labels import CostLabels
from costkit.model.listed import Missing
from costkit.model.objects import StorageClass, Volume, Workload
from costkit.model.pods import ContainerSpec, Meta
from costkit.model.quantities import GIBIBYTE
from costkit.model.recommendation import Declined, Fine, Recommendation
from costkit.price.plan import Terms, make_plan
from tests.price.clusters import BOOK, facts, node, of, row, snapshot, target

ROWS = [row(day=0), row(day=1)]
TERMS = Terms(("team",), "rightsize.yaml")


def recommendation(name, after_cpu, labels=None):
    before = Resources(1.0, None, 4.0 * GIBIBYTE, None)
    change = Resize(target(name), before, replace(before, cpu_request=after_cpu))
    return Recommendation(f"r-{name}", "rightsize", target(name), (change,), (), "low", 1.0, labels or {})


def plan(*findings, containers=(), rows=ROWS, **lists):
    return make_plan(snapshot(rows, **lists), of(*containers), findings, BOOK, TERMS)


def covered(made, source):
    return next(c for c in made.coverage if c.source == source)


def test_the_dearest_saving_comes_first_and_raises_last():
    containers = [facts(name) for name in ("a", "b", "c", "d")]
    changes = {"a": 0.9, "b": 1.5, "c": 0.2, "d": 0.9}
    made = plan(*(recommendation(n, cpu) for n, cpu in changes.items()), containers=containers)

    assert [i.target.name for i in made.items] == ["c", "a", "d", "b"]


def test_nothing_is_called_saved_that_is_not():
    made = plan(recommendation("a", 0.5), containers=[facts("a")])

    assert (made.items[0].saving.in_plan, made.items[0].saving.bill) == (None, None)
    assert {s.bill for s in made.steps} | {g.bill for g in made.groups} == {None}


def test_findings_keep_their_kind():
    fine = Fine("rightsize", target("f"), "fits", "")
    declined = Declined("rightsize", target("d"), "leak", "")
    made = plan(fine, declined, recommendation("a", 0.5), containers=[facts("a")])

    assert (made.fine, made.declined, len(made.items)) == ((fine,), (declined,), 1)


def test_the_step_of_a_kind_is_the_sum_of_its_items_raises_included():
    made = plan(recommendation("a", 0.5), recommendation("b", 1.25), containers=[facts("a"), facts("b")])

    assert [(s.kind, s.freed) for s in made.steps] == [("rightsize", round(sum(i.saving.alone for i in made.items), 2))]
    assert made.freed == pytest.approx(0.25 * 0.0312457 * 730, abs=0.02)


def test_an_item_tells_what_its_target_costs_and_how_many_pods_it_has():
    item = plan(recommendation("a", 0.5), containers=[facts("a")]).items[0]

    assert (item.monthly, item.pods) == (pytest.approx(35.04), pytest.approx(1.0))


def test_values_of_a_label_and_idle_sum_to_the_nodes():
    containers = [facts("a", labels={"team": "x"}), facts("b", labels={"team": "y"}), facts("c", labels={})]
    made = plan(recommendation("a", 0.5, {"team": "x"}), containers=containers)

    assert [(g.value, g.cost) for g in made.groups] == [
        ("(unlabelled)", 35.04),
        ("x", 35.04),
        ("y", 35.04),
        ("(idle)", 35.04),
    ]
    assert [g.freed for g in made.groups if g.value == "x"] == [made.items[0].saving.alone]
    assert made.label_coverage == {"team": pytest.approx(2 / 3)}


def test_one_team_in_two_spellings_is_one_row():
    written = {"a": "ML-Team", "b": "ml-team", "c": "ml_team"}
    labels = CostLabels.seen(("team",), written.values())
    containers = [facts(name, labels=labels.of([{"team": value}])) for name, value in written.items()]

    assert [g.value for g in plan(containers=containers).groups] == ["ML-Team", "(idle)"]


def test_what_no_label_key_is_asked_for_makes_no_group():
    made = make_plan(snapshot(ROWS), of(facts()), (), BOOK, Terms((), "rules"))

    assert (made.groups, made.label_coverage) == ((), {})


def test_coverage_says_how_much_money_rests_on_stand_in_prices():
    made = plan(rows=[*ROWS, row("odd", 0, instance_type="x9.large")])

    assert covered(made, "prices").status == "assumed"
    assert "type x9.large is in no list" in covered(made, "prices").detail
    assert covered(made, "prices").detail.startswith("34% of the node money is at stand-in prices; ")


def test_a_tenth_of_the_money_on_stand_in_prices_is_no_alarm():
    made = plan(rows=[*ROWS, row("odd", 0, 0b11, instance_type="x9.large")])

    assert covered(made, "prices").status == "ok"


def disk(driver, disk_type, gib=100.0):
    volume = Volume(Meta(disk_type), gib * GIBIBYTE, disk_type, "Bound", f"shop/{disk_type}", "Delete", driver)
    return volume, StorageClass(Meta(disk_type), driver, {"type": disk_type})


def with_disks(*disks):
    return plan(volumes=[volume for volume, _ in disks], storage_classes=[c for _, c in disks])


def test_coverage_says_how_much_volume_money_rests_on_the_unit_price():
    """io2 costs three times what was told, in silence."""
    made = with_disks(disk("ebs.csi.aws.com", "io2"), disk("ebs.csi.aws.com", "gp3"), disk("", "odd", 1000.0))

    assert covered(made, "volume prices") == Coverage(
        "volume prices",
        "assumed",
        "85% of the volume money is at stand-in prices; disks of a provisioner not known ($40 a month); "
        "disk type io2 of ebs.csi.aws.com is in no list ($4 a month)",
    )


def test_a_tenth_of_the_volume_money_at_the_unit_price_is_told_and_no_alarm():
    made = with_disks(disk("csi.example.org", "x", 10.0), disk("ebs.csi.aws.com", "gp3"))

    assert covered(made, "volume prices") == Coverage(
        "volume prices", "ok", "disks of csi.example.org are in no list ($0 a month)"
    )


def test_volumes_that_a_list_prices_or_nodes_hold_need_no_word():
    made = with_disks(disk("ebs.csi.aws.com", "gp3"), disk("driver.longhorn.io", "longhorn"))

    assert not [c for c in made.coverage if c.source == "volume prices"]


def test_coverage_says_when_a_month_is_one_moment():
    made = plan(rows=(), nodes=[node()])

    assert covered(made, "node cost").status == "partial"
    assert "not a month" in covered(made, "node cost").detail


def test_coverage_says_how_many_hours_of_the_window_nodes_were_seen():
    assert (
        covered(plan(rows=[row(day=1)]), "node cost").detail
        == "nodes seen in 24 of 48 hours of the window, scaled to 730"
    )


def test_a_list_that_could_not_be_read_is_missing_money_and_not_none():
    observed = snapshot(ROWS, services=[])
    unread = replace(observed, cluster=replace(observed.cluster, volumes=Missing("no right to list volumes")))
    made = make_plan(unread, of(), (), BOOK, TERMS)

    assert covered(made, "volume cost") == Coverage("volume cost", "missing", "no right to list volumes")
    assert not [c for c in made.coverage if c.source == "load balancer cost"]


def test_templates_tell_their_containers_and_what_they_declare_where_pods_have_something_else():
    main = ContainerSpec("main", requests={"cpu": 2.0})
    workload = Workload(target().workload, Meta("api"), (ContainerSpec("setup", init=True), main))
    made = plan(containers=[facts()], workloads=[workload])

    assert made.template_containers == {target().workload: ("main",)}
    assert made.template_resources == {target(): Resources(cpu_request=2.0)}


def test_a_template_that_declares_what_is_in_force_needs_no_word():
    main = ContainerSpec("main", requests={"cpu": 1.0, "memory": 4.0 * GIBIBYTE})
    workload = Workload(target().workload, Meta("api"), (main,))

    assert plan(containers=[facts()], workloads=[workload]).template_resources == {}
