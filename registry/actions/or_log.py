"""A batch of an OR log becomes true: waiting cases get their OR time, unmatched encounters become controls where the site allows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.actions import encounters, outcomes, rows, writing
from registry.actions.results import Result
from registry.errors import InvalidReport, Problem
from registry.intake.check import check
from registry.intake.context import Context
from registry.intake.lines import digest_of
from registry.intake.or_log import Encounter, Log
from registry.intake.report import Believed, CaseReport
from registry.models import Case, EncounterSeen, Procedure, Site
from registry.models.fields import random_id
from registry.permissions import Actor
from registry.statistics.stale import mark_stale
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import ProcedureCodeSystem, TimeSource
from registry.vocabulary.workflow import Channel, RowOutcome


@dataclass(frozen=True)
class _Known:
    """What the registry knows of the encounters of one batch, looked up once."""

    seen: set[str]
    cases: dict[str, Case]
    waiting: set[int]

    @classmethod
    def of(cls, site: Site, digests: Iterable[str]) -> "_Known":
        wanted = list(digests)
        bearers = Case.objects.filter(site=site, encounter_digest__in=wanted)
        return cls(
            set(EncounterSeen.objects.filter(site=site, digest__in=wanted).values_list("digest", flat=True)),
            {str(case.encounter_digest): case for case in bearers},
            set(Case.objects.waiting().filter(site=site, encounter_digest__in=wanted).values_list("pk", flat=True)),
        )


def write_batch(site: Site, log: Log, found: Sequence[Encounter | Problem], *, by: Actor) -> Result:
    """The batch is recorded, within the open transaction; what is done here already, by number, stays untouched.

    Set-based but for the waiting cases that it completes: those are recorded one by one, each with its audit event.
    """
    encounters.lock(site.pk)
    result = Result()
    digests = {
        item.row: encounters.digest_of(item.number, site_id=site.pk) for item in found if isinstance(item, Encounter)
    }
    known = _Known.of(site, digests.values())
    _take_locks(site, known, found)
    context = Context.of(site)
    controls: dict[str, Encounter] = {}
    for item in found:
        if isinstance(item, Problem):
            result.refuse(item)
            continue
        result.problems += item.warnings
        digest = digests[item.row]
        if digest in known.seen:
            result.add(item.row, RowOutcome.UNCHANGED)
        elif case := known.cases.get(digest):
            known.seen.add(digest)
            _match(case, item, digest, known, log, context, by, result)
        elif not log.options.may_be_control(item.month):
            result.add(item.row, RowOutcome.UNMATCHED)
        elif problem := _no_control(item, log, context):
            result.refuse(problem)
        else:
            known.seen.add(digest)
            controls[digest] = item
    _write_controls(site, context, controls, result)
    return result


def _take_locks(site: Site, known: _Known, found: Sequence[Encounter | Problem]) -> None:
    """Every case and month of the batch is locked before its first audit event, as every act does, so that none waits in a ring."""
    held = writing.hold(site, [case.local_case_id for case in known.cases.values()])
    months = {item.month for item in found if isinstance(item, Encounter)}
    mark_stale(site.pk, months.union(*(writing.months_of(case) for case in held.values())))


def _match(
    case: Case, item: Encounter, digest: str, known: _Known, log: Log, context: Context, by: Actor, result: Result
) -> None:
    """A waiting case gets the encounter's times; a case that waits for nothing is left as it is."""
    if case.pk not in known.waiting:
        result.add(item.row, RowOutcome.UNCHANGED, case.pk)
        return
    said = _procedure(item, context)
    recorded = Procedure.objects.filter(site_id=case.site_id, case=case).first()
    if recorded is not None:
        said = {"times": said["times"]}
        result.problems += _of_other_category(recorded, item, log, context)
    elif "procedure_code" not in said:
        result.refuse(_unmapped(item, log))
        return
    try:
        outcomes.record_procedure(case, {"procedure": said}, by=by, via=Channel.OR_LOG)
    except InvalidReport as refusal:
        result.refuse(*_in_the_file(refusal.problems, item))
        return
    encounters.remember(case.site_id, [(digest, case.pk)])
    result.add(item.row, RowOutcome.COMPLETED, case.pk, case.revision)


