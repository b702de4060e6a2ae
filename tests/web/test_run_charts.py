"""The page of months: what it says of a series, what it draws, to whom, and what where there is nothing to show."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.statistics.control_charts import NO_VARIATION
from registry.statistics.measures import BY_SLUG
from registry.statistics.results import NoNumber, Row, Statistic
from registry.web.charts.run import Level, Point, run
from registry.web.topics import run_charts
from registry.web.topics.run_signals import said
from tests.people import People
from tests.reports.registry import control, printed, refreshed, submitted
from tests.web.conftest import SignedIn
from tests.web.test_topics import measured

ALL, EACH = "or-minutes-against-usual", "or-minutes-by-month"
PAGE = "/s/ALPHA/statistics/run-charts/"


def series(*signals: str, category: str = "tka", n: int = 1, why: str = "", **drifts: dict[int, str]) -> list[Row]:
    """One month a signal, from January 2025 on; `drifts`: by column, what is signalled at which place."""
    missing = NoNumber(why) if why else None
    rows = []
    for place, signal in enumerate(signals):
        row: Row = {column.name: 0.0 if column.unit != "text" else "" for column in BY_SLUG[EACH].columns}
        row |= {"site": "ALPHA", "category": category, "clock": "in_room", "n": n, "data": "real", "why": why}
        row |= {"month": f"{2025 + place // 12}-{place % 12 + 1:02d}", "value": 100.0 + place, "centre": 105.0}
        row |= {"low": missing or 80.0, "high": missing or 130.0, "signal": missing or signal}
        for name in ("ewma_signal", "cusum_signal"):
            row[name] = missing or drifts.get(name, {}).get(place, "none")
        rows.append(row)
    return rows


def each(rows: list[Row], **changes: Any) -> Statistic:
    return measured(EACH, rows, **changes)


QUIET = ["none"] * 12


def test_a_quiet_series_says_that_no_month_stands_out() -> None:
    assert said(series(*QUIET)) == "No month stands out from chance."


@pytest.mark.parametrize(
    ("signals", "drifts", "words"),
    [
        ([*QUIET, "above"], {}, "2026-01 lies above the upper limit: look for a reason."),
        (["below", *QUIET, "below"], {}, "2025-01 and 2026-02 lie below the lower limit: look for a reason."),
        (["above"] * 6, {}, "2025-01, 2025-02, 2025-03, 2025-04 and 2 more lie above the upper limit: look for a reason."),
        ([*["none"] * 7, "row_above", "row_above"], {}, "9 in a row up to 2025-09 lie above the centre: look for a reason."),
        ([*["none"] * 7, "row_below", *["none"] * 7, "row_below"], {},
         "8 in a row up to 2025-08 lie below the centre; 8 in a row up to 2026-04 lie below the centre: look for a reason."),
        (["below+row_below"], {},
         "2025-01 lies below the lower limit; 8 in a row up to 2025-01 lie below the centre: look for a reason."),
        (QUIET, {"ewma_signal": {4: "above", 5: "above"}, "cusum_signal": {3: "above"}},
         "The moving average (EWMA) shows a drift upwards in 2025-05: look for a reason."),
        (QUIET, {"cusum_signal": {3: "below"}}, "The cumulative sum (CUSUM) shows a drift downwards in 2025-04: look for a reason."),
    ],
)  # fmt: skip
def test_what_stands_out_is_said_with_its_month(signals: list[str], drifts: Any, words: str) -> None:
    assert said(series(*signals, **drifts)) == words


@pytest.mark.parametrize("why", ["fewer than 12 points, so no limits", NO_VARIATION])
def test_a_plain_run_chart_says_why_it_has_no_limits(why: str) -> None:
    panel = run_charts.by_procedure(each(series(*QUIET, why=why)))[0]
    assert f"A plain run chart: {why}." in panel.table.finding
    assert f"There are no limits: {why.removesuffix(', so no limits')}." in panel.reading
    assert [column.name for column in panel.table.columns] == ["month", "n", "value", "saved_so_far"]
    assert panel.figure is not None
    assert [layer["mark"]["type"] for layer in panel.figure.wide["layer"]] == ["rule", "text", "text", "line", "point"]


def test_the_procedure_with_the_most_cases_is_drawn_and_all_stand_in_a_line_each() -> None:
    rows = series(*QUIET, n=2) + series(*QUIET, "above", category="tha", n=4)
    first, lines = run_charts.by_procedure(each(rows))
    assert first.table.finding.startswith(
        "Hip replacement, the procedure with the most printed cases. 2026-01 lies above"
    )
    assert [row[0] for row in first.table.rows] == [row["month"] for row in rows[:11:-1]]
    assert first.table.column("signals")[:2] == ["Above the upper limit", "None"]
    assert [line[:3] for line in lines.table.rows] == [("Hip replacement", 52, 13), ("Knee replacement", 24, 12)]
    assert lines.table.column("limits") == ["80.0 to 130.0"] * 2
    assert lines.table.column("said")[1] == "No month stands out from chance."


def test_a_limit_below_zero_minutes_is_none() -> None:
    rows: list[Row] = [{**row, "low": -3.0} for row in series(*QUIET)]
    first, lines = run_charts.by_procedure(each(rows))
    assert lines.table.column("limits") == ["up to 130.0"]
    assert first.figure is not None
    assert "lower limit" not in str(first.figure.wide)


def test_a_point_that_signals_has_its_own_shape_and_words() -> None:
    figure = run_charts.figure(each(series("none", "above", "none", "below", *["none"] * 6, "row_above", "row_above")))
    assert figure is not None
    marks = [value["mark"] for value in figure.wide["data"]["values"]]
    assert marks == ["", "above", "", "below", *[""] * 6, "row", "row"]
    scale = next(layer for layer in figure.wide["layer"] if layer["mark"]["type"] == "point")["encoding"]["shape"][
        "scale"
    ]
    shapes = dict(zip(scale["domain"], scale["range"], strict=True))
    assert len({shapes[mark] for mark in marks}) == 4
    beside = [value["text"] for layer in figure.wide["layer"][-3:] for value in layer.get("data", {}).get("values", [])]
    assert sorted(beside) == ["2025-02", "2025-04", "8 in a row"]
    assert figure.wide["data"]["values"][1]["said"] == "2025-02: 101.0, 1 case, signals: above the upper limit"


def test_words_that_would_run_into_each_other_are_left_out() -> None:
    points = [Point(f"{2025 + k // 12}-{k % 12 + 1:02d}-01", 9.0, "above", f"words {k}", "said") for k in range(36)]
    layers = run(points, [Level(5, "mean", "5.0", is_limit=False)], title="Minutes", by_year=False).narrow["layer"]
    beside = [value["text"] for layer in layers[5:] for value in layer["data"]["values"]]
    assert "words 0" in beside
    assert 2 <= len(beside) <= 6


def test_the_registry_has_no_figure() -> None:
    assert run_charts.figure(each(series(*QUIET), scope="registry")) is None


def filled(people: People, months: int = 2) -> None:
    said = []
    for month in range(months):
        for number in range(2):
            case = printed(10 * month + number, "tka", 100 + number + month)
            case.data["procedure"]["performed_month"] = f"2025-{month + 1:02d}"
            case.data["order_month"] = "2025-01"
            said.append(case)
    submitted(people.site, people.alice, [*said, *(control(number, "tka", 110 + number) for number in range(3))])
    refreshed()


def test_the_page_shows_both_charts_with_their_downloads(people: People, as_person: SignedIn) -> None:
    filled(people)
    alice = as_person(people.alice)
    page = alice.get(PAGE).content.decode()
    for key in (ALL, EACH):
        assert f'id="{key}"' in page
        for address in (f"tables/{key}.csv", f"figures/{key}.svg", f"figures/{key}.json"):
            assert f'href="/s/ALPHA/{address}"' in page
            assert alice.get(f"/s/ALPHA/{address}").status_code == 200
    assert "A plain run chart: fewer than 12 points, so no limits." in page
    assert "Every procedure, in a line each" in page


def test_a_site_without_a_printed_case_is_told_so(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [control(number, "tka", 110 + number) for number in range(3)])
    refreshed()
    alice = as_person(people.alice)
    page = alice.get(PAGE).content.decode()
    assert "No printed case has an OR time." in page
    assert "No procedure has 3 printed cases with an OR time, so that none has a usual time." in page
    assert "<figure" not in page
    assert alice.get(f"/s/ALPHA/figures/{EACH}.svg").status_code == 404


def test_a_site_without_a_case_is_told_what_to_do_first(people: People, as_person: SignedIn) -> None:
    assert "No case has been submitted yet" in as_person(people.alice).get(PAGE).content.decode()


def test_the_page_is_for_the_site_alone(people: People, as_person: SignedIn) -> None:
    filled(people)
    for person in (people.charlie, people.dana):
        for address in ("statistics/run-charts/", f"tables/{EACH}.csv", f"figures/{ALL}.svg", f"figures/{EACH}.json"):
            assert as_person(person).get(f"/s/ALPHA/{address}").status_code == 404
    assert as_person(people.dana).get("/registry/run-charts/").status_code == 404
    assert as_person(people.dana).get(f"/figures/{EACH}.svg").status_code == 404


def test_more_months_cost_no_query(people: People, as_person: SignedIn) -> None:
    alice, asked = as_person(people.alice), []
    for months in (1, 3):
        filled(people, months)
        alice.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(PAGE).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
