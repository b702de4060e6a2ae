import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from registry.statistics.between_sites import restricted_log_likelihood
from registry.statistics.heterogeneity import heterogeneity
from registry.statistics.pooling import Interval, Method, Pooled, compare, pool, shrunken
from registry.statistics.sensitivity import leave_one_out
from tests.statistics.oracles import agrees, agrees_as_printed, oracle

METHODS = {
    "FE": Method.COMMON,
    "DL": Method.DERSIMONIAN_LAIRD,
    "PM": Method.PAULE_MANDEL,
    "REML": Method.REML,
}
INTERVALS = {"z": Interval.WALD, "knha": Interval.HARTUNG_KNAPP, "adhoc": Interval.MODIFIED_KNAPP_HARTUNG}
# Where each set of effects is: the file, and the part of it.
SETS = [
    ("bcg", ""),
    ("raudenbush1985", ""),
    ("eight_schools", ""),
    ("normand1999", "pooled_sd"),
    ("normand1999", "separate_sd"),
    ("normand1999", "log_ratio_of_means"),
    ("threedp_or_time", "minutes_saved"),
    ("threedp_or_time", "log_ratio_print_over_conv"),
]
SUBGROUPS = "threedp_subgroup.json"
TAU2 = {"rel": 1e-4, "within": 1e-6}
FITS = ["FE_z", *(f"{method}_{test}" for method in ("DL", "PM", "REML") for test in ("z", "knha", "adhoc"))]


def close(found: float | None, expected: float, rel: float) -> None:
    assert found is not None
    assert found == pytest.approx(expected, rel=rel)


def _set(name: str, part: str) -> Any:
    return oracle(name)[part] if part else oracle(name)


def _sites(data: Any) -> tuple[list[float], list[float]]:
    variances = data["vi"] if "vi" in data else [sei**2 for sei in data["sei"]]
    return [float(y) for y in data["yi"]], [float(v) for v in variances]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(("name", "part"), SETS)
def test_every_fit_of_metafor_is_reproduced(name: str, part: str, fit: str) -> None:
    data = _set(name, part)
    expected = data["fits"][fit]
    method, test = fit.split("_")
    found = pool(*_sites(data), method=METHODS[method], interval=INTERVALS[test])
    spread = heterogeneity(*_sites(data), found)
    assert found.estimate is not None
    assert found.se is not None
    exact = {"k": found.k, "Q": spread.q, "Q_df": spread.df}
    numbers = {
        "estimate": found.estimate,
        "se": found.se,
        "ci_lb": found.low,
        "ci_ub": found.high,
        "stat": found.estimate / found.se,
        "pi_lb": found.prediction_low,
        "pi_ub": found.prediction_high,
        "H2": spread.h2,
        "I2_pct": spread.i2,
    }
    iterated = method == "REML"
    agrees(exact, {key: expected[key] for key in exact}, file=f"{name}.json")
    agrees(numbers, {key: expected[key] for key in numbers}, file=f"{name}.json", rel=1e-6 if iterated else 1e-9)
    agrees(found.tau2, expected["tau2"], file=f"{name}.json", **(TAU2 if iterated else {}))


@pytest.mark.parametrize(("name", "part"), SETS)
def test_the_q_profile_interval_is_metafor_s(name: str, part: str) -> None:
    data = _set(name, part)
    expected = data["fits"]["tau2_Qprofile_95"]
    found = heterogeneity(*_sites(data), pool(*_sites(data)))
    agrees([found.tau2_low, found.tau2_high], [expected["lb"], expected["ub"]], file=f"{name}.json", **TAU2)
    agrees([found.i2_low, found.i2_high], [expected["I2_lb"], expected["I2_ub"]], file=f"{name}.json", rel=1e-4)


@pytest.mark.parametrize(("name", "part"), SETS)
def test_the_restricted_likelihood_is_metafor_s(name: str, part: str) -> None:
    data = _set(name, part)
    tau2 = pool(*_sites(data)).tau2
    assert tau2 is not None
    agrees(restricted_log_likelihood(*_sites(data), tau2), data["fits"]["reml_loglik"], file=f"{name}.json")