def _of_other_category(recorded: Procedure, item: Encounter, log: Log, context: Context) -> list[Problem]:
    """A warning where the log knows the operation of this number by a code of another category than the case says."""
    key = _mapped(item, context)
    if key is None or context.procedure_map[key][0] == recorded.category:
        return []
    message = "The case of this number names another procedure category than this code has. Its OR time was recorded; check the number."
    return [Problem("other-category", "", message, "warning", item.row, log.columns.names.get("code"))]


def _no_control(item: Encounter, log: Log, context: Context) -> Problem | None:
    """Why this encounter cannot be a control, if it cannot."""
    if item.several_procedures:
        message = "This encounter stands on several rows with different procedures, so its category is not clear. Keep the main one."
        return Problem("several-procedures", "", message, row=item.row, column=log.columns.names.get("code"))
    return None if _mapped(item, context) else _unmapped(item, log)


def _unmapped(item: Encounter, log: Log) -> Problem:
    columns = log.columns.names
    if "code" not in columns and "service" not in columns:
        message = "The log has no column of procedure codes, so the procedure is not known. Say which: columns.code or columns.service."
        return Problem("code-missing", "", message, row=item.row)
    message = (
        "This procedure code is not in the site's procedure map, which GET /api/v1/procedure-map shows. The facility "
        "administrator adds it with its category (PUT /api/v1/procedure-map); then send the log again."
    )
    return Problem("unmapped-code", "", message, row=item.row, column=columns.get("code") or columns["service"])


def _mapped(item: Encounter, context: Context) -> tuple[str, str] | None:
    """The key under which the site's map knows this operation: its code, else its service."""
    keys = ((item.code_system, item.code), (str(ProcedureCodeSystem.SERVICE), item.service))
    return next((key for key in keys if key in context.procedure_map), None)


def _procedure(item: Encounter, context: Context) -> dict[str, Any]:
    """The operation as a case report says it."""
    times = [
        {"clock": clock, "minutes": minutes, "source": TimeSource.OR_LOG.value} for clock, minutes in item.times.items()
    ]
    said: dict[str, Any] = {"performed_month": f"{item.month:%Y-%m}", "times": times}
    if key := _mapped(item, context):
        said["procedure_code_system"], said["procedure_code"] = key
    return said


def _write_controls(site: Site, context: Context, controls: dict[str, Encounter], result: Result) -> None:
    """Each encounter is a control case, judged like any report, or a problem of its row."""
    reports = [CaseReport(_control(item, context), row=item.row) for item in controls.values()]
    made: list[tuple[str, Case, Believed, int]] = []
    for digest, item, judged in zip(
        controls, controls.values(), check(reports, site=site, context=context), strict=True
    ):
        if judged.rows is None:
            result.refuse(*_in_the_file(judged.errors, item))
        else:
            case = Case(site=site, content_digest=digest_of(judged.rows), **judged.rows.case)
            made.append((digest, case, judged.rows, item.row))
    rows.create([case for _, case, _, _ in made], [believed for _, _, believed, _ in made])
    encounters.remember(site.pk, [(digest, case.pk) for digest, case, _, _ in made])
    mark_stale(site.pk, {believed.procedure["performed_month"] for _, _, believed, _ in made if believed.procedure})
    for _, case, _, row in made:
        result.add(row, RowOutcome.CREATED, case.pk)


def _control(item: Encounter, context: Context) -> dict[str, Any]:
    """The report of a control case; its id is random, so that nothing of the log's own number is kept."""
    return {
        "local_case_id": random_id("ctl-"),
        "object_kind": ObjectKind.NONE.value,
        "procedure": _procedure(item, context),
    }


def _in_the_file(problems: Iterable[Problem], item: Encounter) -> list[Problem]:
    """Problems of a report as problems of the row it came from: the path means nothing to whoever sent a file."""
    return [replace(problem, path="", row=item.row) for problem in problems if problem.severity == "error"]
