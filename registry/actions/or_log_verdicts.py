"""What becomes of each row of an OR log, decided before anything is written: the check shows it, the import records it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

from registry.actions import encounters
from registry.errors import Problem
from registry.intake.check import check
from registry.intake.context import Context
from registry.intake.or_log import Encounter, Log
from registry.intake.report import CaseReport, Judged
from registry.intake.restate import PREFETCH, overlaid, report_of
from registry.models import Case, EncounterSeen, Site
from registry.models.fields import random_id
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import ProcedureCodeSystem, TimeSource
from registry.vocabulary.workflow import RowOutcome


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row. A COMPLETED one has its case, what was `recorded` of it and what is believed now; a CREATED one the latter.

    `takes_over`: the encounter is a control so far, whose place the case takes.
    """

    row: int
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()
    item: Encounter | None = None
    digest: str = ""
    case: Case | None = None
    recorded: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    judged: Judged | None = None
    takes_over: bool = False


@dataclass
class Taken:
    """Encounters and cases that earlier rows of the same file have: each is decided once."""

    digests: set[str] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)


def _digests(site: Site, found: Sequence[Encounter | Problem]) -> dict[int, str]:
    numbered = (item for item in found if isinstance(item, Encounter) and item.number)
    return {item.row: encounters.digest_of(item.number, site_id=site.pk) for item in numbered}


def cases_of(site: Site, found: Sequence[Encounter | Problem]) -> Any:
    """The site's cases that the rows name, by the number that they bear or by the site's own case id."""
    ids = {item.case_id for item in found if isinstance(item, Encounter) and item.case_id}
    digests = _digests(site, found).values()
    return Case.objects.filter(Q(encounter_digest__in=digests) | Q(local_case_id__in=ids), site=site)


@dataclass(frozen=True)
class Known:
    """What the registry knows of the encounters of one batch, looked up once."""

    digests: Mapping[int, str]
    seen: Mapping[str, bool]
    """By digest of an encounter seen before, whether it is a control."""
    by_number: Mapping[str, Case]
    by_id: Mapping[str, Case]
    waiting: frozenset[int]

    @classmethod
    def of(cls, site: Site, found: Sequence[Encounter | Problem], cases: Iterable[Case]) -> "Known":
        """`cases` are those of `cases_of`, with `restate.PREFETCH`. Two queries."""
        cases, digests = list(cases), _digests(site, found)
        seen = EncounterSeen.objects.filter(site=site, digest__in=digests.values())
        waiting = Case.objects.waiting().filter(site=site, pk__in=[case.pk for case in cases])
        return cls(
            digests,
            {digest: kind == ObjectKind.NONE for digest, kind in seen.values_list("digest", "case__object_kind")},
            {case.encounter_digest: case for case in cases if case.encounter_digest},
            {case.local_case_id: case for case in cases},
            frozenset(waiting.values_list("pk", flat=True)),
        )


def judge(found: Sequence[Encounter | Problem], *, log: Log, context: Context, taken: Taken) -> list[Verdict]:
    """What would become of these rows now; nothing is locked."""
    cases = cases_of(context.site, found).select_related("site").prefetch_related(*PREFETCH)
    return decide(found, known=Known.of(context.site, found, cases), log=log, context=context, taken=taken)


def decide(
    found: Sequence[Encounter | Problem], *, known: Known, log: Log, context: Context, taken: Taken
) -> list[Verdict]:
    """One verdict a row, in order; `taken` grows by what they take. Reports are judged by the one check, all of the batch at once."""
    verdicts = [_verdict(item, known, log, context, taken) for item in found]
    wanted = [place for place, verdict in enumerate(verdicts) if verdict.said]
    reports = [CaseReport(dict(verdicts[place].said), row=verdicts[place].row) for place in wanted]
    for place, judged in zip(wanted, check(reports, site=context.site, context=context), strict=True):
        verdicts[place] = _judged(verdicts[place], judged)
    return verdicts


def _verdict(item: Encounter | Problem, known: Known, log: Log, context: Context, taken: Taken) -> Verdict:
    if isinstance(item, Problem):
        return Verdict(item.row or 0, RowOutcome.REFUSED, (item,))
    digest = known.digests.get(item.row, "")
    return _of_encounter(
        Verdict(item.row, RowOutcome.UNCHANGED, item.warnings, item, digest), item, known, log, context, taken
    )


