"""Expressions are filled in."""

from costkit.collect.query import Query, bind, fill, quote


def query(expression, **fields):
    return Query("x", "x", expression, ("pod",), "day", **fields)


def test_matchers_stand_behind_others_or_alone():
    assert fill('a{b="c"$S} + d{$T}', ('e="f"', 'g="h"')) == 'a{b="c",e="f",g="h"} + d{e="f",g="h"}'
    assert fill('a{b="c"$S} + d{$T}', ()) == 'a{b="c"} + d{}'


def test_spans_are_seconds():
    assert bind(query("rate(a[$W]) + b[$D:5m]"), (), 480, 1800.0) == "rate(a[480s]) + b[1800s:5m]"


def test_what_is_filled_in_is_not_filled_in_again():
    assert bind(query('a{x="1"$S}'), ('pod="$W $T"',), 300) == 'a{x="1",pod="$W $T"}'


def test_matchers_go_by_other_names_where_series_do():
    renamed = (("pod", "pod_name"),)
    assert bind(query('a{x="1"$s} or b{$T}', renamed=renamed), ('pod=~"pod"',), 300) == (
        'a{x="1",pod_name=~"pod"} or b{pod=~"pod"}'
    )
    assert bind(query('a{x="1"$s}', renamed=renamed), (), 300) == 'a{x="1"}'


def test_parts_are_counted_together():
    assert bind(query("a{$T}", together="sum by (pod)"), (), 300) == "sum by (pod) (a{})"


def test_a_label_value_is_escaped():
    assert quote('a"b\\c\nd') == '"a\\"b\\\\c\\nd"'
