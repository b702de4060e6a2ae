"""What the panels say of published measures: the finding in words, what is drawn, and what is left to the table."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from registry.statistics.measures import BY_SLUG
from registry.statistics.provenance import Provenance
from registry.statistics.results import Coverage, NoNumber, Row, Statistic, Suppressed
from registry.web.sections import TOPICS
from registry.web.topics import cases, effort, prints, savings, times

CUT_OFF = datetime(2026, 5, 20, tzinfo=UTC)


def measured(slug: str, rows: list[Row], **changes: Any) -> Statistic:
    measure = BY_SLUG[slug]
    found: dict[str, Any] = {
        "scope": "ALPHA", "period": "all months", "n": sum(int(str(row["n"])) for row in rows), "sites": 1, "coverage": None,
        "clocks": (), "comparators": (), "caveats": (), "data": Provenance(real=("ALPHA",)), "cut_off": CUT_OFF, **changes,
    }  # fmt: skip
    return Statistic(
        measure=slug, title=measure.title, unit=measure.unit, columns=measure.columns, rows=tuple(rows), method=measure.method,
        version=measure.version, source=measure.source, **found,
    )  # fmt: skip


def month(name: str, kind: str, n: int) -> Row:
    return {"month": name, "object_kind": kind, "n": n, "printed": n, "sites": 1, "data": "real"}


def drawn(panel_figure: Any) -> list[dict[str, Any]]:
    assert panel_figure is not None
    return [row["data"]["values"] for row in panel_figure.wide["vconcat"]]


def test_months_are_columns_over_a_short_time_and_gaps_keep_their_place() -> None:
    result = measured("cases-by-month", [month("2026-01", "anatomic_model", 2), month("2026-03", "none", 4)])
    models, controls = drawn(cases.figure(result))
    assert [value["period"] for value in models] == ["2026-01"]
    assert [value["period"] for value in controls] == ["2026-03"]
    figure = cases.figure(result)
    assert figure is not None
    assert figure.wide["vconcat"][0]["encoding"]["x"]["scale"]["domain"] == ["2026-01", "2026-02", "2026-03"]


def test_quarters_are_columns_over_a_long_time_and_the_one_that_goes_on_is_marked() -> None:
    rows = [
        month("2023-01", "anatomic_model", 1),
        month("2026-03", "anatomic_model", 2),
        month("2026-05", "anatomic_model", 3),
    ]
    (values,) = drawn(cases.figure(measured("cases-by-month", rows)))
    assert [(value["period"], value["n"], value["unfinished"]) for value in values] == [
        ("2023 Q1", 1, False), ("2026 Q1", 2, False), ("2026 Q2", 3, True),
    ]  # fmt: skip
    panel = cases.over_time(measured("cases-by-month", rows))
    assert panel.reading == "Hollow and dashed: 2026 Q2 is not over yet."
    assert panel.table.finding.startswith("6 cases of a model or guide and 0 controls from January 2023 to May 2026.")


@pytest.mark.parametrize(
    ("last", "labelled"),
    [
        ("2020-08", ["2020-06", "2020-07", "2020-08"]),
        ("2021-08", ["2020-07", "2020-10", "2021-01", "2021-04", "2021-07"]),
        ("2023-06", ["2021 Q1", "2022 Q1", "2023 Q1"]),
        ("2032-06", ["2021 Q1", "2023 Q1", "2025 Q1", "2027 Q1", "2029 Q1", "2031 Q1"]),
    ],
)
def test_labels_stand_at_the_beginnings_of_quarters_or_years_and_apart(last: str, labelled: list[str]) -> None:
    found = cases.figure(measured("cases-by-month", [month("2020-06", "both", 1), month(last, "both", 1)]))
    assert found is not None
    assert found.wide["vconcat"][-1]["encoding"]["x"]["axis"]["values"] == labelled


def test_where_years_alone_are_kept_a_column_is_a_year() -> None:
    (values,) = drawn(cases.figure(measured("cases-by-month", [month("2024", "both", 1), month("2026", "both", 3)])))
    assert [(value["period"], value["unfinished"]) for value in values] == [("2024", False), ("2026", True)]


def time(category: str, arm: str, n: int, median: float) -> Row:
    rest: Row = {"eligible": n, "eligible_synthetic": 0, "recalled": 0, "coverage": 1.0, "sites": 1, "data": "real"}
    spread: Row = {"mean": median, "sd": 5.0, "q1": median - 10, "median": median, "q3": median + 10}
    spread |= {f"{of}_{end}": median for of in ("mean", "median", "geometric") for end in ("low", "high", "mean")}
    spread |= {"skewed": ""}
    return {"category": category, "arm": arm, "clock": "in_room", "n": n, **spread, **rest}


def test_boxes_need_five_cases_and_put_procedures_with_both_arms_first() -> None:
    rows = [
        time("arthroscopy", "without_print", 900, 60),
        time("tka", "with_print", 6, 150),
        time("tka", "without_print", 50, 160),
        time("tha", "with_print", 4, 150),
    ]
    panel = times.observed(measured("or-minutes", rows))
    assert panel.figure is not None
    assert {value["label"] for value in panel.figure.wide["data"]["values"]} == {"Knee replacement"}
    assert panel.table.finding.startswith(
        "Of 1 procedure with both arms the median is lower with a print in 1, higher in 0"
    )
    assert "1 of 3 procedures are drawn; all are in the table." in panel.reading
    assert len(panel.table.rows) == 3


def test_controls_alone_are_drawn_where_nothing_was_printed() -> None:
    figure = times.figure(measured("or-minutes", [time("arthroscopy", "without_print", 9, 60)]))
    assert figure is not None
    assert [value["arm"] for value in figure.wide["data"]["values"]] == ["Without a print"]


def test_at_most_twelve_procedures_are_drawn() -> None:
    codes = list(BY_SLUG["or-minutes"].columns[0].words)[:15]
    rows = [time(code, arm, 9, 100) for code in codes for arm in ("with_print", "without_print")]
    panel = times.observed(measured("or-minutes", rows))
    assert panel.figure is not None
    assert len({value["label"] for value in panel.figure.wide["data"]["values"]}) == times.MOST
    assert len(panel.table.rows) == 15


def due(name: str, n: int, known: int, word: str) -> Row:
    return {
        "month": name, "n": n, "with_or_time": known, "recalled": 0, "awaiting": n - known, "share": known / n, "due": word,
        "sites": 1, "data": "real",
    }  # fmt: skip


def test_completeness_counts_what_is_due_and_marks_the_rest() -> None:
    rows = [due("2026-03", 4, 3, "due"), due("2026-05", 2, 0, "not yet due")]
    panel = times.completeness(measured("or-time-by-month", rows, coverage=Coverage(3, 4, "cases")))
    assert panel.table.finding.startswith(
        "75.0% have an OR time: 3 of 4 cases of months that are due. 2 cases of months not due yet"
    )
    assert panel.figure is not None
    assert [value["counts"] for value in panel.figure.wide["data"]["values"]] == [True, False]
    assert panel.reading.endswith("Hollow: not due yet, so it does not count.")


def minutes_of(activity: str, staff: str, mean: float, n: int) -> Row:
    spread: Row = {"mean": mean, "sd": 1.0, "q1": mean, "median": mean, "q3": mean}
    return {
        "activity": activity, "staff": staff, "n": n, **spread, "unknown": 0, "not_asked": 0, "coverage": 1.0, "sites": 1,
        "data": "real",
    }  # fmt: skip


@pytest.mark.parametrize(("scope", "marks"), [("ALPHA", 2), ("registry", 4)])
def test_the_published_means_are_marks_on_the_registry_s_bars_alone(scope: str, marks: int) -> None:
    rows = [minutes_of("consultation", "clinician", 30, 5), minutes_of("", "clinician", 90, 4)]
    figure = effort.figure(measured("effort", rows, scope=scope))
    assert figure is not None
    beneath = figure.wide["layer"][2:]
    assert len(beneath) == marks
    said = [value["said"] for layer in beneath for value in layer["data"]["values"]]
    assert ("92.4 published, 2024" in said) == (scope == "registry")
    assert "90.0 in all, 4 cases" in said


def outcome(process: str, n: int, failed: int) -> Row:
    rest = dict.fromkeys((column.name for column in BY_SLUG["print-outcomes"].columns), 0)
    return {**rest, "process": process, "n": n, "success": n - failed, "failed": failed, "data": "real"}


def test_bars_of_outcomes_make_a_whole_and_name_how_many_prints() -> None:
    result = measured(
        "print-outcomes", [outcome("", 10, 1), outcome("material_jetting", 4, 1), outcome("material_extrusion", 6, 0)]
    )
    panel = prints.outcomes(result)
    assert panel.table.finding.startswith("Of 10 prints 90.0% succeeded, 0.0% were printed again and 10.0% failed.")
    figure = panel.figure
    assert figure is not None
    ends: dict[str, float] = {}
    for value in figure.wide["data"]["values"]:
        ends[value["label"]] = value["to"]
    assert ends == {"All processes, 10 prints": 1, "Material extrusion, 6 prints": 1, "Material jetting, 4 prints": 1}


def test_a_measure_that_may_not_be_shown_leaves_every_page_standing() -> None:
    results = {
        slug: Suppressed(slug, measure.title, "ALPHA", "a sandbox has no statistics")
        for slug, measure in BY_SLUG.items()
    }
    for topic in TOPICS:
        panels = [panel for section in topic.sections(dict(results)) for panel in section.panels]
        assert panels
        assert all(panel.table.not_shown == "a sandbox has no statistics" and panel.figure is None for panel in panels)


def across(category: str, sites: int, saved: Any) -> Row:
    limits = dict.fromkeys(
        ("saved", "low", "high", "new_low", "new_high", "tau", "tau_low", "tau_high", "drop_low", "drop_high", "i2"),
        saved,
    )
    rest = {"clock": "in_room", "sites": sites, "n": 9, "n_without": 9, "data": "real", "remark": f"{sites} sites"}
    how = {name.name: "" for name in BY_SLUG["share-saved-across-sites"].columns}
    return {**how, "category": category, **limits, **rest}


def test_what_an_average_site_saves_is_said_of_all_categories_and_never_of_one_site_alone() -> None:
    few = NoNumber("Two sites, side by side.")
    share = measured("share-saved-across-sites", [across("", 5, 0.1), across("tka", 2, few)], scope="registry")
    minutes = measured("minutes-saved-across-sites", [across("tha", 5, 12.5), across("tka", 2, few)], scope="registry")
    first, second = savings.across_sites(minutes, share)
    assert first.table.finding.startswith(
        "The average over 5 sites is 10.0% of the minutes without a print (95% interval 10.0% to 10.0%; at a new, similar site "
    )
    assert second.table.finding.startswith("1 of 2 procedures are done at three sites or more, which can be combined.")
    assert savings.across_sites(replace(minutes, scope="ALPHA"), replace(share, scope="ALPHA")) == []
