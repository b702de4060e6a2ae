"""What the page of a case tells of its past, after acts that were really committed, each for itself."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions import cases, outcomes
from registry.intake.report import CaseReport
from registry.models import Case
from tests.case_files import csv_of, read
from tests.people import People, equipped_for_the_example, gathered
from tests.reports.registry import FASTER, printed, submitted


def test_the_history_says_who_changed_what_when_and_why(committed_db: None) -> None:
    people = gathered()
    submitted(people.site, people.alice, [printed(1, FASTER, 170)])
    with people.at_site():
        case = Case.objects.get()
    with people.at_site():
        times = [{"clock": "in_room", "minutes": 188, "source": "or_log"}]
        outcomes.record_procedure(case, {"procedure": {"times": times}}, by=people.bob, via="rest")
    with people.at_site():
        case.refresh_from_db()
        cases.amend(case, {"age_years": 41, "sex": None}, by=people.alice, via="form")
    with people.at_site():
        case.refresh_from_db()
        cases.withdraw(case, reason="entered twice", by=people.alice, via="form")
    alice = Client()
    alice.force_login(people.alice)
    page = alice.get(f"/s/ALPHA/cases/{case.public_id}/").content.decode()
    history = page.partition('class="history"')[2]
    withdrawn, amended, recorded = (history.index(word) for word in ("Withdrawn", "Age in years", "OR time, in room"))
    assert withdrawn < amended < recorded
    assert "Reason: entered twice" in history
    assert "Age in years: <del>34</del> → <ins>41</ins>" in history
    assert "Sex: <del>Female</del> → <ins>unknown</ins>" in history
    assert "OR time, in room, OR log, minutes: <del>170</del> → <ins>188</ins>" in history
    assert "bob@example.org, REST" in history
    assert "entered twice" in page.partition('class="history"')[0]


EXAMPLE = json.loads((Path(__file__).parents[1] / "examples" / "case.json").read_text())


@pytest.fixture
def people(committed_db: None) -> People:
    """Alice's site has the printer and the material of the example."""
    found = gathered()
    equipped_for_the_example(found.site)
    return found


def said(people: People, **changes: Any) -> Case:
    """The example with these changes is what the case says now."""
    with people.at_site():
        report = {**copy.deepcopy(EXAMPLE), **changes}
        return cases.replace(CaseReport(report), site=people.site, by=people.alice, via="rest").case


def history(people: People, case: Case, query: str = "?history=all") -> str:
    alice = Client()
    alice.force_login(people.alice)
    page = alice.get(f"/s/ALPHA/cases/{case.public_id}/{query}").content.decode()
    return page.partition('class="history"')[2].partition("</ol>")[0]


def test_the_history_tells_what_was_added_and_what_was_taken_away(people: People) -> None:
    late = {**EXAMPLE["procedure"], "times": []}
    said(people, parts=EXAMPLE["parts"][:1], prints=[{**EXAMPLE["prints"][0], "parts": [1]}], procedure=late)
    with people.at_site():
        times = [{"clock": "in_room", "minutes": 371, "source": "or_log"}]
        outcomes.record_procedure(Case.objects.get(), {"procedure": {"times": times}}, by=people.bob, via="form")
    case = said(people, codes=EXAMPLE["codes"][:3], prints=[{**EXAMPLE["prints"][0], "materials": ["Vero"]}])
    newest, older, first = history(people, case).split("<li>\n")[1:]
    assert "OR time, in room, OR log added: <ins>Minutes: 371</ins>" in older
    assert "added" not in first
    assert "Part 2 added: <ins>Region: Head; Subregion: Face; Structure: Teeth; Side: Both sides</ins>" in newest
    assert "Print 1, parts printed: <del>1</del> → <ins>1, 2</ins>" in newest
    assert "Print 1, material removed: <del>Surgical resin</del>" in newest
    assert "Print 1, material added: <ins>Vero</ins>" in newest
    assert "Code 0562T removed: <del>Units: 1; Month applied: Mar 2026; Claim: Not billed</del>" in newest
    assert "machine time" not in newest


