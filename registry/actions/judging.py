"""What the rows of a file would become if they were imported now. Nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.actions import writing
from registry.errors import Problem
from registry.intake.case_file import CaseFile
from registry.intake.check import check, placed
from registry.intake.context import Context
from registry.intake.plan import LEAVE
from registry.intake.report import CaseReport, Judged
from registry.intake.restate import PREFETCH, digest_of, laid_by_row, report_of
from registry.intake.sources.delimited import Record
from registry.models import Case, Site
from registry.vocabulary.workflow import CaseState, RowOutcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of a file: what it would become, and what is wrong with it, in the columns of the file."""

    row: int
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()


def judge(file: CaseFile, records: Sequence[Record], *, site: Site, context: Context | None = None) -> list[Verdict]:
    """A verdict on each of the records, in order: a few queries for all of them."""
    reports = [file.report(record) for record in records]
    readable = [report for report in reports if report.data]
    known = _known(site, readable)
    said = [_beside(report, known) for report in readable]
    judged = iter(check(said, site=site, context=context or Context.of(site)))
    verdicts = []
    for report in reports:
        outcome, problems = _become(next(judged), known, file) if report.data else (RowOutcome.REFUSED, report.problems)
        verdicts.append(Verdict(report.row or 0, outcome, tuple(map(file.placed, problems))))
    return verdicts


def _known(site: Site, reports: Iterable[CaseReport]) -> dict[object, Case]:
    ids = [report.local_case_id for report in reports if isinstance(report.local_case_id, str)]
    cases = Case.objects.filter(site=site, local_case_id__in=ids).prefetch_related(*PREFETCH)
    return {case.local_case_id: case for case in cases}


def _beside(report: CaseReport, known: dict[object, Case]) -> CaseReport:
    case = known.get(report.local_case_id)
    return report if case is None or writing.comes_back(case) else laid_by_row(report_of(case), report)


def _become(judged: Judged, known: dict[object, Case], file: CaseFile) -> tuple[RowOutcome, Sequence[Problem]]:
    case = known.get(judged.report.local_case_id)
    back = case is not None and writing.comes_back(case)
    if case and case.state == CaseState.WITHDRAWN and not back:
        return RowOutcome.REFUSED, placed([writing.WITHDRAWN], judged.report)
    if case and not back and file.plan.known == LEAVE:
        return RowOutcome.UNCHANGED, ()
    if judged.rows is None:
        return RowOutcome.REFUSED, judged.problems
    if case is None or back:
        return RowOutcome.CREATED, judged.problems
    same = digest_of(judged.rows) == case.content_digest
    return RowOutcome.UNCHANGED if same else RowOutcome.AMENDED, judged.problems
