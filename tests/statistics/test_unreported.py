import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.unreported import SHOWN, delta, overall_mean


def test_the_interim_registry_s_38_minutes_are_2_if_the_rest_saved_none() -> None:
    # ACR-RSNA interim: 111 of 1,963 cases with an estimate, 38.5 min.
    assert overall_mean(38.5, 0.0565, 0) == pytest.approx(2.18, abs=0.005)
    found = delta(38.5, reported=111, eligible=1963, low=30.0, high=47.0)
    assert found.share == pytest.approx(0.0565, abs=0.00005)
    assert [k for k, _ in found.means] == list(SHOWN)
    assert found.means[0][1] == pytest.approx(2.18, abs=0.005)
    assert found.means[-1][1] == pytest.approx(38.5, rel=1e-12)
    assert found.means[2][1] == pytest.approx((38.5 + 38.5 * 111 / 1963) / 2, rel=1e-12)


def test_the_tipping_k_brings_the_nearer_limit_to_0() -> None:
    # Half reported, limit half of the mean: the other half must lose half of the mean.
    assert delta(20, reported=50, eligible=100, low=10.0, high=30.0).tipping == -0.5
    assert delta(-20, reported=50, eligible=100, low=-30.0, high=-10.0).tipping == -0.5


@given(st.integers(1, 99), st.floats(1, 100), st.floats(0.05, 0.95), st.sampled_from([1, -1]))
def test_at_the_tipping_k_the_shifted_limit_is_0(reported: int, mean: float, part: float, sign: int) -> None:
    near, far = sorted([sign * mean * part, sign * mean * (2 - part)])
    found = delta(sign * mean, reported=reported, eligible=100, low=near, high=far)
    assert found.tipping is not None
    f = reported / 100
    assert f * sign * mean * part + (1 - f) * found.tipping * sign * mean == pytest.approx(0, abs=1e-9)
    assert found.tipping < 0


@pytest.mark.parametrize(
    ("reported", "low", "high", "reason"),
    [
        (100, 10.0, 30.0, "every eligible case was reported"),
        (50, None, None, "the reported cases have no interval"),
        (50, -1.0, 30.0, "the interval of the reported cases holds 0 already"),
    ],
)
def test_without_a_tipping_point_there_are_words(
    reported: int, low: float | None, high: float | None, reason: str
) -> None:
    found = delta(20, reported=reported, eligible=100, low=low, high=high)
    assert (found.tipping, found.reason) == (None, reason)
    assert found.means[-1][1] == pytest.approx(20, rel=1e-12)


@pytest.mark.parametrize(("reported", "eligible"), [(0, 10), (11, 10)])
def test_reported_cases_are_some_of_those_eligible(reported: int, eligible: int) -> None:
    with pytest.raises(ValueError, match="eligible"):
        delta(20, reported=reported, eligible=eligible, low=None, high=None)


def test_a_share_is_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        overall_mean(1, 1.1, 0)
