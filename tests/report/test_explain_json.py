"""`explain -o json`: what a machine reads of it."""

import json

from costkit.report.explain_json import to_json
from costkit.report.serialized import json_text
from tests.report.explanations import DAYS, FLEET, explained, recommended


def document(*containers):
    return json.loads(json_text(to_json(explained(*containers))))


def test_a_container_has_sizes_factors_record_and_outlook():
    (told,) = document(recommended(FLEET))["containers"]

    assert (told["before"]["requests"], told["after"]["requests"]) == (
        {"cpu": "1", "memory": "1Gi"},
        {"cpu": "250m", "memory": "1Gi"},
    )
    finding = told["finding"]
    assert (finding["result"], finding["risk"], finding["confidence"]) == ("recommended", "low", 0.93)
    assert finding["why"][0]["params"] == {"percentile": 0.95, "value": 0.212}
    assert finding["score"] == {
        "weeks": 4210,
        "violated": 0.093,
        "overUse": 0.011,
        "own": False,
        "resource": "cpu",
    }
    assert told["outlook"] == ["cpu: a size above 900m and below 1.1 would leave it as it is"]


def test_use_is_a_number_a_half_hour_and_null_where_nobody_saw():
    _, proxy, _ = document()["containers"]
    (cpu,) = proxy["usage"]

    assert (cpu["resource"], cpu["start"], cpu["stepSeconds"]) == ("cpu", "2026-11-10T00:00:00Z", 1800)
    assert len(cpu["means"]) == len(cpu["peaks"]) == DAYS * 48
    assert cpu["peaks"][: 11 * 48] == [None] * 11 * 48
    assert max(cpu["peaks"][11 * 48 :]) == 0.05
    assert (cpu["peak"], cpu["peakAt"], cpu["peakPod"]) == (0.05, "2026-11-15T14:05:00Z", "api-9d")
    assert (cpu["hottestPod"], cpu["hottestDays"], cpu["days"]) == ("api-7f", 1, 3)


def test_findings_are_told_apart_and_what_is_no_number_is_null():
    api, proxy, spare = (container["finding"] for container in document()["containers"])

    assert api["why"][1]["params"]["odd"] is None
    assert (proxy["result"], proxy["reason"]) == ("declined", "too-little-data")
    assert (spare["result"], spare["reason"]) == ("fine", "fits")
    assert document(recommended(None))["containers"][0]["finding"]["score"] is None


def test_rules_have_file_and_line():
    told = document()

    assert (told["kind"], told["class"], told["target"]["name"]) == ("Explained", "standard", "api")
    assert told["rules"][1] == {
        "key": "defaults.cpu.margin",
        "value": "15%",
        "file": "mine/rightsize.yaml",
        "line": 3,
    }
