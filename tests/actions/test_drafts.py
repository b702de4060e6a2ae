"""Drafts: what was typed is kept, nothing is lost between two people, and a submitted draft is the report it says."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.actions import cases, drafts
from registry.errors import Conflict, IllegalTransition, InvalidReport, NotFound, NotPermitted
from registry.intake import flat
from registry.intake.report import CaseReport
from registry.intake.restate import PREFETCH, report_of
from registry.models import AuditEvent, Case, Draft
from tests.people import People

Report = Callable[..., CaseReport]


def begun(them: People, **texts: str) -> Draft:
    return drafts.begin(them.site, by=them.alice, data=texts)


def saved(them: People, draft: Draft, **texts: str) -> Draft:
    return drafts.save(draft, texts, names=list(texts), version=draft.version, by=them.alice)


def recorded(case: Case) -> dict[str, Any]:
    return report_of(Case.objects.prefetch_related(*PREFETCH).get(pk=case.pk))


def amending(them: People, report: CaseReport) -> tuple[Case, Draft]:
    case = cases.submit(report, site=them.site, by=them.alice, via="rest").case
    return case, drafts.draft_of(case, by=them.alice)


def test_a_draft_keeps_what_cannot_be_believed_and_leaves_no_audit_event(them: People) -> None:
    events = AuditEvent.objects.count()
    draft = saved(them, begun(them, object_kind="both"), age_years="many", complexity="unknown")
    assert Draft.objects.get(pk=draft.pk).data == {
        "object_kind": "both",
        "age_years": "many",
        "complexity": "unknown",
    }
    assert AuditEvent.objects.count() == events


def test_only_what_was_named_is_replaced_and_an_empty_text_says_nothing(them: People) -> None:
    draft = begun(them, sex="female", age_years="34", complexity="simple")
    draft = drafts.save(draft, {"age_years": "35"}, names=["age_years", "sex"], version=1, by=them.bob)
    assert (draft.data, draft.version) == ({"age_years": "35", "complexity": "simple"}, 2)


def test_a_draft_keeps_columns_of_a_report_only_and_no_endless_text(them: People) -> None:
    draft = saved(them, begun(them), comment="x\0" * 9_000, patient_name="Somebody", part_99_region="head")
    assert list(draft.data) == ["comment"]
    assert len(draft.data["comment"]) == drafts.LONGEST


def test_clock_times_become_minutes_as_soon_as_both_are_known(them: People) -> None:
    draft = saved(them, begun(them), time_1_from="08:14")
    assert draft.data == {"time_1_from": "08:14"}
    draft = saved(them, draft, time_1_from="08:14", time_1_to="10:31", time_2_from="25:00", time_2_to="10:31")
    assert draft.data == {"time_1_minutes": "137", "time_2_from": "25:00", "time_2_to": "10:31"}


def test_who_saves_over_what_another_saved_is_told(them: People) -> None:
    draft = begun(them)
    saved(them, draft, sex="female")
    with pytest.raises(Conflict) as refused:
        saved(them, draft, sex="male")
    assert refused.value.code == "draft-changed"
    assert Draft.objects.get(pk=draft.pk).data == {"sex": "female"}


def test_a_draft_that_is_gone_is_not_found(them: People) -> None:
    draft = begun(them)
    drafts.discard(draft, by=them.bob)
    drafts.discard(draft, by=them.bob)
    with pytest.raises(NotFound):
        saved(them, draft, sex="female")
    with pytest.raises(NotFound):
        drafts.submit(draft, by=them.alice, via="form")


def test_people_of_another_site_may_nothing(them: People) -> None:
    draft = begun(them)
    for act in (
        lambda: drafts.begin(them.site, by=them.charlie),
        lambda: drafts.save(draft, {}, names=[], version=1, by=them.charlie),
        lambda: drafts.discard(draft, by=them.charlie),
        lambda: drafts.submit(draft, by=them.charlie, via="form"),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize("name", ["case", "control"])
def test_a_submitted_draft_is_the_report_it_says_and_is_gone(name: str, them: People, report: Report) -> None:
    draft = begun(them, **flat.said_of(report(name).data))
    submitted = drafts.submit(draft, by=them.bob, via="form")
    assert submitted.result == "created"
    again = cases.submit(report(name), site=them.site, by=them.alice, via="rest")
    assert (again.result, again.case.pk) == ("unchanged", submitted.case.pk)
    assert not Draft.objects.exists()


def test_a_draft_that_is_refused_stays(them: People, report: Report) -> None:
    draft = begun(them, **flat.said_of(report(age_years=...).data))
    with pytest.raises(InvalidReport) as refused:
        drafts.submit(draft, by=them.alice, via="form")
    assert [problem.path for problem in refused.value.problems] == ["age_years"]
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert not Case.objects.exists()


def test_a_new_draft_does_not_amend_a_known_case(them: People, report: Report) -> None:
    cases.submit(report(), site=them.site, by=them.alice, via="rest")
    draft = begun(them, **flat.said_of(report(complexity="complex").data))
    with pytest.raises(Conflict) as refused:
        drafts.submit(draft, by=them.alice, via="form")
    assert refused.value.code == "case-exists"
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_an_amended_case_says_what_the_draft_says_and_nothing_else(them: People, report: Report) -> None:
    case, draft = amending(them, report())
    before = recorded(case)
    dropped = dict.fromkeys(("time_2_minutes", "time_2_clock", "time_2_source", "time_2_confirmed"), "")
    draft = saved(them, draft, age_years="35", procedure_approach="", **dropped)
    submitted = drafts.submit(draft, by=them.alice, via="form")
    assert (submitted.result, submitted.case.revision) == ("amended", 2)
    before["age_years"] = 35
    del before["procedure"]["approach"], before["procedure"]["times"][1]
    assert recorded(case) == before


def test_an_unchanged_draft_of_a_case_changes_nothing(them: People, report: Report) -> None:
    case, draft = amending(them, report())
    assert drafts.submit(draft, by=them.alice, via="form").result == "unchanged"
    case.refresh_from_db()
    assert case.revision == 1


def test_a_case_that_changed_meanwhile_is_not_overwritten(them: People, report: Report) -> None:
    case, draft = amending(them, report())
    cases.amend(case, {"complexity": "complex"}, by=them.bob, via="rest")
    with pytest.raises(Conflict) as refused:
        drafts.submit(draft, by=them.alice, via="form")
    assert refused.value.code == "case-changed"
    assert recorded(case)["complexity"] == "complex"


def test_the_id_of_a_recorded_case_stays(them: People, report: Report) -> None:
    _, draft = amending(them, report())
    draft = saved(them, draft, local_case_id="OTHER-1")
    with pytest.raises(InvalidReport) as refused:
        drafts.submit(draft, by=them.alice, via="form")
    assert refused.value.problems[0].code == "immutable"
    assert Case.objects.count() == 1


def test_a_withdrawn_case_is_not_amended(them: People, report: Report) -> None:
    case, draft = amending(them, report())
    case = cases.withdraw(case, reason="twice", by=them.alice, via="form")
    with pytest.raises(IllegalTransition):
        drafts.draft_of(case, by=them.alice)
    with pytest.raises(Conflict):
        drafts.submit(draft, by=them.alice, via="form")
