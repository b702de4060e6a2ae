from math import sqrt
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.funnel import (
    LEVELS,
    common_effect,
    curve_se,
    dispersion,
    effective_n,
    funnel,
    limits,
    widened,
    z_of,
)
from tests.statistics.oracles import agrees, oracle, table

TEACHERS = oracle("raudenbush1985")
VALUES = [float(value) for value in TEACHERS["yi"]]
SES = [sqrt(float(value)) for value in TEACHERS["vi"]]
FIXED, DL = TEACHERS["fits"]["FE_z"], TEACHERS["fits"]["DL_z"]
SITES = st.lists(st.tuples(st.floats(-100, 100), st.floats(1, 30)), min_size=10, max_size=40)


def _wild(k: int = 12) -> tuple[list[float], list[float]]:
    random = Random(5)
    return [random.gauss(20, 15) for _ in range(k)], [random.uniform(2, 6) for _ in range(k)]


def test_the_target_is_the_common_effect_mean_of_metafor() -> None:
    agrees(common_effect(VALUES, SES), FIXED["estimate"], file="raudenbush1985.json")
    assert funnel(VALUES, SES).target == common_effect(VALUES, SES)


def test_over_dispersion_of_the_teachers_is_that_of_the_specification() -> None:
    found = dispersion(VALUES, SES, common_effect(VALUES, SES))
    assert found.phi == pytest.approx(1.252740, abs=5e-7)
    assert found.tau2 == pytest.approx(0.008429542, abs=5e-10)
    assert found.threshold == pytest.approx(1 + 2 * sqrt(2 / 19), rel=1e-12)
    assert not found.acts
    assert found.reason == "the sites spread no wider than chance explains"
    assert widened(0.3, found) == 0.3


def test_without_winsorising_phi_is_q_and_tau2_is_dersimonian_and_laird_s() -> None:
    found = dispersion(VALUES, SES, common_effect(VALUES, SES), winsorised=0)
    assert found.phi is not None
    agrees([found.phi * found.k, found.tau2], [FIXED["Q"], DL["tau2"]], file="raudenbush1985.json")
    assert found.acts


@given(SITES)
def test_the_identity_holds_for_any_sites(sites: list[tuple[float, float]]) -> None:
    values, ses = [value for value, _ in sites], [se for _, se in sites]
    mean = common_effect(values, ses)
    w = [1 / se**2 for se in ses]
    q = sum(a * (y - mean) ** 2 for a, y in zip(w, values, strict=True))
    dl = max(0.0, (q - (len(w) - 1)) / (sum(w) - sum(a * a for a in w) / sum(w)))
    found = dispersion(values, ses, mean, winsorised=0)
    assert found.phi is not None
    assert found.phi * found.k == pytest.approx(q, rel=1e-9, abs=1e-9)
    assert found.tau2 == pytest.approx(dl, rel=1e-9, abs=1e-8)


@given(st.lists(st.floats(-100, 100), min_size=10, max_size=40))
def test_winsorising_never_makes_sites_spread_wider_around_their_median(values: list[float]) -> None:
    ses = [1.0] * len(values)
    cut, whole = (dispersion(values, ses, median(values), winsorised=share).phi for share in (0.1, 0.0))
    assert cut is not None
    assert whole is not None
    assert cut <= whole + 1e-9


def test_fewer_than_ten_sites_tell_nothing_about_over_dispersion() -> None:
    values, ses = _wild(9)
    found = funnel(values, ses)
    assert (found.dispersion.phi, found.dispersion.tau2, found.dispersion.acts) == (None, None, False)
    assert found.dispersion.reason.startswith("fewer than 10 sites")
    assert found.points[0].limits[0] == limits(found.target, ses[0], 0.95)
    assert dispersion(*_wild(10), 20.0).phi is not None


def test_where_sites_spread_widely_the_limits_widen_by_tau2_or_by_phi() -> None:
    values, ses = _wild()
    added, multiplied = funnel(values, ses), funnel(values, ses, form="multiplicative")
    tau2, phi = added.dispersion.tau2, added.dispersion.phi
    assert added.dispersion.acts
    assert added.dispersion.reason == ""
    assert tau2 is not None
    assert phi is not None
    for i, se in enumerate(ses):
        assert added.points[i].limits[1] == limits(added.target, sqrt(se**2 + tau2), 0.998)
        assert multiplied.points[i].limits[1] == limits(added.target, se * sqrt(phi), 0.998)
        assert added.points[i].z == pytest.approx((values[i] - added.target) / sqrt(se**2 + tau2), rel=1e-12)


def test_the_limits_lie_at_1_96_and_3_09_standard_errors() -> None:
    assert [z_of(level) for level in LEVELS] == pytest.approx([1.959964, 3.090232], abs=5e-7)
    assert limits(10, 2, 0.95) == pytest.approx((10 - 3.919928, 10 + 3.919928), abs=2e-6)
    assert limits(10, 2, 0.998) == pytest.approx((10 - 6.180464, 10 + 6.180464), abs=2e-6)


def test_a_site_is_outside_the_widest_level_it_leaves() -> None:
    found = funnel([0.0, 2.5, -2.5, 3.5, -3.5], [1.0] * 5, target=0.0)
    assert [point.outside for point in found.points] == [None, 0.95, 0.95, 0.998, 0.998]


def test_chance_alone_flags_one_site_in_twenty() -> None:
    assert funnel(*_wild(40)).expected_flags == pytest.approx((2.0, 0.08), rel=1e-12)


def test_the_effective_n_is_half_of_two_equal_arms() -> None:
    assert effective_n(20, 20) == 10
    assert effective_n(10, 40) == 8
    assert effective_n(0, 40) == 0


def test_the_curve_is_the_standard_error_of_two_arms_with_that_variance() -> None:
    assert curve_se(1600, effective_n(10, 40)) == pytest.approx(sqrt(1600 / 10 + 1600 / 40), rel=1e-12)
    with pytest.raises(ValueError, match="above 0"):
        curve_se(1600, 0)


@pytest.mark.parametrize(("values", "ses"), [([], []), ([1.0], [0.0]), ([1.0, 2.0], [1.0])])
def test_a_funnel_needs_one_standard_error_a_site(values: list[float], ses: list[float]) -> None:
    with pytest.raises(ValueError, match="standard error"):
        funnel(values, ses)


def test_the_oracle_s_table_and_figures_are_of_the_same_studies() -> None:
    for of in ("yi", "vi"):
        agrees(TEACHERS[of], [row[of] for row in table("raudenbush1985")], file="raudenbush1985.csv", rel=0)
    published = TEACHERS["published"]["EE"]
    mean = common_effect(VALUES, SES)
    found = [mean, mean * sqrt(sum(se**-2 for se in SES))]
    agrees(found, [published["est"], published["z"]], file="raudenbush1985.json", within=0.000051)
