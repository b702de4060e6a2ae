"""The question asked otherwise, against plain loops over the cases; and what is said where an answer does not exist."""

from dataclasses import dataclass, replace
from math import exp, log, sqrt
from statistics import fmean, median, variance
from typing import Any

import pytest
from django.utils.timezone import now

from registry.models import Site
from registry.statistics.measures import BY_SLUG
from registry.statistics.pooling import Interval, Method, pool
from registry.statistics.results import NoNumber, Scope, Statistic
from registry.statistics.sensitivity import by_sample_size
from registry.statistics.unmeasured import of_difference
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import baseline, fill, line, measured, refresh, submit
from tests.statistics.test_across_sites import effects, registry
from tests.statistics.test_published import who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
IN_THE_ROOM = {"intra_op_nonsterile", "sterile_field"}


@dataclass(frozen=True)
class Told:
    """One case as it was reported. `place`: the how manyeth print of its procedure."""

    category: str
    minutes: int
    source: str = "or_log"
    kind: str = "none"
    used: str | None = None
    place: int = 0


def reported(site: Site) -> list[Told]:
    """Cases of two procedures by all sources, with seven prints of the one and four of the other."""
    sources, used = ["or_log", "ehr", "chart"], ["intra_op_nonsterile", None, "planning_only"]
    kinds = ["anatomic_model", "anatomic_guide", "both"]
    told = [Told("tka", 150 + 7 * n, sources[n % 3]) for n in range(9)]
    told += [Told("tha", 210 + 9 * n, sources[n % 2]) for n in range(8)]
    told += [Told("tka", 120 + 5 * n, sources[n % 3], kinds[n % 3], used[n % 2], n) for n in range(7)]
    told += [Told("tha", 190 + 4 * n, "or_log", kinds[n % 2], used[n % 3], n) for n in range(4)]
    told += [Told("tka", 90, "recall", "anatomic_model", "intra_op_nonsterile", 7), Told("tka", 260, "recall")]
    for number, each in enumerate(told):
        time = reports.time(each.minutes, source=each.source)
        if each.kind == "none":
            submit(site, reports.control(f"C-{number}", "2026-03", each.category, time))
        else:
            done = reports.procedure("2026-03", each.category, time, used=each.used)
            submit(site, reports.asked(f"P-{number}", "2026-01", kind=each.kind, procedure=done))
    refresh()
    return told


def naive(told: list[Told]) -> tuple[float, int]:
    """Σ n₁(m₀ − m₁) / Σ n₁ over the procedures with three cases an arm, and Σ n₁."""
    sums, n = 0.0, 0
    for category in ("tka", "tha"):
        without = [each.minutes for each in told if each.category == category and each.kind == "none"]
        printed = [each.minutes for each in told if each.category == category and each.kind != "none"]
        if min(len(without), len(printed)) >= 3:
            sums, n = sums + len(printed) * (fmean(without) - fmean(printed)), n + len(printed)
    return sums / n, n


def chosen(told: list[Told]) -> dict[str, list[Told]]:
    """The cases of each way of asking that changes which cases count."""
    seen = [each for each in told if each.source != "recall"]
    by_kind = {
        kind: [e for e in seen if e.kind in {"none", kind}] for kind in ("anatomic_model", "anatomic_guide", "both")
    }
    return {
        "headline": seen,
        "controls": seen,
        **{
            source: [e for e in seen if e.kind == "none" or e.source == source] for source in ("or_log", "ehr", "chart")
        },
        "recall": told,
        "not_early": [e for e in seen if e.kind == "none" or e.place >= 5],
        "used": [e for e in seen if e.kind == "none" or e.used in IN_THE_ROOM],
        **by_kind,
    }


def asked(scope: Scope, way: str) -> dict[str, Any]:
    return line(measured("sensitivity", scope), asked=way)


