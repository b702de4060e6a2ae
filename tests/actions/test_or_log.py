"""An OR log's rows find their cases: by number or by the site's own case id, never by guess."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.actions import cases, sites
from registry.models import Case, EncounterSeen, UploadRow
from tests.or_logs import CONTROLS, HEADER, MAP, printed, read, row, times
from tests.people import HAND, People, gathered

IDS = "Print case ID," + HEADER


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Iterator[People]:
    settings.STRATA_DATA = tmp_path
    them = gathered()
    with them.at_site():
        sites.set_procedure_map(them.site, MAP, **HAND)
        yield them


def by_id(case: Case, number: str = "77") -> str:
    return f"{case.local_case_id},{row(number)}"


def codes(upload: Any) -> list[str]:
    return [problem["code"] for problem in upload.problems]


def test_a_case_without_a_number_gets_its_time_by_the_sites_own_case_id(people):
    case = printed(people, None)
    assert read(people, IDS + by_id(case)).counts == {"completed": 1}
    assert times(case) == {("in_room", "or_log"): 132, ("incision_closure", "or_log"): 93}
    assert EncounterSeen.objects.get().case_id == case.pk


def test_the_row_of_a_case_id_is_read_once_with_a_number_and_without(people):
    case = printed(people, None)
    content = IDS.replace("Encounter ID,", "") + f"{case.local_case_id},{row().partition(',')[2]}"
    assert [read(people, content).counts for _ in range(2)] == [{"completed": 1}, {"unchanged": 1}]
    assert not EncounterSeen.objects.exists()


def test_a_row_with_a_case_id_is_never_a_control(people):
    assert read(people, IDS + "P-404," + row(), **CONTROLS).counts == {"unmatched": 1}
    assert not Case.objects.exists()


def test_a_case_id_of_one_case_and_the_number_of_another_is_a_problem_of_its_row(people):
    first, second = printed(people, "77"), printed(people, None, local_case_id="P-2")
    upload = read(people, IDS + by_id(second))
    assert (upload.counts, codes(upload)) == ({"refused": 1}, ["other-case"])
    assert times(first) == times(second) == {}


def test_a_case_named_by_its_id_takes_over_the_control_made_of_its_operation(people):
    read(people, HEADER + row(), **CONTROLS)
    control, case = Case.objects.get(), printed(people, None)
    assert read(people, IDS + by_id(case)).counts == {"completed": 1}
    control.refresh_from_db()
    assert (control.state, times(case)[("in_room", "or_log")]) == ("withdrawn", 132)
    assert EncounterSeen.objects.get().case_id == case.pk
    assert read(people, IDS + by_id(case), **CONTROLS).counts == {"unchanged": 1}


def test_another_sites_case_is_never_named(people):
    case = printed(people, None)
    Case.objects.filter(pk=case.pk).update(local_case_id="MINE")
    assert read(people, IDS + "OTHER," + row()).counts == {"unmatched": 1}
    assert times(case) == {}


@pytest.mark.parametrize("known", ["77", None], ids=["by number", "by case id"])
def test_only_a_case_that_waits_is_touched(people, known):
    case = printed(people, known)
    cases.withdraw(case, reason="Entered twice", **HAND)
    assert read(people, IDS + by_id(case), **CONTROLS).counts == {"unchanged": 1}
    assert Case.objects.count() == 1
    assert times(case) == {}


def test_nothing_of_a_number_or_a_clock_time_is_kept(people):
    printed(people)
    upload = read(people, HEADER + row())
    kept = f"{upload.problems} {upload.options} {upload.counts} {list(UploadRow.objects.values())}"
    assert "07:05" not in kept
    assert len(EncounterSeen.objects.get().digest) == 64


def test_a_row_remembers_what_its_case_said_before(people):
    case = printed(people)
    before = {"local_case_id": case.local_case_id, "order_month": "2021-12"}
    read(people, HEADER + row())
    kept = UploadRow.objects.get()
    assert (kept.outcome, kept.case_id, kept.prior_revision) == ("completed", case.pk, 1)
    assert kept.prior.items() >= before.items()
    assert "procedure" not in kept.prior
