from decimal import Decimal
from fractions import Fraction
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.histogram import Histogram
from registry.statistics.quality import (
    Completeness,
    Field,
    absolute_deviation,
    asks_about_spread,
    completeness,
    heaping,
    robust_spread,
    usual,
    usual_of,
    verdict,
)
from tests.statistics.oracles import agrees, oracle

LEYS = oracle("robust_mad")
X = LEYS["x"]
MINUTES = st.lists(st.floats(5, 1440), min_size=20, max_size=60)


def test_the_deviation_of_leys_and_others_is_theirs() -> None:
    away = 1000 - LEYS["median"]
    found = {
        "raw_mad": absolute_deviation(X),
        "mad": robust_spread(X),
        "robust_z_1000_1.4826": away / robust_spread(X),
        "modified_z_1000": 0.6745 * away / absolute_deviation(X),
    }
    agrees(found, {name: LEYS[name] for name in found}, file="robust_mad.json")


def test_a_z_is_that_of_logarithms() -> None:
    # ln minutes −1, 0 and 1 around ln 100 in equal parts: median ln 100, MAD 1.
    times = [100 * exp(k) for k in (-1, 0, 1) for _ in range(7)]
    found = usual(times)
    assert found is not None
    assert (found.n, found.middle, found.spread) == pytest.approx((21, log(100), 1.4826), rel=1e-9)
    assert found.z(100 * exp(2)) == pytest.approx(2 / 1.4826, rel=1e-9)
    assert found.z(100 * exp(-2)) == pytest.approx(-2 / 1.4826, rel=1e-9)


def test_heaped_times_have_the_spread_of_the_floor() -> None:
    found = usual([120.0] * 20)
    assert found is not None
    assert found.spread == 0.15
    assert found.z(120 * exp(0.3)) == pytest.approx(2, rel=1e-9)


def test_below_twenty_times_the_specialty_says_what_is_usual() -> None:
    own, specialty = [100.0] * 19, [200.0] * 20
    assert usual([100.0] * 20, specialty) == usual([100.0] * 20)
    assert usual(own, specialty) == usual(specialty)
    assert usual(own) is None
    assert usual(own, specialty[:19]) is None


@given(st.lists(st.integers(5, 300), max_size=60), st.lists(st.integers(5, 300), max_size=60))
def test_what_is_usual_of_a_histogram_is_what_is_usual_of_its_times(own: list[int], specialty: list[int]) -> None:
    found, wanted = usual_of(Histogram.of(own), Histogram.of(specialty)), usual(own, specialty)
    assert (found is None) == (wanted is None)
    if found and wanted:
        assert (found.n, found.middle, found.spread) == pytest.approx(
            (wanted.n, wanted.middle, wanted.spread), rel=1e-12
        )


@given(MINUTES, st.floats(0.1, 10))
def test_the_unit_of_time_does_not_matter(times: list[float], factor: float) -> None:
    one, other = usual(times), usual([time * factor for time in times])
    assert one is not None
    assert other is not None
    assert one.z(60) == pytest.approx(other.z(60 * factor), abs=1e-6)


def test_a_z_beyond_three_and_a_half_asks_and_beyond_five_blocks() -> None:
    assert [verdict(z) for z in (0, 3.5, -3.5, 3.51, -3.51, 5, -5, 5.01, -5.01)] == [
        "",
        "",
        "",
        "query",
        "query",
        "query",
        "query",
        "block",
        "block",
    ]


def test_a_standard_error_in_the_place_of_an_sd_is_asked_about() -> None:
    # Lou 2017 prints 99.2 ± 1.0.
    assert asks_about_spread(99.2, 1.0) == "SE typed as SD?"
    assert asks_about_spread(Fraction(100), Fraction(499, 100)) == "SE typed as SD?"
    assert asks_about_spread(100, 5) == ""
    assert asks_about_spread(60.0, 3.0) == ""
    assert asks_about_spread(100, 100) == ""
    assert asks_about_spread(100, 100.1) == "The SD is larger than the mean: is it in the same unit?"
    with pytest.raises(ValueError, match="above 0"):
        asks_about_spread(0, 1)


def test_heaping_is_one_by_chance_and_five_where_every_time_is_round() -> None:
    assert heaping(Histogram.of(range(100, 200))).index == 1
    assert heaping(Histogram.of([60, 65, 90])).index == 5
    assert heaping(Histogram.of([])).index is None
    assert not heaping(Histogram.of([])).looks_recalled


def test_more_than_three_fifths_of_round_times_look_recalled() -> None:
    assert not heaping(Histogram.of([60, 65, 90, 91, 92])).looks_recalled
    assert heaping(Histogram.of([60, 65, 90, 95, 91, 92])).looks_recalled
    assert heaping(Histogram.of([60, 60, 60, 61])).index == Fraction(15, 4)


def test_completeness_weighs_what_applies_and_essential_fields_decide() -> None:
    fields = [
        Field("site", 3, applies=True, valid=True, essential=True),
        Field("minutes", 3, applies=True, valid=False, essential=True),
        Field("material", 1, applies=True, valid=True),
        Field("comparator", 5, applies=False, valid=False, essential=True),
    ]
    found = completeness(fields)
    assert found == Completeness(Fraction(4, 7), ("minutes",))
    assert not found.is_analysable
    assert completeness(fields[:1]).is_analysable
    assert completeness([]) == Completeness(None, ())


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="needs values"):
        absolute_deviation([])
    with pytest.raises(ValueError):
        usual([0.0] * 20)


def test_a_typed_decimal_is_taken_as_typed() -> None:
    assert asks_about_spread(Fraction(Decimal("81.4")), Fraction(Decimal("4.07"))) == ""
    assert asks_about_spread(81.4, 4.07) == ""
