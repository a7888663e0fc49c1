"""Answers of a Prometheus are read as it writes them."""

import math

import numpy as np
import pytest

from costkit.connect.answers import AnswerError, decode, error_text


def body(series, more=""):
    return f'{{"status":"success","data":{{"resultType":"matrix","result":[{series}]}}{more}}}'.encode()


def ranged(*texts):
    points = ",".join(f'[{60 * i},"{text}"]' for i, text in enumerate(texts))
    (only,) = decode(body(f'{{"metric":{{"le":"+Inf"}},"values":[{points}]}}')).series
    return only


def test_a_range_becomes_two_arrays():
    found = ranged("1.5", "2", "-1e-7")
    assert found.times.tolist() == [0, 60, 120]
    assert found.numbers.tolist() == [1.5, 2, -1e-7]
    assert found.times.dtype == found.numbers.dtype == np.float64
    assert found.value is None


def test_numbers_that_are_none_are_read_with_the_others():
    found = ranged("1.5", "+Inf", "-Inf", "NaN", "1e-7").numbers.tolist()
    assert found[:3] + found[4:] == [1.5, math.inf, -math.inf, 1e-7]
    assert math.isnan(found[3])


def test_a_label_that_says_infinity_stays_as_it_is():
    assert ranged("1").metric == {"le": "+Inf"}


@pytest.mark.parametrize(("text", "number"), [("1.5", 1.5), ("+Inf", math.inf)])
def test_an_instant_has_one_value(text, number):
    answer = decode(body(f'{{"metric":{{}},"value":[9.125,"{text}"]}}'))
    assert answer.series[0].value == (9.125, number)
    assert answer.series[0].times.size == 0
    assert answer.samples == 1


def test_samples_are_counted_over_all_series():
    assert decode(body('{"metric":{},"values":[[1,"2"],[2,"3"]]},{"metric":{},"values":[[1,"2"]]}')).samples == 3
    assert decode(body("")).samples == 0


def test_a_native_histogram_alone_has_no_samples():
    assert decode(body('{"metric":{},"histograms":[[1,{"count":"2","sum":"3"}]]}')).series[0].times.size == 0


@pytest.mark.parametrize(
    "text",
    [
        body('{"metric":{},"values":[[1,"2"],[2,"3"]]}')[:-20],
        body('{"metric":{},"values":[[1,"2"],[2]]}'),
        body('{"metric":{},"values":[[1,"two"]]}'),
        body('{"metric":{},"value":[1,"two"]}'),
        b'{"status":"error","error":"no"}',
        b'{"status":"pending","data":{"result":[]}}',
        b"<html>",
        b"[]",
        b"",
    ],
)
def test_what_is_no_answer_is_refused(text):
    with pytest.raises(AnswerError):
        decode(text)


def test_warnings_are_of_partial_data_and_infos_are_not():
    """Prometheus 3 has `infos`; Thanos puts the same remarks among the warnings."""
    remark = 'PromQL info: metric might not be a counter: "up"'
    answer = decode(body("", f',"warnings":["no store matched","{remark[:12]} x"],"infos":["other"]'))
    assert answer.warnings == ("no store matched",)
    assert answer.infos == ("PromQL info: x", "other")
    assert decode(body("", ',"warnings":null')).warnings == ()


def test_the_reason_of_an_error_is_its_first_line():
    assert error_text(b'{"status":"error","errorType":"execution","error":"too many\\nsamples"}') == "too many"
    assert error_text(b"<html>") == error_text(b'{"status":"error"}') == error_text(b'{"error":""}') == ""
