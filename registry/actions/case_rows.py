"""A batch of a file of whole cases becomes true: new cases are recorded, known ones amended by what their row says."""

from collections.abc import Sequence

from registry.actions import cases, writing
from registry.actions.results import Result
from registry.intake.case_file import CaseFile
from registry.intake.plan import LEAVE
from registry.intake.report import CaseReport
from registry.models import Case, Site, Upload
from registry.permissions import Actor
from registry.vocabulary.workflow import Channel, RowOutcome

_OUTCOMES = {
    writing.CREATED: RowOutcome.CREATED,
    writing.AMENDED: RowOutcome.AMENDED,
    writing.UNCHANGED: RowOutcome.UNCHANGED,
}


def write_batch(site: Site, file: CaseFile, found: Sequence[CaseReport], *, by: Actor, upload: Upload) -> Result:
    """The batch is recorded within the open transaction; a row that cannot be believed stops no other."""
    result = Result()
    left = _left_as_they_are(site, file, found)
    readable = [report for report in found if report.data and report.local_case_id not in left]
    for report in found:
        if not report.data:
            result.refuse(*(file.placed(problem) for problem in report.problems))
        elif report.local_case_id in left:
            result.add(report.row or 0, RowOutcome.UNCHANGED, left[report.local_case_id])
    outcomes = cases.submit_rows(readable, site=site, by=by, via=Channel.FILE, upload=upload) if readable else []
    for report, outcome in zip(readable, outcomes, strict=True):
        if not isinstance(outcome, writing.Submitted):
            result.refuse(*(file.placed(problem) for problem in outcome.problems))
            continue
        result.problems += [file.placed(problem) for problem in outcome.warnings]
        result.add(report.row or 0, _OUTCOMES[outcome.result], outcome.case.pk, outcome.prior_revision, outcome.prior)
    return result


def _left_as_they_are(site: Site, file: CaseFile, found: Sequence[CaseReport]) -> dict[object, int]:
    """The recorded cases that the plan leaves alone, whatever their rows say; what is withdrawn is refused, or comes back."""
    if file.plan.known != LEAVE:
        return {}
    ids = [report.local_case_id for report in found if isinstance(report.local_case_id, str)]
    cases = Case.objects.submitted().filter(site=site, local_case_id__in=ids)
    return dict(cases.values_list("local_case_id", "pk"))