@pytest.mark.parametrize(("name", "part"), [each for each in SETS if "blup_REML" in _set(*each)])
def test_shrunken_values_are_metafor_s(name: str, part: str) -> None:
    data = _set(name, part)
    expected = data["blup_REML"]
    pooled = pool(*_sites(data))
    agrees(pooled.estimate, expected["mu"], file=f"{name}.json", rel=1e-6)
    agrees(pooled.tau2, expected["tau2"], file=f"{name}.json", **TAU2)
    # Their variance rests on 1/W, whatever the interval of the mean.
    found = shrunken(*_sites(data), pooled)
    numbers = {
        "pred": [site.estimate for site in found],
        "se": [sqrt(site.variance) for site in found],
        "pi_lb": [site.low for site in found],
        "pi_ub": [site.high for site in found],
    }
    agrees(numbers, {key: expected[key] for key in numbers}, file=f"{name}.json", rel=1e-6, within=1e-9)


@pytest.mark.parametrize(("name", "part"), [each for each in SETS if "loo_REML_knha" in _set(*each)])
def test_leaving_out_each_site_gives_metafor_s_fits(name: str, part: str) -> None:
    data = _set(name, part)
    expected = data["loo_REML_knha"]
    effects, variances = _sites(data)
    found = leave_one_out(effects, variances, pool(effects, variances, interval=Interval.HARTUNG_KNAPP))
    assert len(found.without) == len(effects)
    for site, fit in enumerate(found.without):
        if expected["estimate"][site] is None:  # metafor's scoring did not converge; ours has no such case
            assert fit.has_interval
            continue
        others = [y for i, y in enumerate(effects) if i != site], [v for i, v in enumerate(variances) if i != site]
        spread = heterogeneity(*others, fit)
        numbers = {"estimate": fit.estimate, "se": fit.se, "ci_lb": fit.low, "ci_ub": fit.high, "I2": spread.i2}
        agrees(numbers, {key: expected[key][site] for key in numbers}, file=f"{name}.json", rel=1e-6)
        agrees(fit.tau2, expected["tau2"][site], file=f"{name}.json", **TAU2)
        agrees(spread.q, expected["Q"][site], file=f"{name}.json")


def test_viechtbauer_s_printed_numbers() -> None:
    printed = oracle("bcg")["published_JSS2010"]["REML"]
    sites = _sites(oracle("bcg"))
    found = pool(*sites, interval=Interval.WALD)
    spread = heterogeneity(*sites, found)
    pairs = [(found.tau2, "tau2"), (found.estimate, "est"), (found.se, "se"), (spread.i2, "I2"), (spread.h2, "H2")]
    for number, key in [*pairs, (spread.q, "Q")]:
        agrees_as_printed(number, printed[key], file="bcg.json")
    agrees_as_printed(found.low, printed["ci"][0], file="bcg.json")
    agrees_as_printed(found.high, printed["ci"][1], file="bcg.json")


def test_normand_s_printed_numbers() -> None:
    data = oracle("normand1999")
    printed = data["published"]["TableIX"]
    for method, key in ((Method.DERSIMONIAN_LAIRD, "DL"), (Method.REML, "REML")):
        found = pool(*_sites(data["pooled_sd"]), method=method, interval=Interval.WALD)
        for number, expected in zip((found.estimate, found.low, found.high), printed[key]["est"], strict=True):
            agrees_as_printed(number, expected, file="normand1999.json")
        agrees_as_printed(found.tau2, printed[key]["tau2"], file="normand1999.json")
    common = pool(*_sites(data["pooled_sd"]), method=Method.COMMON, interval=Interval.WALD)
    for number, expected in zip((common.estimate, common.low, common.high), printed["fixed"], strict=True):
        agrees_as_printed(number, expected, file="normand1999.json")


