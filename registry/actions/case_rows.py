"""A batch of a file of whole cases becomes true: new cases are recorded, known ones amended by what their row says.

Rows that are certainly clean are written together, as columns; every other row is judged and written by itself. The batch is
one act: one submission, one event on the chain.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from registry.actions import judging, staging, writing
from registry.actions.judging import Judges, Sorted
from registry.actions.results import Became, Result
from registry.intake.context import Context
from registry.intake.lines import NULL
from registry.intake.plan import LEAVE
from registry.intake.report import CaseReport
from registry.intake.restate import laid_by_row, report_of
from registry.intake.sources.delimited import Record
from registry.models import Case, Site, Upload
from registry.permissions import Actor, check_submit
from registry.vocabulary.workflow import Channel, RowOutcome

LEFT = "left"
"""Among the counts of an upload: unchanged because the plan leaves known cases as they are, though their row says something else."""


def write_batch(site: Site, judges: Judges, records: Sequence[Record], *, by: Actor, upload: Upload) -> Result:
    """The batch is recorded within the open transaction; a row that cannot be believed stops no other."""
    check_submit(by, site)
    result, context = Result(), Context.of(site)
    with transaction.atomic():
        # One row alone is an act of its own, told of by its case.
        clean = judges.of(context).clean(records if len(records) > 1 else [])
        reports = judging.others(judges.file, records, clean)
        writing.lock_encounters(site, [{"or_log_number": number} for number in clean.numbers])
        writing.lock_encounters(site, [report.data for report in reports.values()])
        writing.lock_site(site)
        found = judging.sort(clean, reports, context)
        new = staging.New(clean, found.new, [records[clean.places[at]].row for at in found.new], found.encounters)
        if found.new:
            staging.create(new, site_id=site.pk, upload=upload)
        for place in found.others:
            reports[place] = judges.file.report(records[place])
        tally = _one_by_one(judges, [reports[place] for place in sorted(reports)], context, result)
        _count(tally, result, found)
        writing.finish("case.submit", tally, site=site, by=by, via=Channel.FILE, upload=upload)
    return result


def _count(tally: writing.Tally, result: Result, found: Sorted) -> None:
    """The rows written together are told of with the others."""
    counts = Counter({writing.CREATED: len(found.new), writing.UNCHANGED: found.unchanged})
    tally.results += counts
    tally.months |= {date.fromisoformat(text) for text in found.months - {NULL}}
    if sum(tally.results.values()) > 1:
        tally.alone = None
    result.others += counts


def _one_by_one(judges: Judges, reports: list[CaseReport], context: Context, result: Result) -> writing.Tally:
    """Each of these rows is recorded, amended or refused for itself."""
    file, priors = judges.file, dict[str, dict[str, Any]]()

    def beside(report: CaseReport, case: Case) -> CaseReport:
        priors[case.local_case_id] = recorded = report_of(case)
        return laid_by_row(recorded, report)

    readable = [report for report in reports if report.data]
    amending = file.plan.known != LEAVE
    outcomes, claims = (
        writing.put(readable, context=context, amending=amending, beside=beside) if readable else ([], [])
    )
    became = iter(outcomes)
    for report in reports:
        outcome = next(became) if report.data else None
        if isinstance(outcome, writing.Submitted):
            result.problems += [file.placed(problem) for problem in outcome.warnings]
            _add(result, report.row or 0, outcome, priors)
        elif outcome and [problem.code for problem in outcome.problems] == [writing.CASE_EXISTS]:
            result.others += Counter({writing.UNCHANGED: 1, LEFT: 1})
        else:
            problems = outcome.problems if outcome else report.problems
            result.refuse(*(file.placed(problem) for problem in problems))
    return writing.Tally.of(outcomes, claims)


def _add(result: Result, row: int, outcome: writing.Submitted, priors: dict[str, dict[str, Any]]) -> None:
    if outcome.result == writing.UNCHANGED:
        result.others[writing.UNCHANGED] += 1
        return
    case, before = outcome.case, priors.get(outcome.case.local_case_id)
    amended = outcome.result == writing.AMENDED
    prior = (outcome.prior_revision, before) if amended else (None, None)
    result.rows.append(Became(row, RowOutcome.AMENDED if amended else RowOutcome.CREATED, case.pk, *prior))
