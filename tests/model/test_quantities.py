"""Quantities read and written, against the Kubernetes client's own reader."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernetes.utils.quantity import parse_quantity

from costkit.model.quantities import (
    GIBIBYTE,
    MEBIBYTE,
    format_cpu,
    format_memory,
    format_resource,
    parse,
    short_cpu,
    short_memory,
)

SUFFIXES = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]


@given(st.decimals(0, 100_000, places=3), st.sampled_from(SUFFIXES))
def test_a_quantity_is_read_as_the_kubernetes_client_reads_it(number, suffix):
    text = f"{number}{suffix}"
    assert parse(text) == pytest.approx(float(parse_quantity(text)), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250m", 0.25),
        ("1.5Gi", 1.5 * GIBIBYTE),
        ("2e3", 2000.0),
        ("2E3", 2000.0),
        ("1E", 1e18),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1", 1.0),
        ("-1", -1.0),
        (" 100Mi ", 100 * MEBIBYTE),
        ("1e-3", 0.001),
        ("0", 0.0),
    ],
)
def test_every_notation_of_the_api_is_read(text, value):
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "m", "Gi", "1 Gi", "1gi", "1K", "1KiB", "1,5", "0x10", "1e", "nan", "inf", "--1", "1mm", "٣"],
)
def test_what_is_no_quantity_is_refused_with_its_text(text):
    with pytest.raises(ValueError, match="is not a Kubernetes quantity"):
        parse(text)


@given(st.integers(0, 10_000_000))
def test_millicores_survive_being_written_and_read(millicores):
    assert parse(format_cpu(millicores / 1000)) == millicores / 1000


@given(st.integers(0, 2**53))
def test_bytes_survive_being_written_and_read(size):
    assert parse(format_memory(float(size))) == size


@given(st.floats(0, 1e6))
def test_cores_are_never_rounded_down_and_by_less_than_a_millicore(cores):
    written = Decimal(parse_quantity(format_cpu(cores)))
    assert Decimal(repr(cores)) <= written <= Decimal(repr(cores)) + Decimal("0.001")


@pytest.mark.parametrize(
    ("cores", "text"), [(0.0, "0"), (2.0, "2"), (0.25, "250m"), (1.5, "1500m"), (0.0001, "1m"), (0.3, "300m")]
)
def test_cores_are_written_in_their_canonical_form(cores, text):
    assert format_cpu(cores) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0.0, "0"),
        (768.0 * MEBIBYTE, "768Mi"),
        (2.0 * GIBIBYTE, "2Gi"),
        (1.5 * GIBIBYTE, "1536Mi"),
        (1000.0, "1000"),
        (1024.0, "1Ki"),
        (1024.5, "1025"),
    ],
)
def test_bytes_are_written_in_the_largest_unit_that_leaves_a_whole_number(size, text):
    assert format_memory(size) == text


def test_a_resource_is_written_in_its_own_unit():
    assert format_resource("cpu", 0.5) == "500m"
    assert format_resource("memory", 512.0 * MEBIBYTE) == "512Mi"
    assert format_resource("ephemeral-storage", 1.0 * GIBIBYTE) == "1Gi"
    assert format_resource("nvidia.com/gpu", 2.0) == "2"


def test_sizes_for_people_have_three_digits_at_the_most():
    assert short_memory(611.4 * MEBIBYTE) == "611Mi"
    assert short_memory(1.94 * GIBIBYTE) == "1.9Gi"
    assert short_memory(4.0 * GIBIBYTE) == "4Gi"
    assert short_memory(12.0) == "12"
    assert short_cpu(0.2121) == "212m"
    assert short_cpu(1.25) == "1.25"
    assert short_cpu(8.0) == "8"
