import math
import statistics
from decimal import Decimal
from fractions import Fraction
from statistics import fmean, variance
from typing import Any

import pytest

from registry.statistics.fieller import ratio
from registry.statistics.histogram import Histogram
from registry.statistics.two_arms import Arm, Difference, att, att_of_groups, observed_over_expected, welch
from tests.statistics.oracles import agrees, as_integers, oracle, table


def _scaled(first: list[Any], second: list[Any]) -> tuple[Arm, Arm, int]:
    values, scale = as_integers(first + second)
    return Arm.of(Histogram.of(values[: len(first)])), Arm.of(Histogram.of(values[len(first) :])), scale


def _compare(found: Difference, expected: dict[str, Any], file: str, scale: int = 1) -> None:
    """Those of its numbers that the file has."""
    assert found.estimate is not None
    assert found.se is not None
    assert found.low is not None
    assert found.high is not None
    numbers = {
        "saved": found.estimate / scale,
        "se": found.se / scale,
        "t": float(found.estimate) / found.se,
        "df": found.df,
        "lb": found.low / scale,
        "ub": found.high / scale,
    }
    shared = [name for name in numbers if name in expected]
    agrees([numbers[name] for name in shared], [expected[name] for name in shared], file=file)


def test_student_s_sleep_data_give_welch_s_interval() -> None:
    sleep = oracle("two_sample")["sleep"]
    first, second, scale = _scaled(sleep["g1"], sleep["g2"])
    _compare(welch(first, second), sleep["welch"], "two_sample.json", scale)


def test_bland_and_altman_s_skinfolds_give_welch_s_interval() -> None:
    data = oracle("two_sample")["bland_altman_1996"]
    first, second, scale = _scaled(data["crohn"], data["coeliac"])
    _compare(welch(first, second), data["raw_welch"], "two_sample.json", scale)


def test_a_baseline_shared_by_many_cases_brings_its_error_once() -> None:
    one = oracle("shared_baseline")["one"]
    found = welch(Arm.stated(one["n0"], one["m0"], one["s0"]), Arm.stated(one["n1"], one["m1"], one["s1"]))
    _compare(found, one, "shared_baseline.json")


def test_two_baselines_are_two_strata() -> None:
    two = oracle("shared_baseline")["two"]
    strata = [
        (Arm.stated(two["n0"][k], two["m0"][k], two["s0"][k]), Arm.stated(two["n1"][k], two["m1"][k], two["s1"][k]))
        for k in (0, 1)
    ]
    found = att(strata)
    _compare(found, two, "shared_baseline.json")


def test_strata_are_weighted_to_the_printed_cases_as_in_r() -> None:
    expected = oracle("stratified_standardisation")
    rows = table("warpbreaks")

    def arm(wool: str, tension: str) -> Arm:
        return Arm.of(Histogram.of(int(r["breaks"]) for r in rows if (r["wool"], r["tension"]) == (wool, tension)))

    found = att([(arm("A", tension), arm("B", tension)) for tension in "LMH"])
    _compare(found, expected["att"], "stratified_standardisation.json")
    assert found.estimate is not None
    total = expected["expected_sum"] - expected["observed_sum"]
    agrees(found.n_with * found.estimate, total, file="stratified_standardisation.json", rel=0)


@pytest.mark.parametrize("study", oracle("threedp_subgroup")["studies"], ids=lambda study: study["id"])
def test_published_arms_have_the_difference_and_the_error_of_metafor(study: dict[str, Any]) -> None:
    without, printed = (Arm.stated(*(study[f"{arm}_{of}"] for of in ("n", "mean", "sd"))) for arm in ("conv", "print"))
    found = welch(without, printed)
    assert found.se is not None
    agrees([found.estimate, found.se**2], [study["yi"], study["vi"]], file="threedp_subgroup.json")


def test_the_arm_of_logarithms_has_their_mean_and_variance() -> None:
    found = Arm.of_logs(Histogram.of([60, 60, 90, 240]))
    logs = [math.log(minutes) for minutes in (60, 60, 90, 240)]
    assert found.n == 4
    assert found.mean == pytest.approx(Fraction(statistics.mean(logs)), rel=1e-12)
    assert found.variance == pytest.approx(Fraction(statistics.variance(logs)), rel=1e-12)
    assert Arm.of_logs(Histogram.of([])) == Arm(0, None, None)
    assert Arm.of_logs(Histogram.of([97])) == Arm(1, Fraction(math.log(97)), None)
    assert Arm.of_logs(Histogram.of([97] * 7)).variance == 0
    with pytest.raises(ValueError, match="above 0"):
        Arm.of_logs(Histogram.of([0, 60]))


def test_a_slower_print_is_a_negative_saving() -> None:
    found = welch(Arm.of(Histogram.of([100, 110])), Arm.of(Histogram.of([120, 150])))
    assert found.estimate == -30


