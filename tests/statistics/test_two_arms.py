import math
import statistics
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from registry.statistics.histogram import Histogram
from registry.statistics.two_arms import Arm, Difference, att, welch
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
