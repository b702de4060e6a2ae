"""Month by month, with numbers worked out by hand; and year by year where months are not kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from registry.models import Deployment
from registry.models.case import due_on
from registry.models.scope import as_statistics
from registry.statistics.results import Scope, Statistic
from tests import people
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import line, measured, refresh, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> People:
    return people.gathered()


def _cut_off(month: str, moment: datetime, who: People) -> None:
    """A change of that moment is not counted yet."""
    with as_statistics(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_stalemonth (site_id, month, marked_at) VALUES (%s, %s, %s)",
            [who.site.pk, f"{month}-01", moment],
        )


def _by_month(who: People) -> Statistic:
    return measured("or-time-by-month", Scope.of(who.site))


def _done(month: str, *times: dict[str, Any]) -> dict[str, Any]:
    return {"procedure": reports.procedure(month, "tka", *times)}


def test_cases_stand_in_their_month_and_kind_controls_too(who: People) -> None:
    submit(who.site, reports.asked("P-1", "2026-01", **_done("2026-03")))
    submit(who.site, reports.asked("P-2", "2026-03"))
    submit(who.site, reports.asked("X-1", "2026-03", decision="cancelled"))
    submit(who.other, reports.asked("P-3", "2026-03"))
    submit(who.site, reports.control("C-1", "2026-02", "tka", reports.time(90)))
    refresh()
    found = measured("cases-by-month", Scope.registry())
    assert [tuple(row[name] for name in ("month", "object_kind", "n", "printed", "sites")) for row in found.rows] == [
        ("2026-02", "none", 1, 0, 1),
        ("2026-03", "anatomic_model", 4, 3, 2),
    ]
    assert (found.n, found.sites) == (5, 2)


def test_only_cases_that_ask_for_an_outcome_are_counted(who: People) -> None:
    submit(who.site, reports.asked("P-1", "2026-01", **_done("2026-01", reports.time(90))))
    submit(who.site, reports.asked("P-2", "2026-01", **_done("2026-01", reports.time(90, source="recall"))))
    submit(who.site, reports.asked("P-3", "2026-01", **_done("2026-01")))
    submit(who.site, reports.asked("P-4", "2026-01"))
    submit(who.site, reports.asked("N-1", "2026-01", no_procedure_reason="cancelled"))
    submit(who.site, reports.asked("X-1", "2026-01", decision="cancelled", **_done("2026-01", reports.time(90))))
    submit(who.site, reports.control("C-1", "2026-01", "tka", reports.time(90)))
    refresh()
    row = line(_by_month(who), month="2026-01")
    assert (row["n"], row["with_or_time"], row["recalled"], row["awaiting"], row["share"]) == (4, 1, 1, 2, 0.25)


def test_a_month_is_due_fourteen_days_after_its_end_and_the_coverage_counts_due_months_only(who: People) -> None:
    submit(who.site, reports.asked("P-1", "2026-01", **_done("2026-01", reports.time(90))))
    submit(who.site, reports.asked("P-2", "2026-01"))
    submit(who.site, reports.asked("P-3", "2026-02"))
    refresh()
    _cut_off("2020-01", datetime(2026, 3, 13, 23, 59, tzinfo=UTC), who)
    found = _by_month(who)
    assert [(row["month"], row["due"]) for row in found.rows] == [("2026-01", "due"), ("2026-02", "not yet due")]
    assert found.coverage is not None
    assert (found.coverage.covered, found.coverage.eligible, found.n) == (1, 2, 3)


def test_the_fourteenth_day_itself_is_due(who: People) -> None:
    submit(who.site, reports.asked("P-3", "2026-02"))
    refresh()
    _cut_off("2020-01", datetime(2026, 3, 14, 0, 0, tzinfo=UTC), who)
    assert [row["due"] for row in _by_month(who).rows] == ["due"]


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2026, 2, 1), date(2026, 3, 14)),
        (date(2024, 2, 1), date(2024, 3, 14)),
        (date(2025, 12, 1), date(2026, 1, 14)),
    ],
)
def test_months_of_any_length_and_the_turn_of_the_year(month: date, due: date) -> None:
    assert due_on(month, by_year=False) == due


def test_where_only_years_are_kept_a_line_is_a_year_and_due_after_its_end(who: People) -> None:
    Deployment.objects.update(privacy_mode="safe_harbor")
    submit(who.site, reports.asked("P-1", "2025-01"))
    submit(who.site, reports.asked("P-2", "2024-01", **_done("2024-01", reports.time(90))))
    refresh()
    _cut_off("2020-01", datetime(2026, 1, 13, 12, 0, tzinfo=UTC), who)
    for scope in (Scope.of(who.site), Scope.registry()):
        found = measured("or-time-by-month", scope)
        assert [(row["month"], row["due"]) for row in found.rows] == [("2024", "due"), ("2025", "not yet due")]
        assert found.caveats == ("This registry keeps years only: each line is a year.",)
        assert [row["month"] for row in measured("cases-by-month", scope).rows] == ["2024", "2025"]
