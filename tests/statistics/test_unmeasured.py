from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.unmeasured import EValue, e_value, in_plain_words, of_difference, of_ratio
from tests.statistics.oracles import agrees, oracle

CASES = oracle("evalue")["cases"]


def _compare(found: EValue, case: dict[str, list[Any]]) -> None:
    agrees([found.ratio, found.low, found.high], case["RR"], file="evalue.json")
    agrees([found.e, found.e_limit], [value for value in case["E"] if value is not None], file="evalue.json")


@pytest.mark.parametrize(
    ("name", "d", "se"), [("md_0.5_0.25", 0.5, 0.25), ("md_neg", -0.6, 0.15), ("md_null", 0.3, 0.25)]
)
def test_standardised_differences_have_the_e_values_of_the_r_package(name: str, d: float, se: float) -> None:
    _compare(of_difference(d, se, 1), CASES[name])
    _compare(of_difference(40 * d, 40 * se, 40), CASES[name])


@pytest.mark.parametrize("name", ["rr3.9", "rr0.8", "rr10.73"])
def test_ratios_have_the_e_values_of_the_r_package(name: str) -> None:
    _compare(of_ratio(*(float(value) for value in CASES[name]["RR"])), CASES[name])


def test_every_case_of_the_oracle_is_asked_for() -> None:
    assert set(CASES) == {"md_0.5_0.25", "md_neg", "md_null", "rr3.9", "rr0.8", "rr10.73"}


def test_the_specification_s_example() -> None:
    found = of_difference(23.3, 6.07, 40)
    assert found.e == pytest.approx(2.79, abs=0.005)
    assert found.e_limit == pytest.approx(1.92, abs=0.005)


def test_an_interval_that_holds_1_needs_nothing_unmeasured() -> None:
    assert of_ratio(1.2, 1.0, 1.5).e_limit == 1
    assert of_ratio(0.8, 0.5, 1.0).e_limit == 1


@given(st.floats(0.01, 100))
def test_a_ratio_and_its_inverse_need_the_same(ratio: float) -> None:
    assert e_value(ratio) == pytest.approx(e_value(1 / ratio), rel=1e-6)
    # The bias of a confounder that strong on both sides is the ratio: E²/(2E − 1).
    e = e_value(ratio)
    assert e * e / (2 * e - 1) == pytest.approx(max(ratio, 1 / ratio), rel=1e-6)


def test_without_a_spread_there_is_no_e_value_and_without_an_error_no_limit() -> None:
    for sd in (None, 0.0):
        assert of_difference(20, 5, sd) == EValue(reason="the spread without a print is not known, so no E-value")
    found = of_difference(20, None, 40)
    assert (found.ratio, found.low, found.e_limit) == (exp(0.91 * 0.5), None, None)
    assert found.e == e_value(exp(0.91 * 0.5))
    assert found.reason == "no standard error, so no limits"


def test_the_plain_sentence_names_the_limit_nearer_to_no_difference() -> None:
    assert (
        in_plain_words(8.97, 37.66)
        == "An unmeasured imbalance of 9.0 minutes between the arms would remove the effect."
    )
    assert in_plain_words(-30.0, -4.5).startswith("An unmeasured imbalance of 4.5 minutes")
    assert in_plain_words(-1.0, 5.0).startswith("The interval holds no difference already")


@pytest.mark.parametrize(("ratio", "low", "high"), [(0, 0, 1), (2, 2.5, 3), (2, 1, 1.5), (-1, -2, 3)])
def test_limits_lie_around_a_ratio_above_0(ratio: float, low: float, high: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        of_ratio(ratio, low, high)


def test_a_ratio_of_0_has_no_e_value() -> None:
    with pytest.raises(ValueError, match="above 0"):
        e_value(0)
