"""Which pods lived on a day."""

from dataclasses import replace
from math import inf

import numpy as np

from costkit.collect.lived import Lived, PodsOfDay, by_namespace, since_first_sample
from costkit.model.window import DAY, STEP, STEPS
from tests.collect.days import API, API_RS, MIDNIGHT, OWNERS, POD, PODS, TODAY, answers, living, matrix

END = MIDNIGHT + DAY


def day(alive=None, span=TODAY, **told):
    return PodsOfDay(answers(PODS, **told), span, {} if alive is None else {POD: alive}, OWNERS)


def gone(seen=END, node="", **told):
    return day(pod_seen=matrix({(*ONE, node): seen}), **told).by_key[POD]


ONE = (*POD, "uid-1")
OTHER = ("shop", "other", "uid-2")
OWNED = matrix({(*ONE, "ReplicaSet", API_RS.name): 1.0})


def test_a_living_pod_is_as_the_api_says():
    found = day(living()).by_key[POD]
    assert (found.workload, found.revision, found.node, found.end) == (API, "h", "n1", inf)


def test_a_living_pod_that_has_completed_has_ended():
    assert day(living(phase="Succeeded", end=MIDNIGHT + 60)).by_key[POD].end == MIDNIGHT + 60


def test_a_pod_that_starts_after_the_day_did_not_live_on_it():
    assert day(living(start=END + 1)).by_key == {}


def test_an_earlier_pod_of_a_living_ones_name_is_another_pod():
    found = day(living("web-0", start=END + 1), pod_seen=matrix({(*ONE, "n1"): END - 3600}), pod_owner=OWNED)
    assert found.by_key[POD].end == END - 3600
    assert dict(found.joined) == {"series": 1}


def test_a_gone_pod_comes_from_series():
    found = gone(
        pod_owner=OWNED,
        node="n7",
        pod_start=matrix({ONE: MIDNIGHT + 600}),
        pod_end=matrix({ONE: MIDNIGHT + 1200}),
    )
    assert (found.workload, found.node, found.start, found.end) == (API, "n7", MIDNIGHT + 600, MIDNIGHT + 1200)


def test_a_gone_pod_without_a_start_was_there_when_the_day_began():
    assert gone().start == MIDNIGHT


def test_a_pod_last_seen_before_the_days_end_has_ended_then():
    assert gone(END - 3600).end == END - 3600


def test_a_pod_seen_until_the_days_end_has_not_ended_on_it():
    assert gone(END - 2 * STEP).end == inf
    assert gone(END - 2 * STEP - 1).end == END - 2 * STEP - 1


def test_the_revision_is_the_hash_of_the_replica_sets_name_where_labels_are_not_exported():
    assert gone(pod_owner=OWNED).revision == "7d764666f9"
    assert gone().revision == ""


def test_the_revision_is_the_labels_where_they_are_exported():
    assert gone(pod_owner=OWNED, pod_labels=matrix({(*ONE, "abc", ""): 1.0})).revision == "abc"
    assert gone(pod_labels=matrix({(*ONE, "", "sts-1"): 1.0})).revision == "sts-1"


def test_a_replica_set_that_is_gone_is_followed_by_its_owner_series():
    told = {
        "pod_owner": matrix({(*ONE, "ReplicaSet", "api-old"): 1.0}),
        "replicaset_owner": matrix({("shop", "api-old", "Deployment", "api"): 1.0}),
    }
    assert gone(**told).workload == API


def test_a_pod_without_any_owner_is_not_joined_by_an_empty_one():
    found = day(pod_seen=matrix({(*ONE, "n1"): END}), pod_owner=matrix({(*ONE, "<none>", "<none>"): 1.0}))
    assert dict(found.joined) == {"living": 1}


def test_without_any_series_living_pods_are_known():
    assert day(living()).by_key.keys() == {POD}
    assert day().by_key == {}


def test_a_pod_ends_when_it_last_ran_not_when_it_was_last_listed():
    found = gone(pod_running=matrix({(*ONE, "ksm"): END - 3600}), node="n1")
    assert (found.end, found.ran) == (END - 3600, True)


