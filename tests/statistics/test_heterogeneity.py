import pytest

from registry.statistics.heterogeneity import Heterogeneity, heterogeneity
from registry.statistics.pooling import Method, pool


def test_one_site_tells_nothing_about_differences() -> None:
    assert heterogeneity([5.0], [1.0], pool([5.0], [1.0])) == Heterogeneity(
        1, reason="one site: how much sites differ cannot be known"
    )


def test_the_interval_of_tau2_begins_at_zero_where_the_sites_may_be_alike() -> None:
    sites = [10.0, 12.0, 14.0], [4.0, 4.0, 4.0]
    found = heterogeneity(*sites, pool(*sites))
    assert found.q == pytest.approx(2)
    assert (found.tau2_low, found.i2_low) == (0, 0)
    # Q(tau²) = 8 / (4 + tau²) meets the quantile .025 of χ² with 2 df, which is −2 ln .975.
    assert found.tau2_high == pytest.approx(8 / 0.05063561596857975 - 4, rel=1e-9)
    assert found.reason == ""


@pytest.mark.parametrize("effects", [[5.0, 5.0, 5.0], [5.0, 5.1, 5.2]])
def test_sites_more_alike_than_their_errors_have_no_interval_of_tau2(effects: list[float]) -> None:
    sites = effects, [100.0, 100.0, 100.0]
    found = heterogeneity(*sites, pool(*sites))
    assert (found.tau2_low, found.tau2_high, found.i2_low, found.i2_high) == (None, None, None, None)
    assert (found.i2, found.h2) == (0, 1)
    assert found.reason == "the sites differ less than their own errors let expect: no interval of tau²"


def test_under_a_common_effect_i2_comes_from_q() -> None:
    sites = [0.0, 10.0], [10.0, 10.0]
    found = heterogeneity(*sites, pool(*sites, method=Method.COMMON))
    assert (found.q, found.df) == (5, 1)
    assert found.i2 == pytest.approx(80)
    assert found.h2 == pytest.approx(5)