def test_every_choice_of_cases_is_that_of_plain_loops(who: People) -> None:
    told = reported(who.site)
    result, answered = measured("sensitivity", Scope.of(who.site)), 0
    for way, cases in chosen(told).items():
        row = line(result, asked=way)
        if isinstance(row["saved"], NoNumber):
            # Too few of them: plain loops find less than half of the printed cases compared, or none.
            assert "compar" in row["saved"].reason, way
            continue
        assert (row["saved"], row["n"]) == (pytest.approx(naive(cases)[0], rel=1e-12), naive(cases)[1]), way
        answered += 1
    assert answered >= 6
    headline = line(result, asked="headline")
    assert line(result, asked="recall")["change"] == pytest.approx(naive(told)[0] - headline["saved"])
    assert result.n == headline["n"] == 11


def test_the_headline_is_that_of_minutes_saved(who: People) -> None:
    reported(who.site)
    for scope in (Scope.of(who.site), Scope.registry()):
        whole = next(row for row in measured("minutes-saved", scope).rows if row["category"] == "")
        row = asked(scope, "headline")
        assert [row[name] for name in ("saved", "low", "high", "n")] == [
            whole[name] for name in ("saved", "low", "high", "n")
        ]


def test_the_ratio_is_put_in_minutes_at_the_mean_without_a_print(who: People) -> None:
    without, printed = [150, 170, 180, 220], [120, 130, 160]
    fill(who.site, with_print=printed, without=without)
    refresh()
    row = asked(Scope.of(who.site), "ratio")
    ratio = exp(fmean(map(log, printed)) - fmean(map(log, without)))
    assert row["saved"] == pytest.approx(fmean(without) * (1 - ratio), rel=1e-9)
    assert f"ratio {ratio:.3f}, of 180.0 minutes without" in row["remark"]


def test_the_shift_is_the_median_of_all_differences_within_the_procedure(who: People) -> None:
    without, printed = [150, 170, 180, 220], [120, 130, 160]
    fill(who.site, with_print=printed, without=without)
    refresh()
    row = asked(Scope.of(who.site), "shift")
    assert row["saved"] == median(first - second for first in without for second in printed)


def test_a_baseline_is_asked_alone_and_its_times_are_in_no_shift(who: People) -> None:
    fill(who.site, with_print=[140, 150, 160], without=[])
    baseline(who.site, mean=180)
    refresh()
    result = measured("sensitivity", Scope.of(who.site))
    assert line(result, asked="baselines")["saved"] == line(result, asked="headline")["saved"] == 30
    assert line(result, asked="controls")["saved"].reason.startswith("no procedure of a site with 3 printed")
    assert line(result, asked="shift")["saved"].reason == "no stratum with cases in both arms"
    assert "a baseline's single times are not known" in line(result, asked="shift")["remark"]


def test_controls_can_be_left_for_the_baseline(who: People) -> None:
    fill(who.site, with_print=[140, 150, 160], without=[155, 160, 165])
    baseline(who.site, mean=180)
    refresh()
    result = measured("sensitivity", Scope.of(who.site))
    assert (line(result, asked="headline")["saved"], line(result, asked="baselines")["saved"]) == (10, 30)
    assert line(result, asked="baselines")["flag"] == "interval above zero, moves by more than 25%"


def test_a_way_of_asking_that_turns_the_interval_is_named(who: People) -> None:
    site, printed = who.site, [(100, None)] * 9 + [(minutes, "intra_op_nonsterile") for minutes in (270, 271, 272)]
    fill(site, with_print=[], without=[200, 201, 202, 203])
    for number, (minutes, used) in enumerate(printed):
        done = reports.procedure("2026-03", "tka", reports.time(minutes), used=used)
        submit(site, reports.asked(f"P-{number}", "2026-01", procedure=done))
    refresh()
    row = asked(Scope.of(site), "used")
    assert row["saved"] < -60
    assert row["flag"] == "interval below zero, moves by more than 25%"
    assert asked(Scope.of(site), "headline")["flag"] == ""


@pytest.mark.parametrize("slug", ["sensitivity", "e-value", "unreported-savings", "sensitivity-across-sites"])
def test_without_a_printed_time_there_is_no_line(slug: str, who: People) -> None:
    fill(who.site, with_print=[], without=[200, 201, 202])
    refresh()
    for scope in (Scope.of(who.site), Scope.registry()):
        result = measured(slug, scope)
        assert (result.rows, result.n) == ((), 0)