def test_a_pod_that_is_listed_but_did_not_run_that_day_did_not_run():
    assert gone(node="n1").ran
    assert not gone(node="n1", pod_running=matrix({(*OTHER, "ksm"): END})).ran
    assert not gone(pod_running=matrix({(*ONE, "ksm"): END})).ran
    assert not gone(node="n1", pod_end=matrix({ONE: MIDNIGHT})).ran
    assert gone(node="n1", pod_end=matrix({ONE: MIDNIGHT + 1}), pod_running=matrix({(*OTHER, "ksm"): END})).ran


def test_a_living_pod_that_was_evicted_ran_as_long_as_it_was_seen_to():
    evicted = living(phase="Failed")
    seen = matrix({(*ONE, "n1"): END})
    assert not day(evicted, pod_seen=seen).by_key[POD].ran
    found = day(evicted, pod_seen=seen, pod_running=matrix({(*ONE, "ksm"): END - 3600})).by_key[POD]
    assert (found.end, found.ran) == (END - 3600, True)


def test_a_living_pod_runs_while_it_holds_a_node():
    assert day(living()).by_key[POD].ran
    assert not day(living(node="", phase="Pending")).by_key[POD].ran
    assert not day(living(phase="Succeeded", end=MIDNIGHT - 60)).by_key[POD].ran


def test_an_earlier_pod_of_a_living_ones_name_was_there_when_the_day_began():
    assert day(living("web-0", start=END + 1), pod_seen=matrix({(*ONE, "n1"): END})).by_key[POD].start == MIDNIGHT


def since(start, first):
    pods = {POD: Lived(API, "h", "n1", start, inf)}
    usage = np.full(STEPS, np.nan)
    usage[first:] = 1.0
    nothing = matrix({(*POD, "mesh"): [np.nan]}, STEPS)
    made = since_first_sample(pods, [nothing, matrix({(*POD, "main"): usage}, STEPS)], MIDNIGHT)
    return made[POD].start


def test_a_pod_whose_name_was_used_before_stands_for_both_from_the_first_sample_on():
    assert since(MIDNIGHT + 10 * 3600, 0) == MIDNIGHT
    assert since(MIDNIGHT + 10 * 3600, 24) == MIDNIGHT + 24 * STEP


def test_the_step_in_which_a_pod_starts_is_not_before_its_start():
    assert since(MIDNIGHT + 10 * STEP + 120, 10) == MIDNIGHT + 10 * STEP + 120
    assert since(MIDNIGHT + 11 * STEP, 10) == MIDNIGHT + 11 * STEP
    assert since(MIDNIGHT + 10 * STEP + 120, 11) == MIDNIGHT + 10 * STEP + 120


def test_a_pod_without_samples_starts_as_it_is_said():
    assert since(MIDNIGHT + 60, STEPS) == MIDNIGHT + 60


def test_living_pods_are_grouped_by_namespace():
    assert by_namespace([living("a"), living("b")])["shop"].keys() == {("shop", "a"), ("shop", "b")}


NEXT = (*POD, "uid-2")
NOON = MIDNIGHT + DAY / 2


def two_pods(alive=None, **told):
    """The first ran on n1 until noon, the second on n2 from a minute past."""
    series = {
        "pod_seen": matrix({(*ONE, "n1"): NOON - 60, (*NEXT, "n2"): END}),
        "pod_running": matrix({(*ONE, "ksm"): NOON - 60, (*NEXT, "ksm"): END}),
        "pod_start": matrix({ONE: MIDNIGHT - 60, NEXT: NOON + 60}),
        "pod_labels": matrix({(*ONE, "", "r1"): 1.0, (*NEXT, "", "r2"): 1.0}),
    }
    return day(alive, **{**series, **told}).by_key[POD]


def lives(pod):
    return [(one.revision, one.node, one.start, one.end) for one in (*pod.earlier, pod)]


BOTH = [("r1", "n1", MIDNIGHT - 60, NOON - 60), ("r2", "n2", NOON + 60, inf)]


def test_a_name_that_was_used_again_is_two_pods_each_with_its_own_node_and_revision():
    assert lives(two_pods()) == BOTH


