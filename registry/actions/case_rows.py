"""A batch of a file of whole cases becomes true: new cases are recorded, known ones amended by what their row says.

Rows that are certainly clean are written together, as columns; every other row is judged and written by itself. The batch is
one act: one submission, one event on the chain.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from registry.actions import cases, judging, staging, writing
from registry.actions.judging import Judges, Slice, Sorted
from registry.actions.results import Result
from registry.intake.case_file import CaseFile
from registry.intake.context import Context
from registry.intake.lines import NULL
from registry.intake.plan import LEAVE
from registry.intake.report import CaseReport
from registry.models import Case, Site, Upload
from registry.permissions import Actor, check_submit
from registry.vocabulary.workflow import Channel, RowOutcome


def write_batch(site: Site, judges: Judges, found: Slice, *, by: Actor, upload: Upload) -> Result:
    """The batch is recorded within the open transaction; a row that cannot be believed stops no other."""
    check_submit(by, site)
    result, records = Result(), found.records
    with transaction.atomic():
        judge = judges.at(site)
        context = judge.context
        # One row alone is an act of its own, told of by its case.
        clean = judges.clean(found if len(found) > 1 else Slice([]), judge)
        reports = judging.others(judges.file, records, clean)
        writing.lock_encounters(site, [{"or_log_number": number} for number in clean.numbers])
        writing.lock_encounters(site, [report.data for report in reports.values()])
        writing.lock_site(site)
        rows = judging.sort(clean, reports, context)
        new = staging.New(clean, rows.new, [records[clean.places[at]].row for at in rows.new], rows.encounters)
        if rows.new:
            staging.create(new, site_id=site.pk, upload=upload)
        for place in rows.others:
            reports[place] = judges.file.report(records[place])
        tally = _one_by_one(judges, [reports[place] for place in sorted(reports)], context, result)
        _count(tally, result, rows)
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
    """Each of these rows is recorded, amended or refused for itself; what the plan leaves as it is, is counted."""
    file = judges.file
    left = _left_as_they_are(context.site, file, reports)
    reports = [report for report in reports if report.local_case_id not in left]
    result.others += Counter({writing.UNCHANGED: len(left)})
    readable = [report for report in reports if report.data]
    outcomes, claims = (
        writing.put(readable, context=context, amending=True, beside=cases.over_recorded) if readable else ([], [])
    )
    tally, became = writing.Tally.of(outcomes, claims), iter(outcomes)
    tally.results += Counter({writing.UNCHANGED: len(left), writing.REFUSED: len(reports) - len(readable)})
    for report in reports:
        outcome = next(became) if report.data else None
        if isinstance(outcome, writing.Submitted):
            result.problems += [file.placed(problem) for problem in outcome.warnings]
            _add(result, report.row or 0, outcome)
        else:
            problems = outcome.problems if outcome else report.problems
            tally.problems += () if outcome else problems
            result.refuse(*(file.placed(problem) for problem in problems))
    return tally


def _left_as_they_are(site: Site, file: CaseFile, reports: Sequence[CaseReport]) -> set[object]:
    """The ids of recorded cases that the plan leaves alone, whatever their rows say; what is withdrawn is refused, or comes back."""
    if file.plan.known != LEAVE:
        return set()
    ids = [report.local_case_id for report in reports if isinstance(report.local_case_id, str)]
    recorded = Case.objects.submitted().filter(site=site, local_case_id__in=ids)
    return set(recorded.values_list("local_case_id", flat=True))


def _add(result: Result, row: int, outcome: writing.Submitted) -> None:
    if outcome.result == writing.UNCHANGED:
        result.others[writing.UNCHANGED] += 1
        return
    became = RowOutcome.AMENDED if outcome.result == writing.AMENDED else RowOutcome.CREATED
    result.add(row, became, outcome.case.pk, outcome.prior_revision, outcome.prior)
