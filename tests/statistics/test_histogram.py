import statistics
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.histogram import EMPTY, HIGHEST_COUNT, Histogram, square_root
from tests.statistics.oracles import agrees, as_integers, nist_datasets, oracle

NIST = oracle("nist_strd_univariate")["expected"]
MINUTES = st.lists(st.integers(0, 65535), max_size=60)


@pytest.mark.parametrize("name", sorted(NIST))
def test_mean_and_sd_are_those_certified_by_nist_to_15_digits(name: str) -> None:
    values, scale = as_integers(nist_datasets()[name])
    histogram = Histogram.of(values)
    certified = NIST[name]
    assert histogram.mean is not None
    assert histogram.sd is not None
    found = {"n": histogram.n, "mean": histogram.mean / scale, "sd": histogram.sd / scale}
    agrees(found, certified, file="nist_strd_univariate.json", rel=1e-14)


def test_quantiles_are_type_7() -> None:
    expected = oracle("median_ci_ranks")["quantile_type7"]
    histogram = Histogram.of(expected["x"])
    found = [histogram.quantile(Fraction(p)) for p in expected["probs"]]
    agrees(found, expected["q"], file="median_ci_ranks.json", rel=0)


@given(MINUTES)
def test_every_figure_is_that_of_the_single_values(values: list[int]) -> None:
    histogram = Histogram.of(values)
    exact = [Fraction(value) for value in values]
    assert histogram.n == len(values)
    assert histogram.total == sum(values)
    assert histogram.squares == sum(value * value for value in values)
    assert histogram.mean == (statistics.mean(exact) if values else None)
    assert histogram.variance == (statistics.variance(exact) if len(values) > 1 else None)
    assert histogram.median == (statistics.median(exact) if values else None)


@given(st.lists(st.integers(0, 1440), min_size=1, max_size=60), st.fractions(0, 1))
def test_quantiles_agree_with_numpy(values: list[int], p: Fraction) -> None:
    found = Histogram.of(values).quantile(p)
    assert found is not None
    assert float(found) == pytest.approx(np.quantile(values, float(p), method="linear"), rel=1e-9, abs=1e-9)


@given(MINUTES, MINUTES)
def test_histograms_add_to_the_histogram_of_the_union(first: list[int], second: list[int]) -> None:
    union = Histogram.of(first + second)
    assert Histogram.of(first) + Histogram.of(second) == union
    assert Histogram.unpacked([Histogram.of(first).pack(), Histogram.of(second).pack()]) == union


@given(MINUTES)
def test_packing_loses_nothing_and_numpy_reads_it(values: list[int]) -> None:
    histogram = Histogram.of(values)
    packed = histogram.pack()
    assert Histogram.unpacked([packed]) == histogram
    entries = np.frombuffer(packed, dtype=[("minute", "<u2"), ("count", "<u4")])
    assert dict(zip(entries["minute"].tolist(), entries["count"].tolist(), strict=True)) == dict(histogram.counts)


def test_many_cells_are_added_as_exactly_as_a_few() -> None:
    cell = Histogram.counted({5: HIGHEST_COUNT, 700: 3, 1440: 1})
    many = Histogram.unpacked([cell.pack()] * 20_000)
    assert dict(many.counts) == {minute: count * 20_000 for minute, count in cell.counts.items()}


def test_what_does_not_fit_is_refused() -> None:
    for histogram in (Histogram.of([-1]), Histogram.of([65536]), Histogram.counted({5: HIGHEST_COUNT + 1})):
        with pytest.raises(ValueError, match="does not fit"):
            histogram.pack()
    with pytest.raises(ValueError, match="not a packed histogram"):
        Histogram.unpacked([b"\x01\x02\x03"])
    with pytest.raises(ValueError, match="below zero"):
        Histogram.counted({5: -1})


def test_ranks_count_from_0_and_end_with_the_cases() -> None:
    histogram = Histogram.of([90, 60, 60])
    assert [histogram.ranked(rank) for rank in range(3)] == [60, 60, 90]
    for rank in (-1, 3):
        with pytest.raises(IndexError):
            histogram.ranked(rank)


def test_no_case_has_no_figure() -> None:
    assert (EMPTY.n, EMPTY.mean, EMPTY.variance, EMPTY.sd, EMPTY.median) == (0, None, None, None, None)
    assert EMPTY.pack() == b""


def test_one_case_has_a_mean_and_no_sd() -> None:
    one = Histogram.of([90])
    assert (one.mean, one.median, one.variance, one.sd) == (90, 90, None, None)


def test_equal_minutes_have_an_sd_of_zero() -> None:
    assert Histogram.of([90, 90, 90]).sd == 0.0


def test_the_shortcut_with_floats_would_have_been_wrong_where_this_is_right() -> None:
    values, scale = as_integers(nist_datasets()["NumAcc4"])
    shortcut = sum((v / scale) ** 2 for v in values) / len(values) - (sum(v / scale for v in values) / len(values)) ** 2
    assert shortcut < 0
    assert square_root(Histogram.of(values).variance / scale**2) == 0.1  # type: ignore[operator]


@given(st.fractions(min_value=0, max_value=10**30))
def test_roots_are_rounded_once(value: Fraction) -> None:
    root = square_root(value)
    if value:
        below, above = np.nextafter(root, 0), np.nextafter(root, np.inf)
        middle_below, middle_above = (
            (Fraction(root) + Fraction(float(below))) / 2,
            (Fraction(root) + Fraction(float(above))) / 2,
        )
        assert middle_below**2 <= value <= middle_above**2
    else:
        assert root == 0


def test_an_entry_takes_six_bytes() -> None:
    assert Histogram.of([300, 300]).pack() == struct.pack("<HI", 300, 2)
    assert Decimal(len(Histogram.of(range(100)).pack())) == 600
