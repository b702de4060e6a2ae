import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import log, sqrt
from typing import Any

import pytest

from registry.statistics.between_sites import restricted_log_likelihood
from registry.statistics.heterogeneity import heterogeneity
from registry.statistics.pooling import Interval, Method, Pooled, compare, pool, shrunken
from registry.statistics.sensitivity import leave_one_out
from registry.statistics.shift import ratio_of_means
from registry.statistics.strata import pooled as pooled_variance
from registry.statistics.two_arms import Arm, welch
from tests.statistics.oracles import agrees, oracle, table

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


def _rounded(found: float | None, printed: Any, *, file: str) -> None:
    """Agrees with a printed number to its last printed digit."""
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    agrees(found, printed, file=file, within=0.5 * 10.0**exponent * 1.001)


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
        _rounded(number, printed[key], file="bcg.json")
    _rounded(found.low, printed["ci"][0], file="bcg.json")
    _rounded(found.high, printed["ci"][1], file="bcg.json")


def test_normand_s_printed_numbers() -> None:
    data = oracle("normand1999")
    printed = data["published"]["TableIX"]
    for method, key in ((Method.DERSIMONIAN_LAIRD, "DL"), (Method.REML, "REML")):
        found = pool(*_sites(data["pooled_sd"]), method=method, interval=Interval.WALD)
        for number, expected in zip((found.estimate, found.low, found.high), printed[key]["est"], strict=True):
            _rounded(number, expected, file="normand1999.json")
        _rounded(found.tau2, printed[key]["tau2"], file="normand1999.json")
    common = pool(*_sites(data["pooled_sd"]), method=Method.COMMON, interval=Interval.WALD)
    for number, expected in zip((common.estimate, common.low, common.high), printed["fixed"], strict=True):
        _rounded(number, expected, file="normand1999.json")


def test_raudenbush_s_printed_numbers() -> None:
    data, file = oracle("raudenbush1985"), "raudenbush1985.json"
    printed = data["published"]
    common = pool(*_sites(data), method=Method.COMMON, interval=Interval.WALD)
    found = pool(*_sites(data), interval=Interval.WALD)
    for fit, key in ((common, "EE"), (found, "REML")):
        assert fit.estimate is not None
        assert fit.se is not None
        _rounded(fit.estimate, printed[key]["est"], file=file)
        _rounded(fit.estimate / fit.se, printed[key]["z"], file=file)
    _rounded(heterogeneity(*_sites(data), common).q, printed["EE"]["Q"], file=file)
    _rounded(found.tau2, printed["REML"]["tau2"], file=file)
    _rounded(found.prediction_low, printed["REML"]["pi"][0], file=file)
    # Printed from rounded parts: .3711 for .37099.
    agrees(found.prediction_high, printed["REML"]["pi"][1], file=file, within=1.2e-4)
    values = [site.estimate for site in shrunken(*_sites(data), found)]
    _rounded(min(values), printed["REML"]["blup_range"][0], file=file)
    _rounded(max(values), printed["REML"]["blup_range"][1], file=file)


def test_eight_schools_agree_so_closely_that_all_are_the_mean() -> None:
    sites = _sites(oracle("eight_schools"))
    found = pool(*sites, interval=Interval.WALD)
    assert found.tau2 == 0
    _rounded(found.estimate, Decimal("7.7"), file="eight_schools.json")
    _rounded(found.se, Decimal("4.1"), file="eight_schools.json")
    assert {site.own for site in shrunken(*sites, found)} == {0}


def _studies() -> dict[str, tuple[Arm, Arm]]:
    return {
        row["id"]: (
            Arm.stated(int(row["conv_n"]), Decimal(row["conv_mean"]), Decimal(row["conv_sd"])),
            Arm.stated(int(row["print_n"]), Decimal(row["print_mean"]), Decimal(row["print_sd"])),
        )
        for row in table("threedp_or_time_studies")
    }


@pytest.mark.parametrize("expected", oracle("threedp_or_time")["two_sample"], ids=lambda each: each["id"])
def test_published_operating_times_give_welch_s_interval(expected: dict[str, Any]) -> None:
    found = welch(*_studies()[expected["id"]])
    assert found.estimate is not None
    assert found.se is not None
    numbers = {
        "saved": found.estimate,
        "welch_t": float(found.estimate) / found.se,
        "welch_df": found.df,
        "welch_lb": found.low,
        "welch_ub": found.high,
    }
    agrees(numbers, {key: expected[key] for key in numbers}, file="threedp_or_time.json")


@pytest.mark.parametrize("expected", oracle("threedp_or_time")["two_sample"], ids=lambda each: each["id"])
def test_published_operating_times_give_student_s_t_with_a_variance_pooled_over_both_arms(
    expected: dict[str, Any],
) -> None:
    without, printed = _studies()[expected["id"]]
    assert without.mean is not None
    assert printed.mean is not None
    t = float(without.mean - printed.mean) / sqrt(_of_pooled_sd(without, printed))
    numbers = [t, pooled_variance([without, printed]).df]
    agrees(numbers, [expected["pooled_t"], expected["pooled_df"]], file="threedp_or_time.json")


