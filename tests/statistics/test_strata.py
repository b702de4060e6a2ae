from collections import defaultdict
from fractions import Fraction
from math import exp, expm1, log, log1p, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.shift import Ratio, ratio_of_geometric_means
from registry.statistics.strata import (
    Indirect,
    SiteEstimate,
    Stratum,
    coverage,
    indirect,
    pooled,
    site_estimates,
    spreads_in_logs,
    spreads_in_minutes,
)
from registry.statistics.two_arms import Arm, att, att_of_groups
from tests.statistics.oracles import agrees, oracle, table

WARPBREAKS = oracle("stratified_standardisation")
SHARED = oracle("shared_baseline")
MINUTES = st.integers(5, 1440)
ARMS = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from(["femur", "skull"]),
    st.lists(MINUTES, max_size=6).map(Histogram.of),
    st.lists(MINUTES, max_size=6).map(Histogram.of),
)


def _near(found: Any, expected: Any) -> None:
    assert found is not None
    assert float(found) == pytest.approx(float(expected), rel=1e-9)


def _warpbreaks() -> list[Stratum]:
    rows = table("warpbreaks")

    def breaks(wool: str, tension: str) -> Histogram:
        return Histogram.of(int(r["breaks"]) for r in rows if (r["wool"], r["tension"]) == (wool, tension))

    return [Stratum.of("A", "yarn", tension, breaks("A", tension), breaks("B", tension)) for tension in "LMH"]


def _of(site: str, procedure: str, without: list[int], printed: list[int], specialty: str = "bone") -> Stratum:
    return Stratum.of(site, specialty, procedure, Histogram.of(without), Histogram.of(printed))


def _only(strata: list[Stratum]) -> SiteEstimate:
    [found] = site_estimates(strata)
    return found


def _numbers(of: SiteEstimate) -> dict[str, Any]:
    saved = of.saved
    return {"saved": saved.estimate, "se": saved.se, "df": saved.df, "lb": saved.low, "ub": saved.high}


def test_strata_have_the_figures_of_r() -> None:
    for stratum, expected in zip(_warpbreaks(), WARPBREAKS["strata"], strict=True):
        for place, arm in enumerate(stratum.minutes):
            numbers = [expected[f"{of}{place}"] for of in "nms"]
            agrees([arm.n, arm.mean, sqrt(arm.variance or 0)], numbers, file="stratified_standardisation.json")


def test_a_site_s_own_interval_is_that_of_r() -> None:
    agrees(_numbers(_only(_warpbreaks())), WARPBREAKS["att"], file="stratified_standardisation.json")


def test_expected_and_observed_are_those_of_r() -> None:
    found = _only(_warpbreaks()).indirect
    sums = [WARPBREAKS["observed_sum"], WARPBREAKS["expected_sum"]]
    agrees([found.observed, found.expected], sums, file="stratified_standardisation.json", rel=0)
    agrees(found.ratio, WARPBREAKS["OE"], file="stratified_standardisation.json")
    assert found.n == 27


@pytest.mark.parametrize("name", ["one", "two"])
def test_baselines_are_strata_with_their_own_error(name: str) -> None:
    expected = {key: value if isinstance(value, list) else [value] for key, value in SHARED[name].items()}
    strata = []
    for k, n1 in enumerate(expected["n1"]):
        arms = [Arm.stated(expected[f"n{a}"][k], expected[f"m{a}"][k], expected[f"s{a}"][k]) for a in (0, 1)]
        assert arms[1].n == n1
        strata.append(Stratum("A", "bone", "femur", (arms[0], arms[1]), (arms[0], arms[1]), varies_alone=True))
    found = _numbers(_only(strata))
    agrees(found, {key: SHARED[name][key] for key in found}, file="shared_baseline.json")


def test_a_baseline_taken_for_certain_would_have_been_the_naive_interval() -> None:
    one = SHARED["one"]
    certain = Arm.stated(one["n0"], one["m0"], 0)
    found = att([(certain, Arm.stated(one["n1"], one["m1"], one["s1"]))])
    assert found.df == one["n1"] - 1
    expected = [one[f"naive_{of}"] for of in ("se", "lb", "ub")]
    agrees([found.se, found.low, found.high], expected, file="shared_baseline.json")


