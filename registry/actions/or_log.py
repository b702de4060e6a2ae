"""A batch of an OR log becomes true: waiting cases get their OR time, unmatched encounters become controls where the site allows it."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from registry.actions import encounters, rows, writing
from registry.actions.or_log_verdicts import Known, Taken, Verdict, cases_of, decide
from registry.actions.results import Result
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake.context import Context
from registry.intake.lines import digest_of
from registry.intake.or_log import Encounter, Log
from registry.intake.report import Believed
from registry.models import Case, EncounterSeen, Site
from registry.permissions import Actor, check_record
from registry.statistics.stale import mark_stale
from registry.vocabulary.workflow import Channel, RowOutcome


def write_batch(site: Site, log: Log, found: Sequence[Encounter | Problem], *, by: Actor) -> Result:
    """The batch is recorded, within the open transaction; what is done here already, by number, stays untouched.

    Set-based but for the waiting cases that it completes: those are recorded one by one, each with its audit event.
    """
    check_record(by, site)
    held = _take_locks(site, found)
    known = Known.of(site, found, held.values())
    result, made = Result(), []
    for verdict in decide(found, known=known, log=log, context=Context.of(site), taken=Taken()):
        match verdict.outcome:
            case RowOutcome.COMPLETED:
                _complete(verdict, result, by=by)
            case RowOutcome.CREATED:
                made.append(verdict)
            case _:
                _tell(verdict, result)
    _write_controls(site, made, result)
    return result


def _take_locks(site: Site, found: Sequence[Encounter | Problem]) -> dict[str, Case]:
    """Every case and month of the batch is locked before its first audit event, as every act does, so that none waits in a ring."""
    encounters.lock(site.pk)
    held = writing.hold(site, cases_of(site, found).values_list("local_case_id", flat=True))
    months = {item.month for item in found if isinstance(item, Encounter)}
    mark_stale(site.pk, months.union(*(writing.months_of(case) for case in held.values())))
    return held


def _tell(verdict: Verdict, result: Result) -> None:
    """Nothing is recorded of this row."""
    if verdict.outcome == RowOutcome.REFUSED:
        result.refuse(*verdict.problems)
    else:
        result.problems += verdict.problems
        result.add(verdict.row, verdict.outcome, verdict.case.pk if verdict.case else None)


def _complete(verdict: Verdict, result: Result, *, by: Actor) -> None:
    """The case has its times, and bears this encounter; a control that was made of it hands them over."""
    case, judged = verdict.case, verdict.judged
    if case is None or judged is None:
        raise ValueError("a row that completes a case has its case and what is believed of it")
    prior = case.revision
    try:
        with transaction.atomic():
            outcomes: list[writing.Outcome] = [writing.settled(case, judged)]
            claims = writing.claim(outcomes, [judged])
            writing.finish("case.amend", writing.Tally.of(outcomes, claims), site=case.site, by=by, via=Channel.OR_LOG)
            known = EncounterSeen.objects.filter(site=case.site, digest=verdict.digest)
            if verdict.digest and not (verdict.takes_over and known.exists()):
                encounters.remember(case.site_id, [(verdict.digest, case.pk)])
    except (Conflict, InvalidReport) as refusal:
        told = refusal.problems if isinstance(refusal, InvalidReport) else [Problem(refusal.code, "", refusal.message)]
        result.refuse(*(replace(problem, path="", row=verdict.row) for problem in told))
        return
    result.problems += verdict.problems
    result.add(verdict.row, RowOutcome.COMPLETED, case.pk, prior, dict(verdict.recorded))


def _write_controls(site: Site, verdicts: Sequence[Verdict], result: Result) -> None:
    """Each of these encounters is a control case."""
    made: list[tuple[Verdict, Case, Believed]] = []
    for verdict in verdicts:
        if verdict.judged is not None and (believed := verdict.judged.rows) is not None:
            case = Case(site=site, content_digest=digest_of(believed), **believed.case)
            made.append((verdict, case, believed))
    rows.create([case for _, case, _ in made], [believed for _, _, believed in made])
    encounters.remember(site.pk, [(verdict.digest, case.pk) for verdict, case, _ in made])
    mark_stale(site.pk, {believed.procedure["performed_month"] for _, _, believed in made if believed.procedure})
    for verdict, case, _ in made:
        result.problems += verdict.problems
        result.add(verdict.row, RowOutcome.CREATED, case.pk)
