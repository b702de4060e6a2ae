"""An OR log's rows: by number or by the site's own case id, never by guess; and taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.actions import cases, or_log, outcomes, sites
from registry.models import AuditEvent, Case, EncounterSeen, UploadRow
from registry.statistics.models import StaleMonth
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


def taken_back(upload: Any) -> list[bool]:
    return [or_log.take_back(each, **HAND) for each in UploadRow.objects.filter(upload=upload).order_by("row_number")]


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


def test_a_completed_case_waits_again_when_the_log_is_taken_back(people):
    case = printed(people)
    upload = read(people, HEADER + row())
    assert UploadRow.objects.get(upload=upload).prior["local_case_id"] == case.local_case_id
    StaleMonth.objects.all().delete()
    assert taken_back(upload) == [True]
    assert Case.objects.waiting().filter(pk=case.pk).exists()
    assert StaleMonth.objects.exists()
    assert AuditEvent.objects.filter(act="case.amend", reason=or_log.TAKEN_BACK).exists()
    assert read(people, HEADER + row()).counts == {"completed": 1}


def test_a_control_is_withdrawn_when_the_log_is_taken_back_and_the_log_may_tell_it_anew(people):
    upload = read(people, HEADER + row(), **CONTROLS)
    assert taken_back(upload) == [True]
    assert [case.state for case in Case.objects.all()] == ["withdrawn"]
    assert read(people, HEADER + row(), **CONTROLS).counts == {"created": 1}


def test_a_case_changed_since_stays_as_it_is(people):
    case, other = printed(people), printed(people, None, local_case_id="P-2")
    upload = read(people, IDS + by_id(case) + by_id(other, "78"))
    time = {"clock": "in_room", "minutes": 140, "source": "or_log"}
    outcomes.record_procedure(case, {"procedure": {"times": [time]}}, **HAND)
    assert taken_back(upload) == [False, True]
    assert times(case)[("in_room", "or_log")] == 140
    assert times(other) == {}


def test_a_time_taken_over_since_stays_with_its_case(people):
    upload = read(people, HEADER + row(), **CONTROLS)
    case = printed(people)
    assert taken_back(upload) == [False]
    assert times(case)[("in_room", "or_log")] == 132


def test_rows_that_changed_nothing_are_taken_back_by_doing_nothing(people):
    assert taken_back(read(people, HEADER + row() + row("78", out="07:00"))) == [True, True]