def test_the_logarithms_of_a_baseline_are_those_of_the_log_normal_distribution_with_its_mean_and_sd() -> None:
    baseline = Arm.stated(20, Fraction(240), Fraction(84))
    stratum = Stratum.beside_baseline("A", "bone", "femur", baseline, Histogram.of([200, 210]))
    logs = stratum.logs[0]
    assert logs.n == 20
    assert logs.mean is not None
    assert logs.variance is not None
    _near(exp(logs.mean + logs.variance / 2), 240)
    _near(240 * sqrt(expm1(logs.variance)), 84)
    assert stratum.minutes == (baseline, Arm.of(Histogram.of([200, 210])))
    assert stratum.logs[1] == Arm.of_logs(Histogram.of([200, 210]))
    with pytest.raises(ValueError, match="above 0"):
        Stratum.beside_baseline("A", "bone", "femur", Arm.stated(20, Fraction(0), Fraction(1)), EMPTY)


@settings(deadline=None)
@given(st.lists(ARMS, max_size=8))
def test_what_is_expected_less_what_is_observed_is_the_difference_times_the_printed_cases(rows: list[Any]) -> None:
    strata = [Stratum.of(site, "bone", procedure, without, printed) for site, procedure, without, printed in rows]
    for found in site_estimates(strata):
        compared = [s for s in strata if s.site == found.site and s.has_comparator]
        cases = [
            (minute, without.mean)
            for site, _, without, printed in rows
            if site == found.site and without.n > 1
            for minute, count in printed.counts.items()
            for _ in range(count)
        ]
        assert found.indirect == indirect(compared)
        assert found.indirect.n == found.coverage.compared == len(cases) == found.saved.n_with
        assert found.indirect.saved == sum((mean - minute for minute, mean in cases), Fraction(0))
        if found.saved.estimate is not None:
            assert found.saved.n_with * found.saved.estimate == found.indirect.saved
            assert found.indirect.expected
            assert found.indirect.ratio == found.indirect.observed / found.indirect.expected


@settings(deadline=None)
@given(st.lists(ARMS, min_size=1, max_size=8))
def test_splitting_a_site_s_strata_over_sites_leaves_the_total_saved(rows: list[Any]) -> None:
    together = [Stratum.of("A", "bone", procedure, without, printed) for _, procedure, without, printed in rows]
    apart = [Stratum.of(str(k), "bone", *row[1:]) for k, row in enumerate(rows)]
    assert indirect(together).saved == sum((indirect([s]).saved for s in apart), Fraction(0))


@settings(deadline=None)
@given(st.lists(ARMS, min_size=1, max_size=8))
def test_the_log_track_is_the_same_estimate_of_logarithms(rows: list[Any]) -> None:
    assume(any(without.n > 1 and printed.n for _, _, without, printed in rows))
    for found in site_estimates([Stratum.of(site, "bone", *rest) for site, *rest in rows]):
        groups: dict[str, list[Any]] = defaultdict(list)
        for site, procedure, without, printed in rows:
            if site == found.site and without.n > 1 and printed.n:
                groups[procedure].append((Arm.of_logs(without), Arm.of_logs(printed)))
        if not found.coverage.withheld:
            assert found.log_saved == att_of_groups(list(groups.values()))


def test_one_stratum_s_log_track_is_the_ratio_of_geometric_means() -> None:
    without, printed = Histogram.of([100, 130, 190]), Histogram.of([80, 95, 140])
    found = _only([Stratum.of("A", "bone", "femur", without, printed)])
    assert Ratio.of(found.log_saved) == ratio_of_geometric_means(without, printed)


# Ten degrees of freedom an arm over the two sites; site B's own SDs are much smaller than site A's.
A_FEMUR = ([100, 140, 180, 220, 260, 300], [90, 100, 150, 160, 240, 280])
B_FEMUR = ([100, 101, 102, 103, 104, 105], [90, 91, 92, 93, 94, 95])


