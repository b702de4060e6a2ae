"""The prints themselves, with numbers worked out by hand: outcomes, machine hours, material cost, months to the procedure."""

from math import sqrt
from typing import Any

import pytest

from registry.models import Deployment, Site
from registry.models.scope import acting_for
from registry.statistics.results import NoNumber, Scope, Statistic
from tests import people
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import line, measured, refresh, submit
from tests.statistics.life import equip

pytestmark = pytest.mark.django_db
RIGID, FLEXIBLE, RESIN = "photopolymer_rigid", "photopolymer_flexible", "resin_standard"
OVERLAP = "A print of several materials stands in each of its classes, so the lines of material classes do not add up."


@pytest.fixture
def who() -> People:
    found = people.gathered()
    for site in (found.site, found.other):
        with acting_for(sites=[site.pk]):
            equip(site)
    return found


def _prints(site: Site, *prints: dict[str, Any], name: str = "P-1", **more: Any) -> None:
    submit(site, reports.asked(name, "2026-01", prints=list(prints), **more))


def _measured(slug: str, site: Site | None = None) -> Statistic:
    refresh()
    return measured(slug, Scope.of(site) if site else Scope.registry())


def _of(printer: str, *materials: str, **more: Any) -> dict[str, Any]:
    return reports.print_(printer, materials=list(materials), **more)


def test_outcomes_are_counted_by_process_with_all_processes_first(who: People) -> None:
    _prints(
        who.site,
        _of("J750", "Vero", copies=3, sterilisation="steam_134", qa_result="pass"),
        _of("J750", "Vero", outcome="reprint", sterilisation="none", qa_result="rework"),
        _of("J750", "Vero", outcome="failed", sterilisation=None, qa_result="not_done"),
        _of("J750", "Vero", qa_result=None),
    )
    _prints(who.other, _of("Form", "Grey", copies=2, qa_result="reject"))
    found = _measured("print-outcomes")
    assert [row["process"] for row in found.rows] == ["", "material_jetting", "vat_photopolymerization"]
    assert line(found, process="material_jetting") == {
        "process": "material_jetting",
        "n": 4,
        "success": 2,
        "reprint": 1,
        "failed": 1,
        "success_share": 0.5,
        "copies": 6,
        "sterilised": 1,
        "not_sterilised": 1,
        "sterilisation_unknown": 1,
        "sterilisation_not_asked": 1,
        "sterilisation_said": 0.5,
        "qa_pass": 1,
        "qa_rework": 1,
        "qa_reject": 0,
        "qa_not_done": 1,
        "qa_unknown": 1,
        "qa_not_asked": 0,
        "qa_done": 0.5,
        "sites": 1,
        "data": "real",
    }
    every = line(found, process="")
    assert (every["n"], every["success"], every["copies"], every["success_share"], every["sites"]) == (5, 3, 8, 0.6, 2)
    assert found.columns[0].text("") == "All processes"
    assert str(found.coverage) == "3 of 5 prints whose quality was checked"
    # Cases, not prints: two have a print.
    assert (found.n, found.sites) == (2, 2)


def test_a_print_stands_once_in_each_of_its_material_classes_and_once_in_the_line_of_all(who: People) -> None:
    _prints(who.site, _of("J750", "Vero", "VeroClear", "Agilus"), _of("J750", "Vero", outcome="failed"))
    found = _measured("print-outcomes-by-material", who.site)
    assert [(row["material_class"], row["n"], row["failed"]) for row in found.rows] == [
        ("", 2, 1),
        (RIGID, 2, 1),
        (FLEXIBLE, 1, 0),
    ]
    assert found.caveats == (OVERLAP,)
    assert found.columns[0].text("") == "All materials"


def test_machine_hours_are_exact_and_tell_unknown_from_unasked_from_zero(who: People) -> None:
    _prints(
        who.site,
        _of("J750", "Vero", print_hours=0),
        _of("J750", "Vero", "Agilus", print_hours=0.01),
        _of("J750", "Vero", print_hours=240),
        _of("J750", "Vero", print_hours=None),
        _of("Form", "Grey"),
    )
    found = _measured("machine-hours", who.site)
    row = line(found, group="material_jetting")
    assert (row["n"], row["unknown"], row["not_asked"], row["total"]) == (3, 1, 0, 240.01)
    # 0, 0.01 and 240 hours: n Q − S² = 3 × 57,600.0001 − 240.01² = 115,195.2002, over 3 × 2; quartiles halfway to the middle.
    assert (row["mean"], row["q1"], row["median"], row["q3"]) == (80.00333333333333, 0.005, 0.01, 120.005)
    assert row["sd"] == pytest.approx(sqrt(115_195.2002 / 6), rel=1e-14)
    every = line(found, grouping="all")
    assert (every["n"], every["unknown"], every["not_asked"], every["total"]) == (3, 1, 1, 240.01)
    flexible, rigid = line(found, group=FLEXIBLE), line(found, group=RIGID)
    assert (flexible["n"], flexible["mean"], rigid["n"], rigid["total"]) == (1, 0.01, 3, 240.01)
    assert isinstance(flexible["sd"], NoNumber)
    assert flexible["sd"].reason == "one print"
    assert str(found.coverage) == "3 of 5 prints that know their machine hours"