def timed(people: People, minutes: int) -> Case:
    """Bob records so many minutes in the room."""
    with people.at_site():
        times = [{"clock": "in_room", "minutes": minutes, "source": "or_log"}]
        return outcomes.record_procedure(
            Case.objects.get(), {"procedure": {"times": times}}, by=people.bob, via="form"
        ).case


def test_what_an_act_added_is_told_after_others_changed_it_and_took_it_away(people: People) -> None:
    late = {**EXAMPLE["procedure"], "times": []}
    said(people, procedure=late)
    timed(people, 305)
    timed(people, 300)
    with people.at_site():
        case = Case.objects.get()
        cases.amend(case, {"procedure": None, "no_procedure_reason": "cancelled"}, by=people.alice, via="form")
    removed, changed, added, first = history(people, case).split("<li>\n")[1:]
    assert "OR time, in room, OR log added: <ins>Minutes: 305</ins>" in added
    assert "OR time, in room, OR log, minutes: <del>305</del> → <ins>300</ins>" in changed
    assert "OR time, in room, OR log removed: <del>Minutes: 300</del>" in removed
    assert "added" not in changed + removed + first


def test_a_number_of_the_or_log_is_told_as_recorded_and_never_itself(people: People) -> None:
    case = said(people)
    alice = Client()
    alice.force_login(people.alice)
    address = f"/s/ALPHA/cases/{case.public_id}/"
    assert "OR-log number: not recorded." in alice.get(address).content.decode()
    with people.at_site():
        cases.amend(case, {"or_log_number": "7741903"}, by=people.alice, via="form")
        case.refresh_from_db()
    page = alice.get(address).content.decode()
    assert "OR-log number: recorded, as a keyed hash alone." in page
    newest, first = history(people, case).split("<li>\n")[1:]
    assert "OR-log number: <ins>recorded</ins>" in newest
    assert "OR-log number" not in first
    assert "7741903" not in page
    assert str(case.encounter_digest) not in page


def test_times_of_an_operation_that_was_none_after_all_stay_in_the_history(people: People) -> None:
    case = said(people)
    with people.at_site():
        outcomes.record_procedure(case, {"no_procedure_reason": "cancelled"}, by=people.alice, via="form")
    told = history(people, case)
    assert "Why there is no procedure: <del>not asked</del> → <ins>The procedure was cancelled</ins>" in told
    assert "Procedure removed: <del>Month of the procedure: Mar 2026" in told
    assert "OR time, in room, OR log removed: <del>Minutes: 371</del>" in told


def test_many_acts_on_many_rows_cost_no_more_queries_and_the_last_twenty_are_shown(people: People) -> None:
    alice = Client()
    alice.force_login(people.alice)
    counts, case = [], said(people)
    for ages in ((35,), range(36, 59)):
        for age in ages:
            case = said(people, age_years=age, codes=EXAMPLE["codes"][: 1 + age % 3])
        with people.at_site(), CaptureQueriesContext(connection) as queries:
            alice.get(f"/s/ALPHA/cases/{case.public_id}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert history(people, case, "").count("<strong>Amended</strong>") == 20
    assert history(people, case).count("<strong>Amended</strong>") == 24


def test_a_case_of_the_form_that_a_file_touched_did_not_come_in_that_file(
    people: People, settings: Any, tmp_path: Path
) -> None:
    case = said(people)
    settings.STRATA_DATA = tmp_path
    row = {"local_case_id": case.local_case_id, "object_kind": EXAMPLE["object_kind"], "age_years": 41}
    for _ in range(2):
        with people.at_site():
            assert read(people, csv_of([row])).counts.keys() <= {"amended", "unchanged"}
    told = history(people, case)
    assert "of a file" not in told.rpartition("<li")[2]
    assert "Submitted" in told.rpartition("<li")[2]
