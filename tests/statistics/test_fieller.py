from math import sqrt
from statistics import NormalDist, covariance, fmean, variance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.statistics.fieller import NOT_ESTIMABLE, Ratio, ratio

OLD_MINUS_PLACEBO = [8406, 2342, 8187, 8459, 4795, 3516, 4796, 10238]
NEW_MINUS_OLD = [-1200, 2601, -2705, 1982, -1290, 351, -638, -2719]
"""Hormone patches of eight people: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, Table 10.1 and section 25.6."""


def _patches(level: float) -> Ratio:
    v_a, v_b = variance(NEW_MINUS_OLD) / 8, variance(OLD_MINUS_PLACEBO) / 8
    cov = covariance(NEW_MINUS_OLD, OLD_MINUS_PLACEBO) / 8
    return ratio(fmean(NEW_MINUS_OLD), fmean(OLD_MINUS_PLACEBO), v_a=v_a, v_b=v_b, cov=cov, df=7, level=level)


def test_the_patches_have_the_specification_s_interval_which_is_one_of_90_percent() -> None:
    found = _patches(0.9)
    assert found.estimate == pytest.approx(-0.0713, abs=5e-5)
    assert found.low == pytest.approx(-0.2488729, abs=5e-8)
    assert found.high == pytest.approx(0.1702262, abs=5e-8)


def test_a_higher_level_is_wider() -> None:
    narrow, wide = _patches(0.9), _patches(0.95)
    assert narrow.low is not None
    assert wide.low is not None
    assert narrow.high is not None
    assert wide.high is not None
    assert wide.low < narrow.low < narrow.high < wide.high


def test_an_uncertain_denominator_has_no_interval_and_no_number() -> None:
    z = NormalDist().inv_cdf(0.975)
    assert ratio(10, z, v_a=1, v_b=1.0000001) == Ratio(reason=NOT_ESTIMABLE)
    assert ratio(10, 0, v_a=1, v_b=0) == Ratio(reason=NOT_ESTIMABLE)
    assert ratio(10, z, v_a=1, v_b=0.9).low is not None


def test_a_known_denominator_gives_the_plain_interval() -> None:
    found = ratio(10, 4, v_a=9, v_b=0)
    half = NormalDist().inv_cdf(0.975) * 3 / 4
    assert (found.low, found.high) == pytest.approx((2.5 - half, 2.5 + half), rel=1e-12)


@given(st.floats(-100, 100), st.floats(1, 100), st.floats(0, 50), st.floats(0, 50), st.floats(-1, 1))
def test_at_each_limit_the_numerator_less_that_many_denominators_is_just_different_from_0(
    a: float, b: float, v_a: float, v_b: float, r: float
) -> None:
    cov = r * sqrt(v_a * v_b)
    found = ratio(a, b, v_a=v_a, v_b=v_b, cov=cov)
    assume(found.low is not None and b * b > 1.1 * 3.85 * v_b)
    for limit in (found.low, found.high):
        assert limit is not None
        square = NormalDist().inv_cdf(0.975) ** 2 * (v_a - 2 * limit * cov + limit**2 * v_b)
        assert (a - limit * b) ** 2 == pytest.approx(square, rel=1e-4, abs=1e-6 * (1 + a * a + (limit * b) ** 2))


@pytest.mark.parametrize(("v_a", "v_b", "cov"), [(-1, 1, 0), (1, -1, 0), (1, 1, 1.1)])
def test_variances_and_their_covariance_must_be_possible(v_a: float, v_b: float, cov: float) -> None:
    with pytest.raises(ValueError, match="variances"):
        ratio(1, 1, v_a=v_a, v_b=v_b, cov=cov)