def test_the_order_of_uids_is_that_of_their_starts():
    turned = {"pod_start": matrix({ONE: NOON + 60, NEXT: MIDNIGHT - 60})}
    seen = {"pod_seen": matrix({(*ONE, "n1"): END, (*NEXT, "n2"): NOON - 60})}
    running = {"pod_running": matrix({(*ONE, "ksm"): END, (*NEXT, "ksm"): NOON - 60})}
    assert [one[0] for one in lives(two_pods(**turned, **seen, **running))] == ["r2", "r1"]


def test_the_pod_before_the_living_one_is_another_one():
    pod = living(start=NOON + 60, node="n2", revision="r2")
    alive = replace(pod, meta=replace(pod.meta, uid="uid-2"))
    assert lives(two_pods(alive)) == BOTH


def test_a_pod_ends_before_the_next_one_of_its_name_begins():
    """A kube-state-metrics that lags has both."""
    found = two_pods(pod_running=matrix({(*ONE, "ksm"): NOON + 1200, (*NEXT, "ksm"): END}))
    assert [one[3] for one in lives(found)] == [NOON + 60, inf]


def test_what_completed_before_the_pod_began_was_an_earlier_one():
    """kube-state-metrics 1.x tells no uid of a completion."""
    assert gone(pod_start=matrix({(*POD, ""): NOON}), pod_end=matrix({(*POD, ""): NOON - 60})).end == inf
    assert gone(pod_start=matrix({(*POD, ""): NOON}), pod_end=matrix({(*POD, ""): NOON + 60})).end == NOON + 60


def test_without_a_uid_at_its_start_an_earlier_pod_cannot_be_told_apart():
    found = two_pods(pod_start=matrix({(*POD, ""): NOON + 60}))
    assert (found.earlier, found.node, found.start) == ((), "n2", NOON + 60)


def test_a_pod_is_where_it_was_seen_last():
    found = day(pod_seen=matrix({(*ONE, ""): MIDNIGHT + 60, (*ONE, "n1"): END})).by_key[POD]
    assert found.node == "n1"


def test_what_is_seen_until_all_series_end_has_not_ended_then():
    """Prometheus was down from noon on."""
    told = {"pod_seen": matrix({(*ONE, "n1"): NOON - 60}), "pod_running": matrix({(*ONE, "ksm"): NOON - 60})}
    found = PodsOfDay(answers(PODS, **told), TODAY, {}, OWNERS, told_until=NOON).by_key[POD]
    assert (found.end, found.ran) == (inf, True)
    earlier = PodsOfDay(answers(PODS, **told), TODAY, {}, OWNERS, told_until=NOON + 3600).by_key[POD]
    assert earlier.end == NOON - 60


def doubted(last_sample, others=END):
    """One kube-state-metrics has the pod until noon and tells on of others; a second one has it to the day's end."""
    running = {(*ONE, "fresh"): NOON, (*ONE, "stuck"): END, (*OTHER, "fresh"): others, (*OTHER, "stuck"): END}
    seen = {(*ONE, "n1"): END, (*OTHER, "n1"): END}
    pods = day(pod_seen=matrix(seen), pod_running=matrix(running)).by_key
    usage = np.full(STEPS, np.nan)
    usage[: int((last_sample - MIDNIGHT) / STEP)] = 1.0
    return since_first_sample(pods, [matrix({(*POD, "main"): usage}, STEPS)], MIDNIGHT)[POD].end


def test_a_pod_that_only_a_stuck_kube_state_metrics_tells_of_has_ended_where_its_samples_do():
    assert doubted(NOON) == NOON


def test_a_pod_that_another_shard_took_over_has_samples_on():
    assert doubted(END) == inf


def test_a_kube_state_metrics_that_is_gone_itself_ends_no_pod():
    assert doubted(NOON, others=NOON) == inf


def test_a_clock_that_is_a_little_behind_makes_no_second_pod():
    assert since(MIDNIGHT + 12 * STEP + 30, 11) == MIDNIGHT + 12 * STEP + 30
    assert since(MIDNIGHT + 12 * STEP + 150, 11) == MIDNIGHT + 11 * STEP
