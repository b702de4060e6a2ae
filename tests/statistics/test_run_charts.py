"""Month by month, against plain loops over the minutes that were entered."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import log, sqrt
from random import Random
from statistics import fmean, median
from typing import Any

import pytest

from registry.models import Deployment, Site
from registry.statistics.control_charts import NO_VARIATION
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.results import NoNumber, Scope, Statistic
from registry.statistics.run_charts import _saved, judged, usual
from registry.statistics.run_charts_tables import ONE_AT_A_TIME
from tests import people
from tests.people import People
from tests.reports.registry import submitted
from tests.statistics import reports
from tests.statistics.asking import fill, line, measured, refresh, submit

ALL, EACH = "or-minutes-against-usual", "or-minutes-by-month"
MONTHS = [f"{2023 + number // 12}-{number % 12 + 1:02d}" for number in range(15) if number != 4]
"""Fourteen of them: May 2023 has no case."""
SETTLED = (1, -1, 1, 3, -3, -3, -1, 1, 3, 1, -1, -1, -2, 3)
"""Neighbours do not depend on each other."""


def _entered(site: Site, by: Any, late: int = 0) -> dict[str, dict[str, list[int]]]:
    """Two procedures with a print, one or more cases a month, and controls; `late` is added in the last month."""
    minutes: dict[str, dict[str, list[int]]] = {"tka": defaultdict(list), "tha": defaultdict(list)}
    said = []
    for place, (month, step) in enumerate(zip(MONTHS, SETTLED, strict=True)):
        extra = late if place == len(MONTHS) - 1 else 0
        minutes["tka"][month] = [100 + 3 * step + extra, 100 + 2 * step + place + extra][: 1 + place % 2]
        if place % 3:
            minutes["tha"][month] = [220 - 5 * step]
    for category, by_month in minutes.items():
        for month, values in by_month.items():
            for number, value in enumerate(values):
                done = reports.procedure(month, category, reports.time(value))
                said.append(reports.asked(f"P-{category}-{month}-{number}", "2023-01", procedure=done))
    for number, value in enumerate((118, 126, 131, 124)):
        said.append(reports.control(f"C-{number}", "2023-02", "tka", reports.time(value)))
    submitted(site, by, said)
    refresh()
    return minutes


@pytest.fixture
def who(db: None) -> People:
    return people.gathered()


def _xmr(values: list[float]) -> dict[str, float]:
    centre, mr = fmean(values), fmean(abs(b - a) for a, b in pairwise(values))
    return {"centre": centre, "low": centre - 3 * mr / 1.128, "high": centre + 3 * mr / 1.128, "range_high": 3.267 * mr}


def _drifts(values: list[float]) -> list[dict[str, float]]:
    limits = _xmr(values)
    sigma, z = (limits["high"] - limits["centre"]) / 3, limits["centre"]
    rise = fall = 0.0
    found = []
    for t, value in enumerate(values, 1):
        z = 0.2 * value + 0.8 * z
        half = 2.962 * sigma * sqrt(0.2 / 1.8 * (1 - 0.8 ** (2 * t)))
        rise = max(0.0, rise + value - limits["centre"] - sigma / 2)
        fall = max(0.0, fall + limits["centre"] - value - sigma / 2)
        found.append(
            {
                "ewma": z, "ewma_low": limits["centre"] - half, "ewma_high": limits["centre"] + half,
                "rise": rise, "fall": fall, "decision": 5 * sigma,
            }
        )  # fmt: skip
    return found


def _agrees(rows: list[Any], values: list[float], counts: list[int]) -> None:
    assert [row["month"] for row in rows] == MONTHS
    assert [row["n"] for row in rows] == counts
    assert [row["value"] for row in rows] == pytest.approx(values, abs=1e-12)
    assert str(rows[0]["moving_range"]) == "the first month has none before it"
    ranges = [abs(b - a) for a, b in pairwise(values)]
    assert [row["moving_range"] for row in rows[1:]] == pytest.approx(ranges, abs=1e-12)
    for row, drift in zip(rows, _drifts(values), strict=True):
        expected = _xmr(values) | drift
        assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-12)
        assert (row["chart"], row["why"]) == ("xmr", "")


def test_a_procedure_s_series_is_what_plain_loops_over_its_cases_say(who: People) -> None:
    minutes = _entered(who.site, who.alice)["tka"]
    found = measured(EACH, Scope.of(who.site))
    rows: list[Any] = [row for row in found.rows if row["category"] == "tka"]
    _agrees(rows, [fmean(minutes[month]) for month in MONTHS], [len(minutes[month]) for month in MONTHS])
    controls, so_far = fmean((118, 126, 131, 124)), 0.0
    for row in rows:
        so_far += sum(controls - value for value in minutes[row["month"]])
        assert row["saved_so_far"] == pytest.approx(so_far)
    assert {row["signal"] for row in rows} == {"none"}


def test_the_line_over_all_procedures_is_what_plain_loops_over_all_cases_say(who: People) -> None:
    minutes = _entered(who.site, who.alice)
    logs = {name: [log(value) for values in by.values() for value in values] for name, by in minutes.items()}
    arms = {"tka": [logs["tka"], [log(value) for value in (118, 126, 131, 124)]], "tha": [logs["tha"]]}
    sd = {}
    for name, parts in arms.items():
        squares = sum((value - fmean(part)) ** 2 for part in parts for value in part)
        sd[name] = sqrt(squares / sum(len(part) - 1 for part in parts))
    residuals = {
        month: [(log(y) - fmean(logs[name])) / sd[name] for name in minutes for y in minutes[name].get(month, [])]
        for month in MONTHS
    }
    found = measured(ALL, Scope.of(who.site))
    values = [fmean(part) * sqrt(len(part)) for part in residuals.values()]
    _agrees(list(found.rows), values, [len(part) for part in residuals.values()])
    assert sum(
        value * sqrt(len(part)) for value, part in zip(values, residuals.values(), strict=True)
    ) == pytest.approx(0)
    assert (found.n, found.clocks) == (sum(map(len, residuals.values())), ("in_room",))
    assert found.coverage is not None
    assert found.coverage.covered == found.coverage.eligible == found.n


def test_a_month_far_from_the_others_signals(who: People) -> None:
    _entered(who.site, who.alice, late=90)
    rows: list[Any] = [row for row in measured(EACH, Scope.of(who.site)).rows if row["category"] == "tka"]
    assert [row["signal"] for row in rows] == ["none"] * 13 + ["above"]
    assert rows[-1]["value"] > rows[-1]["high"]


def test_few_controls_give_no_minutes_saved_so_far_and_say_so(who: People) -> None:
    _entered(who.site, who.alice)
    rows: list[Any] = [row for row in measured(EACH, Scope.of(who.site)).rows if row["category"] == "tha"]
    assert {str(row["saved_so_far"]) for row in rows} == {"fewer than 3 controls with a time"}
    assert {(row["chart"], row["why"]) for row in rows} == {("run", "fewer than 12 points, so no limits")}
    assert {row["centre"] for row in rows} == {median(row["value"] for row in rows)}
    for name in (
        "low",
        "high",
        "range_high",
        "signal",
        "ewma",
        "ewma_signal",
        "rise",
        "fall",
        "decision",
        "cusum_signal",
    ):
        assert {str(row[name]) for row in rows} == {"fewer than 12 points, so no limits"}


def test_recalled_minutes_other_clocks_and_what_was_not_printed_are_no_points_of_the_series(who: People) -> None:
    fill(who.site, with_print=[100, 110], without=[], month="2026-03")
    fill(who.site, with_print=[60], without=[], month="2026-03", clock="incision_closure")
    recalled = reports.procedure("2026-04", "tka", reports.time(500, source="recall"))
    submit(who.site, reports.asked("R-1", "2026-01", procedure=recalled))
    cancelled = reports.procedure("2026-03", "tka", reports.time(400))
    submit(who.site, reports.asked("X-1", "2026-01", decision="cancelled", procedure=cancelled))
    refresh()
    found = measured(EACH, Scope.of(who.site))
    assert [(row["clock"], row["month"], row["n"], row["value"]) for row in found.rows] == [
        ("in_room", "2026-03", 2, 105),
        ("incision_closure", "2026-03", 1, 60),
    ]
    assert (found.n, found.clocks) == (2, ("in_room", "incision_closure"))
    assert found.coverage is not None
    assert (found.coverage.covered, found.coverage.eligible) == (2, 4)


def test_a_procedure_with_fewer_than_three_printed_cases_is_not_in_the_line_over_all(who: People) -> None:
    fill(who.site, with_print=[100, 110, 120], without=[], month="2026-03")
    fill(who.site, with_print=[300, 310], without=[], category="tha", month="2026-03")
    refresh()
    found = measured(ALL, Scope.of(who.site))
    assert [row["n"] for row in found.rows] == [3]
    assert found.coverage is not None
    assert (found.coverage.covered, found.coverage.eligible) == (3, 5)


def test_the_registry_has_a_line_for_each_site_and_none_for_each_procedure(who: People) -> None:
    for site, shift in ((who.site, 0), (who.other, 30)):
        fill(site, with_print=[100 + shift, 110, 120], without=[130, 140], month="2026-03")
    refresh()
    each = measured(EACH, Scope.registry())
    said = [each.rows[0].pop(name) for name in ("site", "category", "clock", "month", "data")]
    assert (len(each.rows), said) == (1, ["", "", "", "", "none"])
    assert {str(value) for value in each.rows[0].values()} == {ONE_AT_A_TIME}
    assert [row["site"] for row in measured(ALL, Scope.registry()).rows] == ["ALPHA", "CHARLIE"]


@pytest.mark.parametrize("slug", [ALL, EACH])
def test_without_a_printed_case_there_is_no_line(who: People, slug: str) -> None:
    fill(who.site, with_print=[], without=[100, 110, 120], month="2026-03")
    refresh()
    found = measured(slug, Scope.of(who.site))
    assert (found.rows, found.n, found.sites, found.clocks) == ((), 0, 0, ())


def test_where_only_years_are_kept_a_point_is_a_year(who: People) -> None:
    Deployment.objects.update(privacy_mode="safe_harbor")
    for year in ("2024-01", "2026-01"):
        submit(who.site, reports.asked(f"P-{year}", year, procedure=reports.procedure(year, "tka", reports.time(90))))
    refresh()
    found: Statistic = measured(EACH, Scope.of(who.site))
    assert [row["month"] for row in found.rows] == ["2024", "2026"]
    assert found.caveats[-1] == "This registry keeps years only: each line is a year."
    assert line(found, month="2026")["n"] == 1


def test_points_that_do_not_vary_have_no_limits() -> None:
    found = judged([100.0] * 14)
    assert (found.kind, found.reason, found.centre, found.limits) == ("run", NO_VARIATION, 100.0, None)


def test_points_that_depend_on_their_neighbours_have_no_limits() -> None:
    found = judged([float(value) for value in range(20)])
    assert found.kind == "run"
    assert found.reason.startswith("neighbouring points depend on each other (r = 0.")


def test_one_point_is_a_chart_and_none_is_none() -> None:
    assert (judged([7.0]).kind, judged([7.0]).centre) == ("run", 7.0)
    with pytest.raises(ValueError, match="A chart needs a point"):
        judged([])


def test_both_rules_may_signal_at_one_point() -> None:
    base = [float(step) for step in (*SETTLED, *SETTLED[:6])]
    found = judged([*base, *[0.5] * 7, 40.0, 0.5, -40.0])
    assert found.signals[-3:] == ("above+row_above", "row_above", "below")
    assert found.signals[-4] == "none"


def test_what_is_usual_is_the_printed_mean_with_the_spread_within_both_arms() -> None:
    printed, controls = Histogram.of([90, 100, 115]), Histogram.of([200, 230])
    found = usual(printed, controls)
    assert found is not None
    logs = [[log(value) for value in part] for part in ((90, 100, 115), (200, 230))]
    squares = sum((value - fmean(part)) ** 2 for part in logs for value in part)
    assert (found.mean, found.sd) == pytest.approx((fmean(logs[0]), sqrt(squares / 3)))


@pytest.mark.parametrize("printed", [[], [90, 100], [90, 90, 90]])
def test_nothing_is_usual_of_too_few_cases_or_of_cases_that_do_not_vary(printed: list[int]) -> None:
    assert usual(Histogram.of(printed), EMPTY) is None


def test_minutes_saved_so_far_end_at_n_times_the_difference_of_the_means() -> None:
    controls, months = Histogram.of([120, 130, 141]), [Histogram.of([100, 110]), Histogram.of([150])]
    assert controls.mean is not None
    assert _saved(controls, months) == (2 * controls.mean - 210, 3 * (controls.mean - Fraction(360, 3)))
    assert _saved(Histogram.of([120, 130]), months) == (None, None)


def test_neither_more_cases_nor_other_procedures_move_the_line_by_themselves() -> None:
    """Printed cases of three procedures, of which print saves 16 %, nothing and 26 %; each year more of them, and more of the first."""
    signals = 0
    for seed in range(100):
        random = Random(seed)
        drawn = [(random.choices(range(3), [1 + month / 10, 2, 1], k=2 + month // 4)) for month in range(30)]
        logs = [[(which, random.gauss((5.1, 5.7, 4.4)[which], 0.28)) for which in month] for month in drawn]
        means = [fmean(value for month in logs for kind, value in month if kind == which) for which in range(3)]
        points = [sum((value - means[kind]) / 0.28 for kind, value in month) / sqrt(len(month)) for month in logs]
        found = judged(points)
        signals += any(each != "none" for each in found.signals)
    assert signals <= 25  # by chance alone about 18


def test_the_caveat_says_how_often_a_steady_process_signals() -> None:
    random, counts = Random(1), dict.fromkeys((24, 36), 0)
    for months in counts:
        for _ in range(600):
            found = judged([random.gauss(0, 1) for _ in range(months)])
            drifts = [*(found.ewma.signals if found.ewma else ()), *(found.cusum.signals if found.cusum else ())]
            counts[months] += any(each != "none" for each in found.signals) or bool(drifts)
    assert counts[24] / 600 == pytest.approx(1 / 8, abs=0.04)
    assert counts[36] / 600 == pytest.approx(0.3, abs=0.05)


def test_a_month_is_a_date_in_the_reading_and_a_row_says_whose_it_is(who: People) -> None:
    fill(who.site, with_print=[100, 110, 120], without=[], month="2026-03")
    refresh()
    row = line(measured(ALL, Scope.of(who.site)), month=f"{date(2026, 3, 1):%Y-%m}")
    assert (row["site"], row["data"]) == ("ALPHA", "real")
    assert isinstance(row["low"], NoNumber)
