"""What is said of a site's data, against plain counting of the cases that were reported."""

from math import log
from statistics import median
from typing import Any

import pytest
from django.utils.timezone import now

from registry.actions import cases
from registry.models import Case, Print, Site
from registry.models.scope import acting_for
from registry.statistics.near_duplicates import Pair, compared, near_duplicates
from registry.statistics.results import NoNumber, Scope
from tests.people import HAND, People
from tests.statistics import reports
from tests.statistics.asking import baseline, fill, line, measured, refresh, submit
from tests.statistics.test_published import who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def quality(site: Site, scope: Scope | None = None) -> dict[str, Any]:
    return line(measured("data-quality", scope or Scope.of(site)), site=site.code)


def test_only_months_that_are_due_count_and_recalled_times_are_no_observed_ones(who: People) -> None:
    fill(who.site, with_print=[140, 150], without=[180])
    submit(who.site, reports.asked("W-1", "2026-01"))
    submit(who.site, reports.asked("W-2", f"{now():%Y-%m}"))
    recalled = reports.procedure("2026-03", "tka", reports.time(99, source="recall"))
    submit(who.site, reports.asked("R-1", "2026-01", procedure=recalled))
    refresh()
    row = quality(who.site)
    assert (row["n"], row["with_or_time"], row["complete"], row["recalled"], row["times"]) == (4, 2, 0.5, 1, 3)
    assert measured("data-quality", Scope.of(who.site)).coverage is not None


def test_fewer_than_four_in_five_times_known_is_something_to_look_at(who: People) -> None:
    fill(who.site, with_print=[140, 150, 160, 170], without=[])
    submit(who.site, reports.asked("W-1", "2026-01"))
    refresh()
    assert (quality(who.site)["complete"], quality(who.site)["remark"]) == (0.8, "")
    submit(who.site, reports.asked("W-2", "2026-01"))
    refresh()
    for scope in (Scope.of(who.site), Scope.registry()):
        assert quality(who.site, scope)["remark"] == "4 of 6 cases due have an OR time, fewer than 80%"


def test_round_times_look_recalled_from_twenty_on(who: People) -> None:
    fill(who.site, with_print=[], without=[100 + 5 * n for n in range(19)])
    refresh()
    row = quality(who.site)
    assert (row["heaping"], row["remark"]) == (NoNumber("fewer than 20 times"), "")
    fill(who.site, with_print=[], without=[201], category="tha")
    refresh()
    row = quality(who.site)
    assert (row["heaping"], row["remark"]) == (pytest.approx(5 * 19 / 20), "times look recalled")


def unusual(minutes: list[int]) -> list[int]:
    """The times beyond 3.5, by plain lists."""
    logs = [log(each) for each in minutes]
    middle = median(logs)
    spread = max(1.4826 * median(abs(each - middle) for each in logs), 0.15)
    return [each for each in minutes if abs(log(each) - middle) / spread > 3.5]


def test_unusual_times_are_those_of_plain_lists_and_a_site_is_held_against_itself(who: People) -> None:
    here, there = [*range(100, 119), 200, 400], [300 + n for n in range(20)]
    fill(who.site, with_print=[], without=here)
    fill(who.other, with_print=[], without=there)
    refresh()
    own = quality(who.site)
    assert unusual(here) == [200, 400]
    assert (own["judged"], own["strange"], own["very_strange"]) == (21, pytest.approx(2 / 21), 1)
    assert "1 time is far from the usual" in own["remark"]
    # Beside a site of long operations 400 minutes are nothing unusual.
    assert unusual(here + there) == []
    assert quality(who.site, Scope.registry())["very_strange"] == 0


def test_below_twenty_times_the_specialty_is_the_measure_and_without_one_nothing_is_judged(who: People) -> None:
    fill(who.site, with_print=[], without=[100 + n for n in range(18)])
    refresh()
    row = quality(who.site)
    assert row["strange"] == NoNumber("no procedure or specialty has 20 times")
    fill(who.site, with_print=[], without=[110, 900], category="tha")
    refresh()
    row = quality(who.site)
    assert (row["judged"], row["very_strange"]) == (20, 1)


def test_a_baseline_with_an_improbable_sd_or_that_ended_long_before_the_prints_is_counted(who: People) -> None:
    fill(who.site, with_print=[140, 150, 160], without=[])
    fill(who.site, with_print=[140, 150, 160], without=[], category="tha")
    baseline(who.site, sd=30, period_start="2023-01", period_end="2024-03")
    baseline(who.site, sd=4, category="tha", period_start="2023-01", period_end="2024-02")
    refresh()
    row = quality(who.site)
    assert (row["baselines"], row["spread_asked"], row["outdated"]) == (2, 1, 1)
    assert row["remark"] == "1 baseline has an improbable SD; 1 baseline is older than its prints"


def test_a_field_is_known_unknown_or_not_said(who: People) -> None:
    for number, age in enumerate(({"age_years": 40}, {"age_years": None})):
        made = reports.print_(print_hours=7) if number else reports.print_(print_hours=None)
        submit(who.site, reports.asked(f"A-{number}", "2026-01", prints=[made], **age))
    submit(who.site, reports.asked("A-2", "2026-01", decision="cancelled"))
    refresh()
    known = measured("fields-known", Scope.of(who.site))
    told = {row["field"]: (row["n"], row["known"], row["unknown"], row["not_asked"]) for row in known.rows}
    assert told["age"] == (3, 2, 1, 0)
    assert told["effort_clinician"] == (3, 0, 0, 3)
    assert told["hours"] == (2, 1, 1, 0)
    assert told["cost"] == (2, 0, 0, 2)
    assert "complexity" not in told
    assert known.coverage is not None
    every = [sum(row[name] for row in known.rows) for name in ("known", "n")]
    assert [known.coverage.covered, known.coverage.eligible] == every
    assert quality(who.site)["fields"] == pytest.approx(every[0] / every[1])