def test_without_a_comparator_the_headline_says_so_and_nothing_else_is_asked(who: People) -> None:
    fill(who.site, with_print=[140, 150], without=[])
    refresh()
    (row,) = measured("sensitivity", Scope.of(who.site)).rows
    assert isinstance(row["saved"], NoNumber)
    assert "3 comparator cases" in row["saved"].reason
    assert measured("e-value", Scope.of(who.site)).rows == ()


def test_a_source_that_nobody_used_is_said_to_be_missing(who: People) -> None:
    fill(who.site, with_print=[140, 150, 160], without=[155, 160, 165])
    refresh()
    row = asked(Scope.of(who.site), "ehr")
    assert (row["saved"].reason, row["n"], row["sites"]) == ("no printed case has such a time", 0, 0)


def test_the_e_value_is_that_of_the_pooled_spread_without_a_print(who: People) -> None:
    arms = {"tka": ([150, 170, 180, 220], [120, 130, 160]), "tha": ([250, 270, 300], [220, 230, 260])}
    for category, (without, printed) in arms.items():
        fill(who.site, with_print=printed, without=without, category=category)
    refresh()
    (row,) = measured("e-value", Scope.of(who.site)).rows
    sd = sqrt(sum((len(w) - 1) * variance(w) for w, _ in arms.values()) / sum(len(w) - 1 for w, _ in arms.values()))
    whole = next(row for row in measured("minutes-saved", Scope.of(who.site)).rows if row["category"] == "")
    wanted = of_difference(whole["saved"], whole["se"], sd)
    assert (row["sd"], row["e_value"], row["e_limit"]) == pytest.approx((sd, wanted.e, wanted.e_limit), rel=1e-9)
    assert (
        row["said"]
        == f"An unmeasured imbalance of {whole['low']:.1f} minutes between the arms would remove the effect."
    )


def test_without_an_interval_the_e_value_has_no_limit(who: People) -> None:
    fill(who.site, with_print=[150, 150, 150], without=[180, 180, 180])
    refresh()
    (row,) = measured("e-value", Scope.of(who.site)).rows
    assert isinstance(row["e_limit"], NoNumber)
    assert row["said"] == "Nothing can be said: no variation in either arm, so no interval."


def test_what_may_lie_below_zero_is_no_plain_share() -> None:
    columns = {column.name: column.unit for column in BY_SLUG["sensitivity-across-sites"].columns}
    assert {columns[name] for name in ("saved", "low", "high", "change")} == {"share_saved"}


def across() -> Statistic:
    return measured("sensitivity-across-sites", Scope.registry())


def test_other_ways_of_pooling_are_those_of_the_effects_of_plain_loops() -> None:
    sites = registry(5)
    found, logs = across(), effects(sites, log)
    ways = {
        "headline": pool(*logs),
        "pm": pool(*logs, method=Method.PAULE_MANDEL),
        "dl": pool(*logs, method=Method.DERSIMONIAN_LAIRD),
        "hk": pool(*logs, interval=Interval.HARTUNG_KNAPP),
        "wald": pool(*logs, interval=Interval.WALD),
        "ssw": by_sample_size(*logs, [(len(w), len(p)) for w, p in sites.values()], tau2=pool(*logs).tau2 or 0),
    }
    for way, wanted in ways.items():
        row = line(found, asked=way)
        assert wanted.estimate is not None
        assert wanted.low is not None
        assert row["saved"] == pytest.approx(1 - exp(-wanted.estimate), rel=1e-8), way
        assert row["low"] == pytest.approx(1 - exp(-wanted.low), rel=1e-8), way
    alone = {
        code: pool(*([every[:place] + every[place + 1 :] for every in logs])).estimate
        for place, code in enumerate(sites)
    }
    for way, which in (("lowest", min), ("highest", max)):
        code = which(alone, key=lambda code: alone[code] or 0)
        row = line(found, asked=way)
        assert row["saved"] == pytest.approx(1 - exp(-(alone[code] or 0)), rel=1e-8)
        assert (row["remark"], row["sites"]) == (f"without {code}", 4)


