from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from registry.actions import audit, cases, outcomes
from registry.errors import Conflict, IllegalTransition, InvalidReport, NotPermitted
from registry.intake.report import CaseReport
from registry.intake.restate import PREFETCH, report_of
from registry.models import AuditEvent, Case, Effort, Print, ProcedureTime, RowHistory, Site, Submission
from tests.people import People

Report = Callable[..., CaseReport]
LATE = {
    "performed_month": "2026-05",
    "category": "orthognathic_two_jaw",
    "times": [{"clock": "in_room", "minutes": 300, "source": "chart"}],
}


def submitted(them: People, report: CaseReport) -> Case:
    return cases.submit(report, site=them.site, by=them.alice, via="rest").case


def recorded(case: Case) -> Case:
    return Case.objects.prefetch_related(*PREFETCH).get(pk=case.pk)


def stale_months(site: Site) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT month FROM statistics_stalemonth WHERE site_id = %s", [site.pk])
        return {month for (month,) in cursor.fetchall()}


def test_a_submitted_case_is_rows_a_submission_an_audit_event_and_stale_months(them: People, report: Report) -> None:
    case = submitted(them, report())
    assert case.prints.count() == 1
    assert case.codes.count() == 4
    assert case.procedure.times.count() == 2
    assert Submission.objects.get().n_created == 1
    assert AuditEvent.objects.latest("seq").act == "case.submit"
    assert stale_months(them.site) == {date(2026, 2, 1), date(2026, 3, 1)}


def test_a_recorded_case_said_again_is_the_report_it_came_from(them: People, report: Report) -> None:
    case = recorded(submitted(them, report()))
    assert cases.replace(CaseReport(report_of(case)), site=them.site, by=them.alice, via="rest").result == "unchanged"
    said, sent = report_of(case), report().data
    assert {name: said[name] for name in sent if name not in ("prints", "codes", "procedure")} == {
        name: value for name, value in sent.items() if name not in ("prints", "codes", "procedure")
    }


def of_cases() -> QuerySet[RowHistory]:
    """Before-images, but for those of the site, whose agreement was recorded before."""
    return RowHistory.objects.exclude(table_name="registry_site")


def test_the_same_content_again_changes_nothing(them: People, report: Report) -> None:
    case = submitted(them, report())
    events = AuditEvent.objects.count()
    again = cases.submit(report(), site=them.site, by=them.alice, via="rest")
    assert (again.result, again.case.pk, again.case.revision) == ("unchanged", case.pk, 1)
    assert (AuditEvent.objects.count(), of_cases().count()) == (events, 0)


def test_other_content_for_a_known_case_id_is_a_conflict_and_by_put_an_amendment(them: People, report: Report) -> None:
    submitted(them, report())
    with pytest.raises(Conflict) as refused:
        submitted(them, report(complexity="complex"))
    assert refused.value.code == "case-exists"
    amended = cases.replace(report(complexity="complex"), site=them.site, by=them.alice, via="rest")
    assert (amended.result, amended.case.revision) == ("amended", 2)


def test_a_report_silent_on_the_outcome_leaves_a_recorded_or_time_alone(them: People, report: Report) -> None:
    without = report(procedure=..., assessments=...)
    case = submitted(them, without)
    outcomes.record_procedure(case, {"procedure": LATE}, by=them.alice, via="rest")
    assert cases.submit(without, site=them.site, by=them.alice, via="rest").result == "unchanged"
    assert cases.replace(without, site=them.site, by=them.alice, via="rest").result == "unchanged"
    assert recorded(case).procedure.times.get().minutes == 300


def test_a_late_outcome_marks_the_order_month_and_the_procedure_month(them: People, report: Report) -> None:
    case = submitted(them, report(procedure=..., assessments=...))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_stalemonth")
    outcomes.record_procedure(case, {"procedure": LATE}, by=them.alice, via="rest")
    assert stale_months(them.site) == {date(2026, 2, 1), date(2026, 5, 1)}


def test_an_amendment_that_moves_a_case_marks_the_old_month_and_the_new(them: People, report: Report) -> None:
    case = submitted(them, report())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_stalemonth")
    cases.amend(case, {"procedure": {"performed_month": "2026-06"}}, by=them.alice, via="rest")
    assert stale_months(them.site) == {date(2026, 2, 1), date(2026, 3, 1), date(2026, 6, 1)}