def test_use_in_the_room_is_counted_by_one_clock_and_of_printed_cases(who: People) -> None:
    both = [reports.time(100), reports.time(80, "incision_closure")]
    for number, used in enumerate(("planning_only", None)):
        done = reports.procedure("2026-03", "tka", *both, used=used)
        submit(who.site, reports.asked(f"U-{number}", "2026-01", procedure=done))
    submit(who.site, reports.control("C-1", "2026-03", "tka", *both, complexity="basic"))
    refresh()
    told = {row["field"]: (row["n"], row["known"]) for row in measured("fields-known", Scope.of(who.site)).rows}
    assert (told["used_in_or"], told["complexity"]) == ((2, 1), (3, 1))


def test_a_registry_without_a_case_has_no_line(who: People) -> None:
    for slug in ("data-quality", "fields-known"):
        for scope in (Scope.of(who.site), Scope.registry()):
            result = measured(slug, scope)
            assert (result.rows, result.n, result.sites) == ((), 0, 0)


def alike(site: Site, name: str, volume: Any = 100, **more: Any) -> Case:
    """A printed case; two of them are alike in all but what is said here."""
    said = {"month": "2026-03", "category": "tka", "minutes": 120, "clock": "in_room", **more}
    done = reports.procedure(said["month"], said["category"], reports.time(said["minutes"], said["clock"]))
    submit(site, reports.asked(name, "2026-01", procedure=done, prints=[reports.print_(volume_cm3=volume)]))
    with acting_for(sites=[site.pk]):
        return Case.objects.get(site=site, local_case_id=name)


def pairs(site: Site) -> list[tuple[int, int]]:
    with acting_for(sites=[site.pk]):
        found = near_duplicates(Print.objects.filter(site=site))
    return [(pair.first, pair.second) for pair in found]


@pytest.mark.parametrize(
    ("other", "together"),
    [
        ({}, True),
        ({"volume": 101.01}, True),
        ({"volume": 101.02}, False),
        ({"volume": 99}, True),
        ({"volume": 98.9}, False),
        ({"volume": None}, False),
        ({"minutes": 121}, False),
        ({"month": "2026-02"}, False),
        ({"category": "tha"}, False),
        ({"clock": "anaesthesia"}, False),
    ],
)
def test_two_cases_may_be_one_where_month_procedure_minutes_and_volume_agree(
    other: dict[str, Any], together: bool, who: People
) -> None:
    first, second = alike(who.site, "A"), alike(who.site, "B", **other)
    assert pairs(who.site) == ([(first.pk, second.pk)] if together else [])


def test_a_pair_alike_by_two_clocks_is_one_pair_and_a_case_is_never_its_own_double(who: People) -> None:
    times = [reports.time(120), reports.time(120, source="chart"), reports.time(90, "incision_closure")]
    for name in ("A", "B"):
        done = reports.procedure("2026-03", "tka", *times)
        submit(who.site, reports.asked(name, "2026-01", procedure=done, prints=[reports.print_(volume_cm3=80)]))
    assert len(pairs(who.site)) == 1


def test_the_first_print_of_a_case_alone_is_compared(who: People) -> None:
    for name, volumes in (("A", (80, 500)), ("B", (200, 80)), ("C", (500, 200))):
        done = reports.procedure("2026-03", "tka", reports.time(120))
        made = [reports.print_(volume_cm3=volume) for volume in volumes]
        submit(who.site, reports.asked(name, "2026-01", procedure=done, prints=made))
    assert pairs(who.site) == []


def test_many_alike_are_a_chain(who: People) -> None:
    made = [alike(who.site, f"A{number}", volume=100 + 0.9 * number) for number in range(3)]
    assert pairs(who.site) == [(made[0].pk, made[1].pk), (made[1].pk, made[2].pk)]


def test_another_site_s_case_and_a_withdrawn_one_are_no_doubles(who: People) -> None:
    alike(who.site, "A")
    alike(who.other, "A")
    second = alike(who.site, "B")
    with acting_for(sites=[who.site.pk, who.other.pk]):
        assert len(near_duplicates(Print.objects.all())) == 1
        cases.withdraw(second, reason="entered twice", **HAND)
        assert near_duplicates(Print.objects.all()) == []


def test_the_newest_pair_comes_first_and_says_what_it_has_in_common(who: People) -> None:
    for month in ("2026-01", "2026-03"):
        for name in "AB":
            alike(who.site, f"{name}-{month}", month=month)
    with acting_for(sites=[who.site.pk]):
        first, second = near_duplicates(Print.objects.filter(site=who.site))
        assert compared(Print.objects.filter(site=who.site)) == {first.month: 2, second.month: 2}
    assert isinstance(first, Pair)
    assert (f"{first.month:%Y-%m}", first.category, first.minutes) == ("2026-03", "tka", 120)


def test_pairs_are_counted_of_the_cases_that_can_be_compared(who: People) -> None:
    fill(who.site, with_print=[120, 120], without=[120, 120])
    refresh()
    assert quality(who.site)["near_duplicate_share"].reason.startswith("no printed case has a time and the volume")
    for name in "AB":
        alike(who.site, name)
    alike(who.site, "C", minutes=130)
    refresh()
    row = quality(who.site)
    assert (row["compared"], row["near_duplicates"], row["near_duplicate_share"]) == (3, 1, pytest.approx(1 / 3))
    assert row["remark"] == "1 pair of cases may be one case"