def _of_pooled_sd(first: Arm, second: Arm) -> Fraction:
    """The variance of a difference between arms that share one SD."""
    variance = pooled_variance([first, second]).variance
    assert variance is not None
    return variance * (Fraction(1, first.n) + Fraction(1, second.n))


def _of_separate_sd(first: Arm, second: Arm) -> float:
    se = welch(first, second).se
    assert se is not None
    return se**2


def _compare_ratios(arms: list[tuple[Arm, Arm]], expected: dict[str, Any], file: str) -> None:
    """ln(first/second) and its variance."""
    found = [ratio_of_means(second, first) for first, second in arms]
    agrees([log(each.estimate or 0) for each in found], expected["yi"], file=file)
    agrees([(each.se or 0) ** 2 for each in found], expected["vi"], file=file)


def test_minutes_saved_and_ratios_of_each_study_are_what_is_pooled() -> None:
    data = oracle("threedp_or_time")
    arms = [_studies()[study] for study in data["minutes_saved"]["ids"]]
    agrees([welch(*each).estimate for each in arms], data["minutes_saved"]["yi"], file="threedp_or_time.json")
    agrees([_of_separate_sd(*each) for each in arms], data["minutes_saved"]["vi"], file="threedp_or_time.json")
    swapped = [(printed, without) for without, printed in arms]
    _compare_ratios(swapped, data["log_ratio_print_over_conv"], "threedp_or_time.json")


def test_normand_s_means_have_her_differences_ratios_and_variances() -> None:
    data, file = oracle("normand1999"), "normand1999.json"
    arms = [
        tuple(Arm.stated(int(row[f"n{arm}i"]), Decimal(row[f"m{arm}i"]), Decimal(row[f"sd{arm}i"])) for arm in (1, 2))
        for row in table("normand1999")
    ]
    for part, variance in (("separate_sd", _of_separate_sd), ("pooled_sd", _of_pooled_sd)):
        agrees([welch(*each).estimate for each in arms], data[part]["yi"], file=file, rel=0)
        agrees([variance(*each) for each in arms], data[part]["vi"], file=file)
    for each, printed in zip(arms, data["published"]["TableVIII_vi_pooledSD"], strict=True):
        _rounded(float(_of_pooled_sd(*each)), printed, file=file)
    _compare_ratios(arms, data["log_ratio_of_means"], file)


def _kind(*kinds: str) -> tuple[list[float], list[float]]:
    studies = [each for each in oracle("threedp_subgroup")["studies"] if each["kind"] in kinds]
    return [float(each["yi"]) for each in studies], [float(each["vi"]) for each in studies]


@pytest.mark.parametrize(("part", "kinds"), [("model", ["model"]), ("guide", ["guide"]), ("all", ["model", "guide"])])
def test_models_and_guides_are_pooled_apart_and_together(part: str, kinds: list[str]) -> None:
    expected = oracle("threedp_subgroup")[part]
    found = pool(*_kind(*kinds))
    spread = heterogeneity(*_kind(*kinds), found)
    exact = {"k": found.k, "Q": spread.q}
    numbers = {
        "est": found.estimate,
        "se": found.se,
        "lb": found.low,
        "ub": found.high,
        "I2_pct": spread.i2,
        "pi_lb": found.prediction_low,
        "pi_ub": found.prediction_high,
    }
    agrees(exact, {key: expected[key] for key in exact}, file=SUBGROUPS)
    agrees(numbers, {key: expected[key] for key in numbers}, file=SUBGROUPS, rel=1e-6)
    agrees(found.tau2, expected["tau2"], file=SUBGROUPS, **TAU2)


def test_models_against_guides() -> None:
    expected = oracle("threedp_subgroup")["subgroup_difference"]
    found = compare(pool(*_kind("model")), pool(*_kind("guide")))
    assert found.z is not None
    numbers = {"diff": found.difference, "se": found.se, "z": found.z, "Q_between": found.z**2}
    agrees(numbers, {key: expected[key] for key in numbers}, file=SUBGROUPS, rel=1e-6)
    assert found.difference is not None
    assert found.se is not None
    close(found.low, found.difference - 1.959963984540054 * found.se, 1e-9)
    close(found.high, found.difference + 1.959963984540054 * found.se, 1e-9)


def test_a_standard_error_read_as_sd_takes_nearly_all_the_weight() -> None:
    trap = oracle("threedp_subgroup")["se_reported_as_sd_trap"]
    effects, variances = _kind("model")
    saved = float(Decimal("99.2") - Decimal("85.2"))  # 34 cases with a print, 38 without
    first, second = (float(sd) for sd in trap["as_printed_sd"])
    found = pool([*effects, saved], [*variances, first**2 / 34 + second**2 / 38], method=Method.COMMON)
    expected = [trap["common_effect_est"], trap["common_effect_weight_pct"]]
    agrees([found.estimate, 100 * found.shares[-1]], expected, file=SUBGROUPS)
    read = trap["if_values_are_SE"]
    found = pool([*effects, saved], [*variances, float(read["vi"])], method=Method.COMMON)
    agrees([found.estimate, 100 * found.shares[-1]], [read["est"], read["weight_pct"]], file=SUBGROUPS)


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
