"""Published studies, of which the arms are known by n, mean and SD: their differences, ratios and pools."""

from decimal import Decimal
from fractions import Fraction
from math import log, sqrt
from typing import Any

import pytest

from registry.statistics import literature
from registry.statistics.heterogeneity import heterogeneity
from registry.statistics.pooling import Method, compare, pool
from registry.statistics.shift import ratio_of_means
from registry.statistics.strata import pooled as pooled_variance
from registry.statistics.two_arms import Arm, welch
from tests.statistics.oracles import agrees, agrees_as_printed, oracle, table

SUBGROUPS = "threedp_subgroup.json"
TAU2 = {"rel": 1e-4, "within": 1e-6}


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
        agrees_as_printed(float(_of_pooled_sd(*each)), printed, file=file)
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
    assert found.low == pytest.approx(found.difference - 1.959963984540054 * found.se, rel=1e-9)
    assert found.high == pytest.approx(found.difference + 1.959963984540054 * found.se, rel=1e-9)


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


NAMES = {"schatzker": "schatzker23", "qiu2017": "oldpelvis2017", "acetabulum2018": "acetab2023", "xinjiang2024": "acetab2024",
         "scoliosis2021": "congscol2021", "kwon2017": "kwon2017_combined"}  # fmt: skip
"""Our name of a study, and the oracles'."""
POOLS = {"models": ("model",), "guides": ("guide",)}


def test_the_studies_we_show_are_those_of_the_oracle_figure_by_figure() -> None:
    ours = {NAMES.get(study.id, study.id): (study.without, study.printed) for study in literature.studies()}
    known = _studies()
    assert [name for name in known if name not in ours] == ["mandpsp2025"], "both of its arms used printed guides"
    assert {name: ours[name] for name in known if name in ours} == {n: arms for n, arms in known.items() if n in ours}


def test_the_eight_studies_pooled_here_are_the_oracle_s_fit() -> None:
    eight = next(each for each in literature.pools() if each.key == "eight")
    expected = oracle("threedp_or_time")["minutes_saved"]
    assert sorted(NAMES.get(study.id, study.id) for study in eight.studies) == sorted(expected["ids"])
    fit = expected["fits"]["REML_adhoc"]
    found = eight.pooled
    numbers = {"estimate": found.estimate, "se": found.se, "ci_lb": found.low, "ci_ub": found.high,
               "pi_lb": found.prediction_low, "pi_ub": found.prediction_high, "Q": eight.spread.q}  # fmt: skip
    agrees(numbers, {key: fit[key] for key in numbers}, file="threedp_or_time.json", rel=1e-6)
    assert (found.estimate, found.low, found.high) == pytest.approx((23.3127, 8.9703, 37.6551), abs=5e-5)


def test_models_and_guides_pooled_here_are_the_oracle_s_subgroups() -> None:
    for each in literature.pools():
        for kind in POOLS.get(each.key, ()):
            expected = oracle("threedp_subgroup")[kind]
            found = [each.pooled.k, each.pooled.estimate, each.pooled.low, each.pooled.high]
            agrees(found, [expected[name] for name in ("k", "est", "lb", "ub")], file=SUBGROUPS, rel=1e-6)


def test_only_studies_of_operating_time_with_both_spreads_are_pooled() -> None:
    for study in literature.studies():
        assert bool(study.pools) == (study.clock == literature.OPERATION_TIME and study.difference.has_interval), (
            study.id
        )


def test_effects_keep_their_unit_and_turn_their_sign() -> None:
    found = {effect.id: effect for effect in literature.effects()}
    assert (found["ballard2020_models"].estimate, found["ballard2020_guides"].estimate) == (62, 23)
    assert found["ballard2020_models"].low is None, "no interval was published, so none is made"
    cao = found["cao2021"]
    assert (cao.low, cao.estimate, cao.high) == (Fraction("22.8"), Fraction("38.8"), Fraction("54.9"))
    assert found["tka_psi2019"].low == Fraction("-0.55")
    assert (found["morgan2020"].estimate, found["umbrella2025_acetab"].low) == (Fraction("0.1985"), Fraction("0.17"))
    assert [each.id for each in found.values() if each.basis == literature.ESTIMATED] == ["rsna2022"]
    assert not found["yang2021"].in_minutes
