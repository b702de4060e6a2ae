"""A printed case that bears a control's number takes over its time and withdraws it, whichever of the two came first."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from registry.actions import cases, encounters, sites, upload_turns
from registry.errors import Conflict, IllegalTransition, InvalidReport
from registry.models import AuditEvent, Case, Deployment, EncounterSeen, Upload
from tests.or_logs import CONTROLS, HEADER, MAP, printed, read, row, send, times
from tests.people import HAND, People, gathered


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Iterator[People]:
    settings.STRATA_DATA = tmp_path
    them = gathered()
    with them.at_site():
        sites.set_procedure_map(them.site, MAP, **HAND)
        yield them


def test_a_printed_case_takes_over_the_time_of_the_control_that_came_from_its_operation(people):
    read(people, HEADER + row(), **CONTROLS)
    control = Case.objects.get(object_kind="none")
    case = printed(people)
    control.refresh_from_db()
    assert (control.state, control.withdrawal_reason) == ("withdrawn", encounters.TAKEN_OVER)
    assert times(case) == {("in_room", "or_log"): 132, ("incision_closure", "or_log"): 93}
    assert EncounterSeen.objects.get().case_id == case.pk
    assert read(people, HEADER + row(), **CONTROLS).counts == {"unchanged": 1}
    assert {"case.take_over", "case.withdraw"} <= set(AuditEvent.objects.values_list("act", flat=True))


def test_the_same_report_again_after_a_take_over_changes_nothing(people):
    read(people, HEADER + row(), **CONTROLS)
    case = printed(people)
    assert printed(people).revision == case.revision


def test_a_case_that_gets_its_number_later_takes_over_too(people):
    read(people, HEADER + row(), **CONTROLS)
    case = printed(people, number=None)
    cases.amend(case, {"or_log_number": "77"}, by=people.alice, via="rest")
    assert times(case)[("in_room", "or_log")] == 132
    assert Case.objects.get(object_kind="none").state == "withdrawn"


def test_what_the_case_says_of_its_operation_outweighs_the_control(people):
    read(people, HEADER + row(), **CONTROLS)
    said = {
        "performed_month": "2022-02",
        "category": "tka",
        "times": [{"clock": "in_room", "minutes": 140, "source": "or_log"}],
    }
    case = printed(people, procedure=said)
    assert times(case) == {("in_room", "or_log"): 140, ("incision_closure", "or_log"): 93}
    assert case.procedure.category == "tka"


def test_a_second_case_with_the_same_number_is_refused_and_nothing_changes(people):
    printed(people)
    with pytest.raises(Conflict) as caught:
        printed(people, local_case_id="OTHER-1")
    assert caught.value.code == "encounter-taken"
    assert Case.objects.count() == 1


def test_a_case_that_contradicts_its_operation_is_refused_and_the_control_stays(people):
    read(people, HEADER + row(), **CONTROLS)
    for said, code in (
        ({"order_month": "2022-02"}, "months-out-of-order"),
        ({"no_procedure_reason": "cancelled"}, "procedure-and-none"),
    ):
        with pytest.raises(InvalidReport) as caught:
            printed(people, **said)
        assert caught.value.problems[0].code == code
    assert Case.objects.get().state == "submitted"


def test_when_the_control_was_withdrawn_by_hand_the_log_may_tell_the_case_its_time(people):
    read(people, HEADER + row(), **CONTROLS)
    cases.withdraw(Case.objects.get(), reason="entered twice", by=people.alice, via="rest")
    case = printed(people)
    assert times(case) == {}
    assert read(people, HEADER + row()).counts == {"completed": 1}
    assert times(case)[("in_room", "or_log")] == 132


def test_a_withdrawn_case_gives_its_number_up(people):
    first = printed(people)
    cases.withdraw(first, reason="wrong patient", by=people.alice, via="rest")
    second = printed(people, local_case_id="OTHER-1")
    assert read(people, HEADER + row()).counts == {"completed": 1}
    assert times(second)[("in_room", "or_log")] == 132


def test_a_control_sent_with_its_number_is_not_made_again_by_the_log(people):
    report = {"local_case_id": "C-1", "object_kind": "none", "or_log_number": "77"}
    said = {
        "performed_month": "2022-01",
        "category": "tha",
        "times": [{"clock": "in_room", "minutes": 99, "source": "chart"}],
    }
    from registry.intake.payload import read_case

    def sent() -> Any:
        return cases.submit(read_case(report | {"procedure": said}), site=people.site, by=people.alice, via="rest")

    assert [sent().result, sent().result] == ["created", "unchanged"]
    assert read(people, HEADER + row(), **CONTROLS).counts == {"unchanged": 1}
    case = printed(people)
    assert times(case) == {("in_room", "chart"): 99}
    assert Case.objects.get(local_case_id="C-1").state == "withdrawn"


def test_in_safe_harbor_mode_nothing_is_kept_of_a_number(people):
    Deployment.objects.update(privacy_mode="safe_harbor")
    assert encounters.claim_for(printed(people, number=None), "d" * 64) is None
    assert not EncounterSeen.objects.exists()


@pytest.mark.parametrize("first", ["case", "log"])
def test_a_case_submitted_while_its_encounter_becomes_a_control_ends_as_one(committed_db, settings, tmp_path, first):
    settings.STRATA_DATA = tmp_path
    people = gathered()
    with people.at_site():
        sites.set_procedure_map(people.site, MAP, **HAND)
        upload = send(people, HEADER + row(), **CONTROLS)
    halfway, errors = threading.Event(), []

    def second() -> None:
        try:
            halfway.wait(10)
            upload_turns.work(upload) if first == "case" else submit()
        except Exception as error:  # noqa: BLE001 - told to the test
            errors.append(error)
        finally:
            connection.close()

    def submit() -> None:
        with people.at_site():
            printed(people)

    other = threading.Thread(target=second)
    other.start()
    with transaction.atomic():
        submit() if first == "case" else upload_turns.work(upload)
        halfway.set()
        # The other is now waiting for us, and we have not committed.
        other.join(0.5)
        assert other.is_alive()
    other.join(20)
    assert errors == []
    with people.at_site():
        assert Upload.objects.get().state == "done"
        case = Case.objects.exclude(object_kind="none").get()
        assert times(case)[("in_room", "or_log")] == 132
        assert not Case.objects.filter(object_kind="none", state="submitted").exists()


def test_a_control_whose_time_was_taken_over_cannot_be_reinstated(people):
    read(people, HEADER + row(), **CONTROLS)
    printed(people)
    control = Case.objects.get(object_kind="none")
    with pytest.raises(IllegalTransition, match="count twice"):
        cases.reinstate(control, reason="not meant", by=people.alice, via="form")
    control.refresh_from_db()
    assert control.state == "withdrawn"