def test_a_time_of_another_source_stands_beside_the_recorded_one(them: People, report: Report) -> None:
    case = submitted(them, report())
    time = {"clock": "in_room", "minutes": 380, "source": "recall"}
    outcomes.record_procedure(case, {"procedure": {"times": [time]}}, by=them.alice, via="rest")
    assert set(ProcedureTime.objects.filter(clock="in_room").values_list("source", "minutes")) == {
        ("or_log", 371),
        ("recall", 380),
    }


def test_what_an_amendment_does_not_send_stays_and_only_changed_rows_have_history(them: People, report: Report) -> None:
    case = submitted(them, report())
    effort = [{"activity": "consultation", "staff": "clinician", "minutes": 40}, *report().data["effort"][1:]]
    cases.amend(case, {"effort": effort}, by=them.alice, via="rest", reason="typing error")
    assert Effort.objects.get(activity="consultation").minutes == 40
    assert Print.objects.count() == 1
    assert sorted(of_cases().values_list("table_name", flat=True)) == ["registry_case", "registry_effort"]
    assert AuditEvent.objects.latest("seq").reason == "typing error"


def test_an_assessment_is_added_to_those_that_stand(them: People, report: Report) -> None:
    case = submitted(them, report())
    outcomes.record_assessment(case, {"respondent_role": "surgeon", "q1_easy": None}, by=them.alice, via="rest")
    first, second = recorded(case).assessments.order_by("number")
    assert (first.q1_easy, second.q1_easy, second.unknown_fields) == (5, None, ["q1_easy"])


def withdrawn(them: People, report: CaseReport) -> Case:
    return cases.withdraw(submitted(them, report), reason="wrong patient", by=them.alice, via="rest")


@pytest.mark.parametrize("changes", [{}, {"complexity": "basic"}, {"sex": "man"}], ids=["same", "other", "invalid"])
@pytest.mark.parametrize("act", [cases.submit, cases.replace])
def test_a_withdrawn_case_stays_so_whatever_a_report_says_of_it(
    act: Callable[..., Any], changes: dict[str, Any], them: People, report: Report
) -> None:
    case = withdrawn(them, report())
    events = AuditEvent.objects.count()
    with pytest.raises(Conflict) as refused:
        act(report(**changes), site=them.site, by=them.alice, via="rest")
    assert refused.value.code == "case-withdrawn"
    case.refresh_from_db()
    assert (case.state, case.withdrawal_reason, case.revision) == ("withdrawn", "wrong patient", 2)
    assert AuditEvent.objects.count() == events


def test_a_withdrawn_case_cannot_be_amended(them: People, report: Report) -> None:
    case = withdrawn(them, report())
    with pytest.raises(IllegalTransition) as refused:
        cases.amend(case, {"complexity": "basic"}, by=them.alice, via="rest")
    assert refused.value.code == "case-withdrawn"


def test_a_withdrawn_case_is_refused_in_a_batch_and_stops_no_other(them: People, report: Report) -> None:
    withdrawn(them, report())
    refused, created = cases.submit_batch([report(), report("control")], site=them.site, by=them.alice, via="file")
    assert [(problem.code, problem.path) for problem in refused.problems] == [("case-withdrawn", "local_case_id")]
    assert created.result == "created"


def test_a_reinstated_case_counts_again_as_it_was_recorded(them: People, report: Report) -> None:
    case = withdrawn(them, report())
    said = report_of(recorded(case))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_stalemonth")
    after = cases.reinstate(case, reason="the right patient after all", by=them.bob, via="form")
    assert (after.state, after.withdrawal_reason, after.revision) == ("submitted", "", 3)
    assert report_of(recorded(case)) == said
    assert Case.objects.submitted().get() == case
    assert stale_months(them.site) == {date(2026, 2, 1), date(2026, 3, 1)}
    event = AuditEvent.objects.latest("seq")
    assert (event.act, event.reason, event.object_id) == ("case.reinstate", "the right patient after all", str(case.pk))
    assert cases.submit(report(), site=them.site, by=them.alice, via="rest").result == "unchanged"


def test_reinstating_a_case_that_is_not_withdrawn_changes_nothing(them: People, report: Report) -> None:
    case = withdrawn(them, report())
    cases.reinstate(case, reason="by mistake", by=them.alice, via="form")
    events = AuditEvent.objects.count()
    again = cases.reinstate(case, reason="by mistake", by=them.alice, via="form")
    assert (again.state, again.revision, AuditEvent.objects.count()) == ("submitted", 3, events)