def test_a_group_of_which_no_print_says_its_hours_has_words_and_no_zero(who: People) -> None:
    _prints(who.site, _of("Form", "Grey"))
    row = line(_measured("machine-hours", who.site), group=RESIN)
    assert (row["grouping"], row["n"], row["unknown"], row["not_asked"], row["sites"]) == ("material", 0, 0, 1, 0)
    for name in ("mean", "sd", "q1", "median", "q3", "total"):
        assert isinstance(row[name], NoNumber)
        assert row[name].reason == "no print"


def test_material_cost_is_never_added_over_currencies(who: People) -> None:
    with acting_for(sites=[who.other.pk], administrator=True):
        Site.objects.filter(pk=who.other.pk).update(currency="EUR")
    _prints(
        who.site, _of("J750", "Vero", material_cost=0.1), _of("J750", "Vero", material_cost=0.2), _of("J750", "Vero")
    )
    _prints(who.site, _of("J750", "Vero", material_cost=None), name="P-2")
    _prints(who.other, _of("J750", "Vero", material_cost=0), _of("J750", "Vero", material_cost=999999.99))
    found = _measured("material-cost")
    assert [(row["grouping"], row["group"], row["currency"]) for row in found.rows] == [
        (grouping, group, currency)
        for grouping, group in (("all", ""), ("process", "material_jetting"), ("material", RIGID))
        for currency in ("EUR", "USD")
    ]
    dollars = line(found, grouping="all", currency="USD")
    # 0.10 and 0.20: mean 0.15; SD 0.1 / √2, and √0.005 is the same number.
    assert (dollars["n"], dollars["mean"], dollars["total"], dollars["sd"]) == (2, 0.15, 0.3, sqrt(0.005))
    assert (dollars["unknown"], dollars["not_asked"], dollars["sites"]) == (1, 1, 1)
    euros = line(found, grouping="process", currency="EUR")
    assert (euros["n"], euros["mean"], euros["total"]) == (2, 499999.995, 999999.99)
    assert str(found.coverage) == "4 of 6 prints that know their material cost"


def test_turnaround_counts_whole_months_from_order_to_procedure(who: People) -> None:
    months = ["2025-01", "2025-01", "2025-03", "2026-02", None]
    for place, month in enumerate(months):
        done: dict[str, Any] = {"procedure": reports.procedure(month, "tka")} if month else {}
        done["order_month"] = "2025-01"
        # The second print is of another process; only the first counts.
        _prints(who.site, _of("J750", "Vero", "Agilus"), _of("Form", "Grey"), name=f"P-{place}", **done)
    found = _measured("turnaround", who.site)
    assert [(row["grouping"], row["group"]) for row in found.rows] == [
        ("all", ""),
        ("process", "material_jetting"),
        ("material", RIGID),
        ("material", FLEXIBLE),
    ]
    for row in found.rows:
        # 0, 0, 2 and 13 months.
        assert (row["n"], row["mean"], row["median"], row["q1"], row["q3"]) == (4, 3.75, 1.0, 0.0, 4.75)
        assert (row["same_month"], row["no_procedure"], row["sites"]) == (0.5, 1, 1)
    assert str(found.coverage) == "4 of 5 cases with a print, with the month of its order and of its procedure"
    assert found.caveats == (OVERLAP,)


def test_where_only_years_are_kept_there_is_no_turnaround(who: People) -> None:
    Deployment.objects.update(privacy_mode="safe_harbor")
    _prints(who.site, _of("J750", "Vero"), procedure=reports.procedure("2026-01", "tka"))
    for site in (who.site, None):
        found = _measured("turnaround", site)
        assert found.rows == ()
        assert found.caveats == (
            "This registry keeps years only, so the months from order to procedure are not known.",
        )
        assert str(found.coverage) == "0 of 1 cases with a print, with the month of its order and of its procedure"


@pytest.mark.parametrize(
    "slug", ["print-outcomes", "print-outcomes-by-material", "machine-hours", "material-cost", "turnaround"]
)
def test_what_is_not_printed_feeds_no_measure_of_prints(who: People, slug: str) -> None:
    submit(who.site, reports.asked("D-1", "2026-01", decision="digital_only", kind="digital_only"))
    submit(who.site, reports.control("C-1", "2026-01", "tka", reports.time(90)))
    found = _measured(slug, who.site)
    assert (found.rows, found.n, found.sites) == ((), 0, 0)
