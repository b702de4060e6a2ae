"""Submit, amend, replace, withdraw and reinstate cases."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from registry.actions import audit, clock, encounters, writing
from registry.errors import Conflict, IllegalTransition, InvalidReport, Problem
from registry.intake import values
from registry.intake.check import check
from registry.intake.report import CaseReport
from registry.intake.restate import laid_by_row, overlaid, report_of, with_recorded_outcome
from registry.models import AuditEvent, Case, Site
from registry.permissions import Actor, check_submit
from registry.statistics.stale import mark_stale
from registry.vocabulary.workflow import CaseState

WITHDRAWN_FOR = Case._meta.get_field("withdrawal_reason").max_length
AMENDED_FOR = AuditEvent._meta.get_field("reason").max_length
"""So many characters of a reason are kept."""


def submit(report: CaseReport, *, site: Site, by: Actor, via: str) -> writing.Submitted:
    """The case is recorded, or was already with just this content.

    Raises `InvalidReport`, `NotPermitted`, and `Conflict`: `case-exists` for a known local case id with other content,
    `case-withdrawn` for that of a withdrawn case.
    """
    return _one(writing.write([report], site=site, by=by, via=via, amending=False, beside=_beside_outcome))


def replace(report: CaseReport, *, site: Site, by: Actor, via: str) -> writing.Submitted:
    """The case of this local case id says what the report says; a report silent on the outcome leaves a recorded outcome alone.

    Raises `InvalidReport`, `NotPermitted`, and `Conflict` (`case-withdrawn`).
    """
    return _one(writing.write([report], site=site, by=by, via=via, amending=True, beside=_beside_outcome))


def submit_batch(reports: Sequence[CaseReport], *, site: Site, by: Actor, via: str) -> list[writing.Outcome]:
    """Each report is recorded, amended or refused for itself, in one transaction with one audit event for all."""
    return writing.write(reports, site=site, by=by, via=via, amending=True, beside=_beside_outcome)


def amend(case: Case, sent: dict[str, Any], *, by: Actor, via: str, reason: str = "") -> writing.Submitted:
    """What was sent lies over what is recorded; what was not sent stays. Raises `InvalidReport`, `IllegalTransition`."""
    check_submit(by, case.site)
    return lay_over(case, lambda _recorded: sent, by=by, via=via, reason=reason)


def lay_over(
    case: Case,
    said: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    by: Actor,
    via: str,
    reason: str = "",
    revision: int | None = None,
) -> writing.Submitted:
    """What `said` makes of the recorded report, read under lock, lies over it. The caller has asked whether `by` may.

    What was said of one `revision` changes no other: raises `Conflict` (`case-changed`) where it would.
    """

    def over(recorded: dict[str, Any]) -> CaseReport:
        return CaseReport(overlaid(recorded, said(recorded)))

    return _said_again(case, over, by=by, via=via, reason=reason, revision=revision)


def restate(
    case: Case, report: CaseReport, *, revision: int, by: Actor, via: str, reason: str = ""
) -> writing.Submitted:
    """The case says what the report says and nothing else, the outcome included: the report began from all that was recorded.

    Raises `NotPermitted`, `InvalidReport`, `IllegalTransition`, and `Conflict` (`case-changed`) if the case is no longer of `revision`.
    """
    check_submit(by, case.site)
    with transaction.atomic():
        writing.hold(case.site, [case.local_case_id])
        if Case.objects.values_list("revision", flat=True).get(pk=case.pk) != revision:
            raise Conflict(
                "This case was changed since you began to amend it. Discard the draft, and amend the case as it is now.",
                "case-changed",
            )
        return _said_again(case, lambda _recorded: report, by=by, via=via, reason=reason)


def _said_again(
    case: Case,
    of: Callable[[dict[str, Any]], CaseReport],
    *,
    by: Actor,
    via: str,
    reason: str = "",
    revision: int | None = None,
) -> writing.Submitted:
    """The case says the report that `of` makes of the recorded one, read under lock."""
    site, reason = case.site, _reason(reason, AMENDED_FOR)
    with transaction.atomic():
        held = writing.hold(site, [case.local_case_id]).get(case.local_case_id)
        if held is None or held.state == CaseState.WITHDRAWN:
            raise IllegalTransition(writing.WITHDRAWN.message, writing.WITHDRAWN.code)
        report = of(report_of(held))
        if report.local_case_id != held.local_case_id:
            raise InvalidReport(
                [Problem("immutable", "local_case_id", "The case id of a recorded case stays as it is.")]
            )
        judged, stood = check([report], site=site)[0], held.revision
        outcomes: list[writing.Outcome] = [writing.settled(held, judged)]
        claims = writing.claim(outcomes, [judged])
        # Whoever sends again what is recorded already takes nothing back that somebody else has said.
        if revision not in {None, stood} and _one(outcomes).result != writing.UNCHANGED:
            raise Conflict("This case was changed since you read it. Nothing was overwritten.", "case-changed")
        writing.finish("case.amend", writing.Tally.of(outcomes, claims), site=site, by=by, via=via, reason=reason)
    return _one(outcomes)


def withdraw(case: Case, *, reason: str, by: Actor, via: str) -> Case:
    """The case no longer counts and keeps its rows. Withdrawing twice changes nothing. Raises `InvalidReport` at `reason`."""
    check_submit(by, case.site)
    reason = _reason(reason, WITHDRAWN_FOR, "Say in a few words why the case is withdrawn.")
    return _turned(case, CaseState.WITHDRAWN, "case.withdraw", reason=reason, by=by, via=via)


def reinstate(case: Case, *, reason: str, by: Actor, via: str) -> Case:
    """The withdrawn case counts again, as it was recorded; one that is not withdrawn stays as it is.

    Raises `InvalidReport` at `reason`, and `IllegalTransition` for a control whose time another case has taken over.
    """
    check_submit(by, case.site)
    reason = _reason(reason, WITHDRAWN_FOR, "Say in a few words why the case is reinstated.")
    return _turned(case, CaseState.SUBMITTED, "case.reinstate", reason=reason, by=by, via=via)


def _turned(case: Case, state: CaseState, act: str, *, reason: str, by: Actor, via: str) -> Case:
    """The case is of this state; if it was not before, its months are stale and the act is told with its reason."""
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).select_related("site").get(pk=case.pk)
        if held.state == state:
            return held
        if held.withdrawal_reason == encounters.TAKEN_OVER:
            raise IllegalTransition(
                "Another case has taken over the time of this control: it would count twice.", "case-withdrawn"
            )
        held.state, held.withdrawal_reason = state, reason if state == CaseState.WITHDRAWN else ""
        held.revision, held.changed_at = held.revision + 1, now()
        held.save(update_fields=["state", "withdrawal_reason", "revision", "changed_at"])
        mark_stale(held.site_id, writing.months_of(held))
        audit.record(act, by=by, via=via, site=held.site, subject=held, reason=reason)
        clock.ring("refresh")
    return held


def _reason(sent: Any, longest: int | None, wanted: str = "") -> str:
    """A clean text of at most so many characters; `wanted` tells whoever gives none where there must be one."""
    try:
        said = values.text(sent, longest)
    except values.Refused as refused:
        raise InvalidReport([Problem(refused.code, "reason", refused.message)]) from None
    if wanted and not said:
        raise InvalidReport([Problem("required", "reason", wanted)])
    return said


_CONFLICTS = ("case-exists", "encounter-taken", writing.WITHDRAWN.code)


def _one(outcomes: list[writing.Outcome]) -> writing.Submitted:
    outcome = outcomes[0]
    if isinstance(outcome, writing.Submitted):
        return outcome
    if outcome.problems and outcome.problems[0].code in _CONFLICTS:
        raise Conflict(outcome.problems[0].message, outcome.problems[0].code)
    raise InvalidReport(outcome.problems)


def _beside_outcome(report: CaseReport, case: Case) -> CaseReport:
    return dataclasses.replace(report, data=with_recorded_outcome(report_of(case), report.data))


def over_recorded(report: CaseReport, case: Case) -> CaseReport:
    """What a row of a file says, laid over what is recorded of its case."""
    return laid_by_row(report_of(case), report)