@pytest.mark.parametrize(("count", "words"), [(1, "One site"), (2, "Two sites, side by side")])
def test_one_or_two_sites_are_pooled_in_no_way(count: int, words: str) -> None:
    registry(count)
    for row in across().rows:
        assert isinstance(row["saved"], NoNumber)
        assert row["saved"].reason.startswith(words)


def test_below_five_sites_none_is_left_out() -> None:
    registry(3)
    found = across()
    assert isinstance(line(found, asked="dl")["saved"], float)
    assert "what a new site may expect cannot be said" in line(found, asked="lowest")["saved"].reason


def waiting(site: Site, name: str, month: str) -> None:
    submit(site, reports.asked(name, month))


def test_who_waits_and_is_due_counts_as_unreported_and_who_is_not_due_does_not(who: People) -> None:
    fill(who.site, with_print=[140, 150, 160], without=[180, 190, 200])
    fill(who.other, with_print=[140], without=[])
    waiting(who.site, "W-1", "2026-01")
    waiting(who.site, "W-2", f"{now():%Y-%m}")
    refresh()
    result = measured("unreported-times", Scope.registry())
    told = {(row["by"], row["which"]): (row["with_or_time"], row["n"]) for row in result.rows}
    assert told == {
        ("every", ""): (4, 5),
        ("site", who.site.code): (3, 4),
        ("site", who.other.code): (1, 1),
        ("object_kind", "anatomic_model"): (4, 5),
        ("year", "2026"): (4, 5),
    }
    own = measured("unreported-times", Scope.of(who.site))
    assert {row["by"] for row in own.rows} == {"every", "object_kind", "year"}
    assert "whether the user reported a benefit" in own.caveats[0]


def test_the_average_over_all_is_that_of_the_formula_and_the_headline_alone_has_an_interval(who: People) -> None:
    fill(who.site, with_print=[140, 141, 142, 143], without=[180, 190, 200])
    for number in range(12):
        waiting(who.site, f"W-{number}", "2026-01")
    refresh()
    result = measured("unreported-savings", Scope.of(who.site))
    mean = 190 - 141.5
    for k in (0, 0.25, 0.5, 0.75, 1):
        assert line(result, k=k)["saved"] == pytest.approx(mean * (0.25 + k * 0.75), rel=1e-12)
    tipping = line(result, supposed="tipping")
    assert tipping["k"] < 0
    headline = asked(Scope.of(who.site), "headline")
    assert 0.25 * headline["low"] + 0.75 * tipping["k"] * mean == pytest.approx(0, abs=1e-9)
    assert [line(result, k=1)[name] for name in ("low", "high")] == [headline["low"], headline["high"]]
    none = NoNumber("supposed minutes have no interval")
    assert {row[name] for row in result.rows if row["k"] != 1 for name in ("low", "high")} == {none}
    assert (tipping["n"], tipping["eligible"]) == (4, 16)


@pytest.mark.parametrize(
    ("printed", "extra", "words"),
    [
        ([140, 141, 142], 0, "every eligible case was reported"),
        ([180, 195, 188], 3, "the interval of the reported cases holds 0 already"),
        ([190, 190, 190], 3, "the reported cases have no interval"),
    ],
)
def test_where_nothing_tips_it_says_why(printed: list[int], extra: int, words: str, who: People) -> None:
    fill(who.site, with_print=printed, without=[180, 190, 200] if len(set(printed)) > 1 else [190, 190, 190])
    for number in range(extra):
        waiting(who.site, f"W-{number}", "2026-01")
    refresh()
    row = line(measured("unreported-savings", Scope.of(who.site)), supposed="tipping")
    assert row["k"] == NoNumber(words)
    assert row["remark"] == words


def test_a_told_case_may_be_counted_twice_in_no_sum() -> None:
    told = [Told("tka", 100), Told("tka", 100), Told("tka", 100), *[Told("tka", 90, kind="both")] * 3]
    assert naive(told) == (10, 3)
    assert naive([*told, replace(told[0], category="tha")]) == (10, 3)
