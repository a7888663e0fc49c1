"""Which pods lived on a day."""

from math import inf

import numpy as np

from costkit.collect.lived import Lived, PodsOfDay, by_namespace, since_first_sample
from costkit.model.window import DAY, STEP, STEPS
from tests.collect.days import API, API_RS, MIDNIGHT, OWNERS, POD, PODS, TODAY, answers, living, matrix

END = MIDNIGHT + DAY


def day(alive=None, span=TODAY, **told):
    return PodsOfDay(answers(PODS, **told), span, {} if alive is None else {POD: alive}, OWNERS)


def gone(seen=END, **told):
    return day(pod_seen=matrix({POD: seen}), **told).by_key[POD]


OWNED = matrix({(*POD, "ReplicaSet", API_RS.name): 1.0})


def test_a_living_pod_is_as_the_api_says():
    found = day(living()).by_key[POD]
    assert (found.workload, found.revision, found.node, found.end) == (API, "h", "n1", inf)


def test_a_living_pod_that_has_completed_has_ended():
    assert day(living(phase="Succeeded", end=MIDNIGHT + 60)).by_key[POD].end == MIDNIGHT + 60


def test_a_pod_that_starts_after_the_day_did_not_live_on_it():
    assert day(living(start=END + 1)).by_key == {}


def test_an_earlier_pod_of_a_living_ones_name_is_another_pod():
    found = day(living("web-0", start=END + 1), pod_seen=matrix({POD: END - 3600}), pod_owner=OWNED)
    assert found.by_key[POD].end == END - 3600
    assert dict(found.joined) == {"series": 1}


def test_a_gone_pod_comes_from_series():
    found = gone(
        pod_owner=OWNED,
        pod_node=matrix({(*POD, "n7"): 1.0}),
        pod_start=matrix({POD: MIDNIGHT + 600}),
        pod_end=matrix({POD: MIDNIGHT + 1200}),
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
    assert gone(pod_owner=OWNED, pod_labels=matrix({(*POD, "abc", ""): 1.0})).revision == "abc"
    assert gone(pod_labels=matrix({(*POD, "", "sts-1"): 1.0})).revision == "sts-1"


def test_a_replica_set_that_is_gone_is_followed_by_its_owner_series():
    told = {
        "pod_owner": matrix({(*POD, "ReplicaSet", "api-old"): 1.0}),
        "replicaset_owner": matrix({("shop", "api-old", "Deployment", "api"): 1.0}),
    }
    assert gone(**told).workload == API


def test_a_pod_without_any_owner_is_not_joined_by_an_empty_one():
    found = day(pod_seen=matrix({POD: END}), pod_owner=matrix({(*POD, "<none>", "<none>"): 1.0}))
    assert dict(found.joined) == {"living": 1}


def test_without_any_series_living_pods_are_known():
    assert day(living()).by_key.keys() == {POD}
    assert day().by_key == {}


NODE = matrix({(*POD, "n1"): 1.0})


def test_a_pod_ends_when_it_last_ran_not_when_it_was_last_listed():
    found = gone(pod_running=matrix({POD: END - 3600}), pod_node=NODE)
    assert (found.end, found.ran) == (END - 3600, True)


def test_a_pod_that_is_listed_but_did_not_run_that_day_did_not_run():
    assert gone(pod_node=NODE).ran
    assert not gone(pod_node=NODE, pod_running=matrix({("shop", "other"): END})).ran
    assert not gone(pod_running=matrix({POD: END})).ran
    assert not gone(pod_node=NODE, pod_end=matrix({POD: MIDNIGHT})).ran
    assert gone(pod_node=NODE, pod_end=matrix({POD: MIDNIGHT + 1}), pod_running=matrix({("shop", "other"): END})).ran


def test_a_living_pod_that_was_evicted_ran_as_long_as_it_was_seen_to():
    evicted = living(phase="Failed")
    seen = matrix({POD: END})
    assert not day(evicted, pod_seen=seen).by_key[POD].ran
    found = day(evicted, pod_seen=seen, pod_running=matrix({POD: END - 3600})).by_key[POD]
    assert (found.end, found.ran) == (END - 3600, True)


def test_a_living_pod_runs_while_it_holds_a_node():
    assert day(living()).by_key[POD].ran
    assert not day(living(node="", phase="Pending")).by_key[POD].ran
    assert not day(living(phase="Succeeded", end=MIDNIGHT - 60)).by_key[POD].ran


def test_an_earlier_pod_of_a_living_ones_name_was_there_when_the_day_began():
    assert day(living("web-0", start=END + 1), pod_seen=matrix({POD: END})).by_key[POD].start == MIDNIGHT


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
