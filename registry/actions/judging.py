"""What would become of the rows of a file of cases, without writing any of it.

    file = case_file.survey(path, plan)
    for verdict in judging.judge(file, records, site=site): ...

`records` is any slice of `file.records()`, best some thousands: a slice costs a fixed number of queries, and rows that are
certainly clean are judged by columns. The caller is in the scope of the site and hands a `Context` in if it judges several slices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.actions import cases, writing
from registry.errors import Problem
from registry.intake.case_file import CaseFile
from registry.intake.context import Context
from registry.intake.lines import digest_of
from registry.intake.plan import LEAVE
from registry.intake.sources.table import Record
from registry.models import Site
from registry.vocabulary.workflow import CaseState, RowOutcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one row: created, amended, unchanged or refused. `problems`, errors and warnings, are placed in the file."""

    row: int
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()


def judge(file: CaseFile, records: Sequence[Record], *, site: Site, context: Context | None = None) -> list[Verdict]:
    """A verdict on each record, in order; nothing is written and nothing is locked.

    Whether another case has the OR-log number of a row, only its import can tell.
    """
    return _row_by_row(file, records, context or Context.of(site))


def _row_by_row(file: CaseFile, records: Sequence[Record], context: Context) -> list[Verdict]:
    reports = [file.report(record) for record in records]
    readable = [report for report in reports if report.data]
    known = writing.find(context.site, [report.local_case_id for report in readable])
    judged = iter(writing.judge(readable, known, context, beside=cases.over_recorded))
    found = []
    for report in reports:
        verdict = next(judged) if report.data else None
        problems = tuple(file.placed(problem) for problem in (verdict.problems if verdict else report.problems))
        rows = verdict.rows if verdict else None
        case = known.get(report.local_case_id)
        if case and file.plan.known == LEAVE and case.state == CaseState.SUBMITTED:
            outcome, problems = RowOutcome.UNCHANGED, ()
        elif rows is None:
            outcome = RowOutcome.REFUSED
        elif case is None or writing.comes_back(case):
            outcome = RowOutcome.CREATED
        else:
            same = case.content_digest == digest_of(rows)
            outcome = RowOutcome.UNCHANGED if same else RowOutcome.AMENDED
        found.append(Verdict(report.row or 0, outcome, problems))
    return found