def _of_encounter(verdict: Verdict, item: Encounter, known: Known, log: Log, context: Context, taken: Taken) -> Verdict:
    digest = verdict.digest
    named, numbered = known.by_id.get(item.case_id), known.by_number.get(digest)
    if named and numbered and named.pk != numbered.pk:
        return _refused(verdict, _of_two_cases(item, log))
    takes_over = named is not None and known.seen.get(digest, False)
    if digest in taken.digests or (digest in known.seen and not takes_over):
        return verdict
    if case := named or numbered:
        verdict = replace(verdict, case=case, takes_over=takes_over)
        if case.pk not in known.waiting or case.pk in taken.cases:
            return verdict
        taken.cases.add(case.pk)
        taken.digests |= {digest} - {""}
        return _completing(verdict, case, item, log, context)
    if item.case_id or not log.options.may_be_control(item.month):
        # A row with a case id is of a print, be it recorded or not: never an operation without one.
        return replace(verdict, outcome=RowOutcome.UNMATCHED)
    return _becoming_control(verdict, item, log, context, taken)


def _becoming_control(verdict: Verdict, item: Encounter, log: Log, context: Context, taken: Taken) -> Verdict:
    if problem := _no_control(item, log, context):
        return _refused(verdict, problem)
    taken.digests.add(verdict.digest)
    return replace(verdict, outcome=RowOutcome.CREATED, said=_control(item, context))


def _refused(verdict: Verdict, *problems: Problem) -> Verdict:
    return replace(verdict, outcome=RowOutcome.REFUSED, problems=(*problems, *verdict.problems), said={})


def _judged(verdict: Verdict, judged: Judged) -> Verdict:
    """The verdict, with what is believed, or with the errors of the report as problems of its row, where a path means nothing."""
    if judged.rows is not None:
        return replace(verdict, judged=judged)
    return _refused(verdict, *(replace(problem, path="", row=verdict.row) for problem in judged.errors))


def _of_two_cases(item: Encounter, log: Log) -> Problem:
    message = (
        "The case id and the encounter number of this row are of two cases. Correct the row, or the number of the case."
    )
    return Problem("other-case", "", message, row=item.row, column=log.columns.names.get("case_id"))


def _completing(verdict: Verdict, case: Case, item: Encounter, log: Log, context: Context) -> Verdict:
    """A waiting case gets the encounter's times."""
    said = _procedure(item, context)
    procedure: Any = getattr(case, "procedure", None)
    if procedure is not None:
        said = {"times": said["times"]}
        verdict = replace(verdict, problems=(*verdict.problems, *_of_other_category(procedure, item, log, context)))
    elif "procedure_code" not in said:
        return _refused(verdict, _unmapped(item, log))
    recorded = report_of(case)
    sent = {"procedure": said, **({"or_log_number": item.number} if verdict.takes_over else {})}
    return replace(verdict, outcome=RowOutcome.COMPLETED, recorded=recorded, said=overlaid(recorded, sent))


def _of_other_category(recorded: Any, item: Encounter, log: Log, context: Context) -> list[Problem]:
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
    return next((key for key in keys_of(item) if key in context.procedure_map), None)


def keys_of(item: Encounter) -> Iterator[tuple[str, str]]:
    """The keys under which a site's map may know this operation, the surer first."""
    if item.code:
        yield item.code_system, item.code
    if item.service:
        yield str(ProcedureCodeSystem.SERVICE), item.service


def _procedure(item: Encounter, context: Context) -> dict[str, Any]:
    """The operation as a case report says it."""
    times = [
        {"clock": clock, "minutes": minutes, "source": TimeSource.OR_LOG.value} for clock, minutes in item.times.items()
    ]
    said: dict[str, Any] = {"performed_month": f"{item.month:%Y-%m}", "times": times}
    if key := _mapped(item, context):
        said["procedure_code_system"], said["procedure_code"] = key
    return said


def _control(item: Encounter, context: Context) -> dict[str, Any]:
    """The report of a control case; its id is random, so that nothing of the log's own number is kept."""
    return {
        "local_case_id": random_id("ctl-"),
        "object_kind": ObjectKind.NONE.value,
        "procedure": _procedure(item, context),
    }