@pytest.mark.parametrize("name", ["charlie", "dana"])
def test_only_people_of_the_site_may_reinstate_and_only_with_a_reason(name: str, them: People, report: Report) -> None:
    case = withdrawn(them, report())
    with pytest.raises(NotPermitted):
        cases.reinstate(case, reason="mine now", by=getattr(them, name), via="form")
    with pytest.raises(InvalidReport) as refused:
        cases.reinstate(case, reason=" ", by=them.alice, via="form")
    assert [problem.path for problem in refused.value.problems] == ["reason"]
    assert not Case.objects.submitted().exists()


def test_an_invalid_report_writes_nothing(them: People, report: Report) -> None:
    with pytest.raises(InvalidReport):
        submitted(them, report(sex="man"))
    assert Case.objects.count() == 0


@pytest.mark.parametrize("name", ["charlie", "dana"])
def test_only_people_of_the_site_may_submit(name: str, them: People, report: Report) -> None:
    with pytest.raises(NotPermitted):
        cases.submit(report(), site=them.site, by=getattr(them, name), via="rest")


def test_a_batch_is_judged_row_by_row_with_one_audit_event(them: People, report: Report) -> None:
    before = AuditEvent.objects.count()
    reports = [report(), report(local_case_id="B", sex="man"), report(local_case_id="C"), report("control")]
    results = cases.submit_batch(reports, site=them.site, by=them.alice, via="file")
    assert [getattr(result, "result", "refused") for result in results] == ["created", "refused", "created", "created"]
    assert AuditEvent.objects.count() == before + 1
    kept = Submission.objects.get()
    assert (kept.n_created, kept.n_refused, kept.problems) == (
        3,
        1,
        [{"code": "not-a-choice", "path": "sex", "row": None}],
    )


def test_a_batch_costs_the_same_number_of_queries_at_1_and_at_30_cases(them: People, report: Report) -> None:
    def queries(count: int, prefix: str) -> int:
        reports = [report(local_case_id=f"{prefix}{number}") for number in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            cases.submit_batch(reports, site=them.site, by=them.alice, via="file")
        return len(captured)

    assert queries(1, "A") == queries(30, "B")


def test_cases_wait_for_an_or_time_until_one_is_recorded_or_a_reason_is_given(them: People, report: Report) -> None:
    case = submitted(them, report(procedure=..., assessments=...))
    submitted(them, report("control"))
    assert list(Case.objects.waiting()) == [case]
    outcomes.record_procedure(case, {"no_procedure_reason": "cancelled"}, by=them.alice, via="rest")
    assert not Case.objects.waiting().exists()
    outcomes.record_procedure(case, {"procedure": LATE}, by=them.alice, via="rest")
    assert recorded(case).no_procedure_reason is None


@pytest.mark.parametrize(
    "changes",
    [
        {"print_decision": "cancelled", "print_decision_reason": "cost", "prints": ..., "codes": ..., "procedure": ..., "assessments": ...},
        {"object_kind": "digital_only", "print_decision": "digital_only", "prints": ..., "codes": ..., "guides": ..., "procedure": ...},
        {"procedure": ..., "no_procedure_reason": "cancelled", "assessments": ...},
    ],
    ids=["cancelled before printing", "digital only", "ordered, printed and never used"],
)  # fmt: skip
def test_a_case_need_not_have_ended_in_a_print_or_an_operation(
    changes: dict[str, Any], them: People, report: Report
) -> None:
    assert submitted(them, report(**changes)).state == "submitted"


def test_a_failed_print_is_a_legal_end_and_needs_no_sterilisation(them: People, report: Report) -> None:
    prints = [{**report().data["prints"][0], "outcome": "failed", "sterilisation": "none"}]
    assert submitted(them, report(prints=prints)).prints.get().outcome == "failed"


def test_the_chain_of_a_site_holds_and_a_changed_event_is_named(them: People, report: Report) -> None:
    case = submitted(them, report())
    cases.withdraw(case, reason="entered twice", by=them.alice, via="rest")
    assert audit.first_broken(them.site) is None
    numbers = list(AuditEvent.objects.filter(site=them.site).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_boolean_and_a_whole_number_survive_the_round_trip(them: People, report: Report) -> None:
    case = recorded(submitted(them, report()))
    assert report_of(case)["prints"][0]["flexible"] is False
    assert report_of(case)["effort"][1]["minutes"] == 0
