"""GPUs that are idle, shared, sliced or not told by any series: which finding each gives, with its numbers."""

import pytest

from costkit.model.facts import Gpus
from costkit.model.recommendation import Declined, Fine, Recommendation
from costkit.recommend.rightsize.gpus import gpu_reason, with_gpus
from tests.recommend.cases import API, facts, finding, profile, verdict

WHOLE = Gpus("nvidia.com/gpu", 2.0)
SHARED = Gpus("nvidia.com/gpu", 1.0, "shared", "its node makes 4 of each GPU by mps")
SLICE = Gpus("nvidia.com/mig-1g.5gb", 1.0, "mig", "its resource is a slice")


def used(share, **fields):
    return profile(share, "gpu", **fields)


def reason(gpus, gpu=None, **fields):
    found = gpu_reason(facts(gpus=gpus, gpu=gpu, **fields))
    return None if found is None else (found.code, found.text)


def test_a_gpu_that_was_never_used_is_idle():
    assert reason(WHOLE, used(0.0)) == ("gpu-idle", "asks for 2 nvidia.com/gpu and used at most 0% of one in 14.0 days")
    assert reason(WHOLE, used(0.05))[0] == "gpu-idle"


@pytest.mark.parametrize("seen", [used(0.06), used(0.0, peak=0.5), used(0.0, days=2.9), used(0.0, coverage=0.4)])
def test_one_that_was_used_once_or_seen_too_little_is_not(seen):
    assert reason(WHOLE, seen) is None


def test_a_shared_gpu_is_never_idle_whatever_its_series_say():
    code, text = reason(SHARED, used(0.0))
    assert code == "gpu-shared"
    assert text.startswith("asks for 1 nvidia.com/gpu (its node makes 4 of each GPU by mps): the series of its use are")
    assert text.endswith("of all that share it (at most 0% in 14.0 days), so it is not called idle")


def test_a_slice_is_never_idle_with_and_without_series():
    code, text = reason(SLICE)
    assert (code, "asks for 1 nvidia.com/mig-1g.5gb (its resource is a slice)" in text) == ("gpu-mig", True)
    assert reason(SLICE, used(0.0))[0] == "gpu-mig"


def test_without_a_series_that_names_its_pods_use_is_not_known():
    assert reason(WHOLE, pods=3) == (
        "gpu-unlabelled",
        "asks for 2 nvidia.com/gpu, and no DCGM series names its 3 pods: use is not known",
    )
    assert reason(WHOLE, pods=0) is None


def test_who_asks_for_no_gpu_has_none():
    assert reason(None, used(0.0)) is None


def test_where_cpu_and_memory_fit_it_is_a_finding_of_its_own():
    fits = facts(3.9, None, {"cpu": 4.0}, gpus=WHOLE, gpu=used(0.0))
    assert isinstance(finding(facts(3.9, None, {"cpu": 4.0})), Fine)

    found = with_gpus(Fine("rightsize", API, "fits", "cpu stays: it fits"), fits)

    assert found == Declined(
        "rightsize",
        API,
        "gpu-idle",
        "asks for 2 nvidia.com/gpu and used at most 0% of one in 14.0 days; cpu stays: it fits",
    )


def test_beside_a_resize_it_is_one_more_reason():
    of = facts(1.0, None, {"cpu": 4.0}, gpus=WHOLE, gpu=used(0.0))
    found = with_gpus(finding(facts(1.0, None, {"cpu": 4.0})), of)

    assert isinstance(found, Recommendation)
    assert found.why[-1].code == "gpu-idle"
    assert found.why[-1].params == {"count": 2.0, "resource": "nvidia.com/gpu", "peak": 0.0, "days": 14.0}


def test_beside_another_reason_against_a_size_it_is_told_behind_it():
    of = facts(verdicts=verdict("owned"), gpus=WHOLE, gpu=used(0.0))
    found = with_gpus(Declined("rightsize", API, "owned", "it is owned"), of)
    words = "it is owned; asks for 2 nvidia.com/gpu and used at most 0% of one in 14.0 days"

    assert found == Declined("rightsize", API, "owned", words)


def test_where_there_is_nothing_to_say_the_finding_stays():
    of = facts(1.0, None, {"cpu": 4.0}, gpus=WHOLE, gpu=used(0.7))
    found = Fine("rightsize", API, "fits", "it fits")
    assert with_gpus(found, of) is found
