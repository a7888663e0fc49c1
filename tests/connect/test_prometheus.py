"""Answers of a Prometheus are read as it writes them."""

import math

from costkit.connect.prometheus import Endpoint, Prometheus


def values(*texts):
    points = ",".join(f'[{i},"{text}"]' for i, text in enumerate(texts))
    series = '{"metric":{"le":"+Inf"},"values":[' + points + '],"value":[9, "+Inf" ]}'
    body = '{"status":"success","data":{"resultType":"matrix","result":[' + series + "]}}"
    with Prometheus(Endpoint("http://127.0.0.1:1")) as prometheus:
        (only,) = prometheus._decode(body.encode()).data.result
    return only


def test_numbers_that_are_none_are_read_with_the_others():
    found = values("1.5", "+Inf", "-Inf", "NaN", "1e-7")
    numbers = [value for _, value in found.values]
    assert numbers[:3] + numbers[4:] == [1.5, math.inf, -math.inf, 1e-7]
    assert math.isnan(numbers[3])
    assert found.value == (9.0, math.inf)


def test_a_label_that_says_infinity_stays_as_it_is():
    assert values("1").metric == {"le": "+Inf"}