def test_raudenbush_s_printed_numbers() -> None:
    data, file = oracle("raudenbush1985"), "raudenbush1985.json"
    printed = data["published"]
    common = pool(*_sites(data), method=Method.COMMON, interval=Interval.WALD)
    found = pool(*_sites(data), interval=Interval.WALD)
    for fit, key in ((common, "EE"), (found, "REML")):
        assert fit.estimate is not None
        assert fit.se is not None
        agrees_as_printed(fit.estimate, printed[key]["est"], file=file)
        agrees_as_printed(fit.estimate / fit.se, printed[key]["z"], file=file)
    agrees_as_printed(heterogeneity(*_sites(data), common).q, printed["EE"]["Q"], file=file)
    agrees_as_printed(found.tau2, printed["REML"]["tau2"], file=file)
    agrees_as_printed(found.prediction_low, printed["REML"]["pi"][0], file=file)
    # Printed from rounded parts: .3711 for .37099.
    agrees(found.prediction_high, printed["REML"]["pi"][1], file=file, within=1.2e-4)
    values = [site.estimate for site in shrunken(*_sites(data), found)]
    agrees_as_printed(min(values), printed["REML"]["blup_range"][0], file=file)
    agrees_as_printed(max(values), printed["REML"]["blup_range"][1], file=file)


def test_eight_schools_agree_so_closely_that_all_are_the_mean() -> None:
    sites = _sites(oracle("eight_schools"))
    found = pool(*sites, interval=Interval.WALD)
    assert found.tau2 == 0
    agrees_as_printed(found.estimate, Decimal("7.7"), file="eight_schools.json")
    agrees_as_printed(found.se, Decimal("4.1"), file="eight_schools.json")
    assert {site.own for site in shrunken(*sites, found)} == {0}


def test_every_number_can_be_checked_from_the_weights() -> None:
    effects, variances = _sites(oracle("threedp_or_time")["minutes_saved"])
    found = pool(effects, variances)
    assert found.tau2 is not None
    assert found.factor is not None
    assert found.se is not None
    assert found.df == 7
    total = sum(found.weights)
    close(found.estimate, sum(w * y for w, y in zip(found.weights, effects, strict=True)) / total, 1e-12)
    close(found.se**2, found.factor / total, 1e-12)
    close(sum(found.shares), 1, 1e-12)
    for weight, variance in zip(found.weights, variances, strict=True):
        close(1 / weight, variance + found.tau2, 1e-12)


def test_a_higher_level_is_wider() -> None:
    sites = _sites(oracle("bcg"))
    usual, wide = pool(*sites, interval=Interval.WALD), pool(*sites, interval=Interval.WALD, level=Fraction(998, 1000))
    assert usual.se is not None
    assert wide.high is not None
    assert wide.estimate is not None
    close((wide.high - wide.estimate) / usual.se, 3.090232306167813, 1e-9)
    narrow, broad = heterogeneity(*sites, usual), heterogeneity(*sites, wide)
    assert narrow.tau2_low is not None
    assert broad.tau2_low is not None
    assert broad.tau2_low < narrow.tau2_low


def test_an_interval_that_ends_at_zero_holds_it() -> None:
    found = pool([2.0, 4.0, 6.0], [1.0, 1.0, 1.0])
    for low, high, side in ((0.0, 1.0, 0), (-1.0, 0.0, 0), (-1.0, 1.0, 0), (0.1, 1.0, 1), (-1.0, -0.1, -1)):
        assert replace(found, low=low, high=high).side == side


def test_the_normal_interval_has_no_degrees_of_freedom() -> None:
    assert pool([1, 2], [1, 1], interval=Interval.WALD).df is None