@pytest.mark.parametrize(
    ("without", "with_print", "reason"),
    [
        ([], [90, 95], "no case without a print"),
        ([90, 95], [], "no case with a print"),
        ([], [], "no case with a print"),
    ],
)
def test_an_empty_arm_gives_words_instead_of_a_number(without: list[int], with_print: list[int], reason: str) -> None:
    found = welch(Arm.of(Histogram.of(without)), Arm.of(Histogram.of(with_print)))
    assert (found.estimate, found.se, found.low, found.reason) == (None, None, None, reason)


@pytest.mark.parametrize(
    ("without", "with_print", "reason"),
    [
        ([100], [80, 90], "one case without a print: no spread, so no interval"),
        ([100, 110], [80], "one case with a print: no spread, so no interval"),
        ([100, 100], [80, 80], "no variation in either arm, so no interval"),
    ],
)
def test_without_spread_there_is_an_estimate_and_no_interval(
    without: list[int], with_print: list[int], reason: str
) -> None:
    found = welch(Arm.of(Histogram.of(without)), Arm.of(Histogram.of(with_print)))
    assert found.estimate is not None
    assert not found.has_interval
    assert found.reason == reason


def test_one_arm_without_variation_still_has_an_interval() -> None:
    found = welch(Arm.of(Histogram.of([100, 100, 100])), Arm.of(Histogram.of([80, 90, 100])))
    assert found.has_interval
    assert found.df == pytest.approx(2)


def test_a_baseline_without_sd_has_no_interval() -> None:
    found = welch(Arm.stated(20, Decimal(100), None), Arm.of(Histogram.of([80, 90])))
    assert found.estimate == 15
    assert found.reason == "the spread without a print is not known, so no interval"


def test_a_stratum_without_printed_cases_has_no_weight() -> None:
    stratum = (Arm.of(Histogram.of([100, 110])), Arm.of(Histogram.of([80, 95])))
    idle = (Arm.of(Histogram.of([500, 600])), Arm.of(Histogram.of([])))
    assert att([stratum, idle]) == welch(*stratum)


def test_the_strata_of_a_group_share_the_variance_of_each_arm() -> None:
    """By plain loops: Σ w² S²/n, where S² is pooled over the strata of the group; a single case adds no df."""
    minutes = [([100, 110, 135], [80, 99]), ([200, 230], [150]), ([300], [240, 260, 310])]
    found = att_of_groups([[(Arm.of(Histogram.of(a)), Arm.of(Histogram.of(b))) for a, b in minutes]])
    total, square, below = 6, 0.0, 0.0
    for place in (0, 1):
        arms = [pair[place] for pair in minutes]
        freedom = sum(len(arm) - 1 for arm in arms)
        pooled = sum((len(arm) - 1) * variance(arm) for arm in arms if len(arm) > 1) / freedom
        size = sum((len(pair[1]) / total) ** 2 * pooled / len(pair[place]) for pair in minutes)
        square, below = square + size, below + size**2 / freedom
    assert found.se == pytest.approx(math.sqrt(square))
    assert found.df == pytest.approx(square**2 / below)
    assert found.has_interval


def test_a_group_of_one_stratum_is_welch_s() -> None:
    pairs = [
        (Arm.of(Histogram.of(a)), Arm.of(Histogram.of(b)))
        for a, b in (([100, 110], [80, 99]), ([200, 230], [150, 170]))
    ]
    assert att_of_groups([pairs[:1], pairs[1:]]) == att(pairs)


def test_a_group_of_single_cases_has_an_estimate_and_no_interval() -> None:
    pairs = [(Arm.of(Histogram.of([100, 120])), Arm.of(Histogram.of([minute]))) for minute in (90, 95)]
    found = att_of_groups([pairs])
    assert found.estimate == Fraction(35, 2)
    assert found.reason == "no complexity has two cases with a print: no spread, so no interval"


def test_observed_over_expected_is_fieller_s_ratio_of_the_weighted_means() -> None:
    minutes = [([100, 110, 135], [80, 99]), ([200, 230, 260], [150, 170, 166])]
    pairs = [(Arm.of(Histogram.of(without)), Arm.of(Histogram.of(printed))) for without, printed in minutes]
    difference = att(pairs)
    found = observed_over_expected([[pair] for pair in pairs], difference)
    expected = sum(len(printed) * fmean(without) for without, printed in minutes) / 5
    observed = sum(sum(printed) for _, printed in minutes) / 5
    v_e, v_o = (
        sum((len(pair[1]) / 5) ** 2 * variance(pair[arm]) / len(pair[arm]) for pair in minutes) for arm in (0, 1)
    )
    assert difference.se == pytest.approx(math.sqrt(v_e + v_o))
    wanted = ratio(observed, expected, v_a=v_o, v_b=v_e, df=difference.df)
    assert (found.estimate, found.low, found.high) == pytest.approx((wanted.estimate, wanted.low, wanted.high))
    assert observed_over_expected([], att([])).reason == "no case with a print"