def test_sites_are_weighed_by_variances_pooled_over_all_sites() -> None:
    strata = [_of("A", "femur", *A_FEMUR), _of("B", "femur", *B_FEMUR)]
    spread = [(5 * np.var(A_FEMUR[arm], ddof=1) + 5 * np.var(B_FEMUR[arm], ddof=1)) / 10 for arm in (0, 1)]
    for place in (0, 1):
        found = spreads_in_minutes(strata)["femur", place]
        _near(found.variance, spread[place])
        assert (found.df, found.by_cv) == (10, False)
    first, second = site_estimates(strata)
    _near(first.variance, spread[0] / 6 + spread[1] / 6)
    assert first.variance == second.variance
    assert first.saved.se != second.saved.se


def test_the_pooled_variance_weighs_strata_by_the_square_of_their_share() -> None:
    strata = [_of("A", "femur", *A_FEMUR), _of("A", "femur", B_FEMUR[0], B_FEMUR[1][:3]), _of("B", "femur", *B_FEMUR)]
    spreads = [spreads_in_minutes(strata)["femur", arm].variance for arm in (0, 1)]
    assert spreads[0] is not None
    assert spreads[1] is not None
    expected = (4 * (spreads[0] / 6 + spreads[1] / 6) + spreads[0] / 6 + spreads[1] / 3) / 9
    _near(site_estimates(strata)[0].variance, expected)


def test_the_log_track_has_its_own_pooled_variances() -> None:
    strata = [_of("A", "femur", *A_FEMUR), _of("B", "femur", *B_FEMUR)]
    spread = [np.mean([np.log(site[arm]).var(ddof=1) for site in (A_FEMUR, B_FEMUR)]) for arm in (0, 1)]
    for place in (0, 1):
        _near(spreads_in_logs(strata)["femur", place].variance, spread[place])
    _near(site_estimates(strata)[0].log_variance, spread[0] / 6 + spread[1] / 6)


def test_a_procedure_is_pooled_with_no_other() -> None:
    alone = [_of("A", "femur", *A_FEMUR), _of("B", "femur", *B_FEMUR)]
    beside = [*alone, _of("A", "skull", [400, 700, 900] * 5, [300, 500, 1000] * 5)]
    assert spreads_in_minutes(beside)["femur", 0] == spreads_in_minutes(alone)["femur", 0]


def test_with_few_degrees_of_freedom_the_specialty_s_coefficient_of_variation_stands_in() -> None:
    strata = [
        _of("A", "femur", [100, 120, 200], [90, 130]),
        _of("B", "femur", [150, 160], [95]),
        _of("A", "pelvis", [200, 300, 420], [180, 270, 330]),
        _of("A", "skull", [400, 900], [300, 1000], specialty="face"),
    ]
    bone = [[100, 120, 200], [90, 130], [150, 160], [200, 300, 420], [180, 270, 330]]
    square = sum(np.log(arm).var(ddof=1) * (len(arm) - 1) for arm in bone) / 8
    means = (Fraction(100 + 120 + 200 + 150 + 160, 5), Fraction(90 + 130 + 95, 3))
    for place in (0, 1):
        found = spreads_in_minutes(strata)["femur", place]
        _near(found.variance, float(means[place]) ** 2 * expm1(square))
        assert (found.df, found.by_cv) == (8, True)
        _near(spreads_in_logs(strata)["femur", place].variance, square)
    of_site = {found.site: found for found in site_estimates(strata)}["B"]
    _near(of_site.variance, expm1(square) * (float(means[0]) ** 2 / 2 + float(means[1]) ** 2))
    assert of_site.saved.reason == "one case with a print: no spread, so no interval"


@pytest.mark.parametrize(("n", "by_cv"), [(10, True), (11, False)])
def test_ten_degrees_of_freedom_are_enough(n: int, by_cv: bool) -> None:
    found = spreads_in_minutes([_of("A", "femur", [*range(100, 100 + n)], [*range(90, 105)])])
    assert (found["femur", 0].by_cv, found["femur", 1].by_cv) == (by_cv, False)


def test_a_site_without_printed_cases_still_tells_the_spread_of_its_controls() -> None:
    with_idle = spreads_in_minutes([_of("A", "femur", *A_FEMUR), _of("B", "femur", B_FEMUR[0], [])])
    assert with_idle["femur", 0].df == 10


def test_where_nothing_varies_there_is_nothing_to_weigh_by() -> None:
    found = _only([_of("A", "femur", [100] * 12, [80] * 12)])
    assert (found.saved.estimate, found.variance, found.log_variance, found.can_be_pooled) == (20, None, None, False)