@pytest.mark.parametrize(
    ("effects", "variances", "estimate", "reason"),
    [
        ([], [], None, "no site"),
        ([23.0], [4.0], 23.0, "one site: how much sites differ cannot be known"),
        ([23.0], [0.0], 23.0, "one site: how much sites differ cannot be known"),
        ([1.0, 2.0], [0.0, 1.0], None, "the effect of a site has no error (variance 0), so sites cannot be weighted"),
    ],
)
@pytest.mark.parametrize("method", Method)
def test_what_cannot_be_pooled_gives_words(
    effects: list[float], variances: list[float], estimate: float | None, reason: str, method: Method
) -> None:
    found = pool(effects, variances, method=method)
    assert found == Pooled(
        len(effects), method, Interval.MODIFIED_KNAPP_HARTUNG, Fraction(95, 100), estimate, reason=reason
    )
    assert not found.has_interval
    assert found.side is None
    assert found.shares == ()
    assert shrunken(effects, variances, found) == ()
    assert compare(found, pool([1, 2], [1, 1])).reason == reason
    assert compare(pool([1, 2], [1, 1]), found).reason == reason


def test_two_sites_have_an_interval_as_wide_as_their_one_degree_of_freedom() -> None:
    found = pool([10.0, 20.0], [72.0, 72.0])
    close(found.estimate, 15, 1e-12)
    assert found.tau2 == 0
    close(found.high, 15 + 12.706204736432095 * 6, 1e-9)


@pytest.mark.parametrize("effect", [0.0, 0.1, 20.3])
def test_sites_with_the_same_effect_have_no_hartung_knapp_interval(effect: float) -> None:
    sites = [effect] * 3, [1.0, 2.0, 3.0]
    found = pool(*sites, interval=Interval.HARTUNG_KNAPP)
    close(found.estimate, effect, 1e-12)
    assert (found.tau2, found.se, found.low, found.prediction_high) == (0, None, None, None)
    assert found.reason == "all sites have the same effect: no Hartung–Knapp interval"
    assert len(shrunken(*sites, found)) == 3
    assert compare(found, found).difference == 0
    assert compare(found, found).reason == found.reason
    for interval in (Interval.WALD, Interval.MODIFIED_KNAPP_HARTUNG):
        assert pool(*sites, interval=interval).has_interval


@pytest.mark.parametrize(
    ("effects", "variances", "words"),
    [
        ([1.0, float("nan")], [1.0, 1.0], "finite"),
        ([1.0, 2.0], [1.0, float("nan")], "finite"),
        ([1.0, float("inf")], [1.0, 1.0], "finite"),
        ([1.0, 2.0], [1.0, float("inf")], "finite"),
        ([float("nan")], [1.0], "finite"),
        ([1.0, 2.0], [1.0, -1.0], "below zero"),
        ([1.0, 2.0], [1.0], "one variance for each"),
    ],
)
@pytest.mark.parametrize("method", Method)
def test_what_is_no_number_is_refused(effects: list[float], variances: list[float], words: str, method: Method) -> None:
    with pytest.raises(ValueError, match=words):
        pool(effects, variances, method=method)


@pytest.mark.parametrize("level", [Fraction(0), Fraction(1), Fraction(95)])
def test_a_level_outside_0_and_1_is_refused(level: Fraction) -> None:
    found = pool([1.0, 2.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="between 0 and 1"):
        pool([1.0, 2.0], [1.0, 1.0], level=level)
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare(found, found, level=level)


def test_other_sites_than_the_pooled_ones_are_refused() -> None:
    found = pool([1.0, 2.0], [1.0, 1.0])
    for ask in (shrunken, heterogeneity, leave_one_out):
        with pytest.raises(ValueError, match="not the sites"):
            ask([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], found)


def test_pooling_needs_no_django_and_loads_numpy_only_when_asked() -> None:
    code = (
        "import sys\n"
        "from registry.statistics import heterogeneity, ladder, pooling, sensitivity\n"
        "assert not {'django', 'numpy', 'scipy'} & set(sys.modules)\n"
        "found = pooling.pool([1.0, 2.0, 4.0], [1.0, 1.0, 1.0])\n"
        "heterogeneity.heterogeneity([1.0, 2.0, 4.0], [1.0, 1.0, 1.0], found)\n"
        "assert 'django' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