def test_where_no_spread_is_known_there_is_nothing_to_weigh_by() -> None:
    strata = [
        Stratum.beside_baseline("A", "bone", "femur", Arm.stated(12, Fraction(100), Fraction(9)), Histogram.of([80])),
    ]
    assert spreads_in_minutes(strata)["femur", 1].by_cv
    assert _only(strata).variance is not None
    assert pooled([Arm.of(Histogram.of([80])), Arm(0, None, None)]).variance is None
    unknown = (Arm.stated(12, Fraction(100), Fraction(9)), Arm.of(Histogram.of([80])))
    nothing = (Arm(0, None, None), Arm(0, None, None))
    assert _only([Stratum("A", "bone", "femur", unknown, nothing)]).variance is None


@pytest.mark.parametrize(
    ("compared", "printed", "caveat", "withheld"),
    [(10, 10, "", ""), (8, 10, "", ""), (79, 100, "79 of 100", ""), (5, 10, "5 of 10", ""), (49, 100, "", "49 of 100")],
)
def test_coverage_has_two_thresholds(compared: int, printed: int, caveat: str, withheld: str) -> None:
    found = coverage(compared, printed)
    said = "only {} printed cases with a time can be compared"
    words = [said.format(part) if part else "" for part in (caveat, withheld)]
    assert [found.caveat, found.withheld] == words
    assert found.share == Fraction(compared, printed)


def test_coverage_of_nothing_is_no_share() -> None:
    assert (coverage(0, 0).share, coverage(0, 0).withheld) == (None, "no case with a print")
    for compared, printed in ((-1, 4), (5, 4)):
        with pytest.raises(ValueError, match="some of the printed"):
            coverage(compared, printed)


def test_where_most_printed_cases_have_no_comparator_the_site_has_no_estimate() -> None:
    found = _only([_of("A", "femur", [100, 120], [80, 90]), _of("A", "skull", [300], [200, 250, 260])])
    assert found.coverage.share == Fraction(2, 5)
    for difference in (found.saved, found.log_saved):
        assert (difference.estimate, difference.n_with, difference.n_without) == (None, 2, 2)
        assert difference.reason == "only 2 of 5 printed cases with a time can be compared"
    assert (found.variance, found.log_variance, found.can_be_pooled) == (None, None, False)


def test_where_some_printed_cases_have_no_comparator_the_estimate_is_of_the_others() -> None:
    found = _only([_of("A", "femur", [100, 120], [80, 90]), _of("A", "skull", [300], [200])])
    assert found.saved.estimate == 25
    assert found.coverage.caveat == "only 2 of 3 printed cases with a time can be compared"


@pytest.mark.parametrize(("n", "sd"), [(20, None), (1, Fraction(10)), (0, None)])
def test_a_baseline_without_sd_or_of_one_case_is_no_comparator(n: int, sd: Fraction | None) -> None:
    baseline = Arm.stated(n, Fraction(100), sd) if n else Arm(0, None, None)
    stratum = Stratum.beside_baseline("A", "bone", "femur", baseline, Histogram.of([80, 90]))
    assert not stratum.has_comparator
    assert indirect([stratum]) == Indirect(0, Fraction(0), Fraction(0))
    assert indirect([stratum]).ratio is None
    assert _only([stratum]).saved.reason == "only 0 of 2 printed cases with a time can be compared"


@pytest.mark.parametrize(("without", "printed", "enters"), [(3, 3, True), (2, 3, False), (3, 2, False)])
def test_a_pool_over_sites_takes_three_cases_an_arm(without: int, printed: int, enters: bool) -> None:
    found = _only([_of("A", "femur", [100, 120, 150][:without], [80, 95, 99][:printed])])
    assert found.can_be_pooled is enters


def test_the_logarithm_s_variance_of_a_baseline_is_as_stated() -> None:
    stratum = Stratum.beside_baseline("A", "b", "f", Arm.stated(9, Fraction(50), Fraction(20)), EMPTY)
    _near(stratum.logs[0].variance, log1p(0.16))
    _near(stratum.logs[0].mean, log(50) - log1p(0.16) / 2)
