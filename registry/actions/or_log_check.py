"""A worker's turn at an OR log whose owner wants to know what it would do: all of it is judged as for an import, nothing is recorded."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone

from registry.actions import jobs
from registry.actions.or_log_verdicts import Taken, Verdict, judge, keys_of
from registry.actions.uploads import path_of
from registry.errors import Problem
from registry.intake.context import Context
from registry.intake.or_log import Log, survey
from registry.intake.or_log_options import read_options
from registry.models import Upload, UploadReview
from registry.models.scope import acting_for
from registry.vocabulary.workflow import JobState, RowOutcome, UploadPhase

BATCH = 1_000
FIRST = 5
MOST_ROWS, MOST_CODES, MOST_PROBLEMS = 50, 200, 5_000


@dataclass
class Found:
    """What a check has found so far: rows by what would become of them, causes, codes that no map knows, first cases and their times."""

    counts: Counter[str] = field(default_factory=Counter)
    causes: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    """By severity, code, column and message: how many rows, then the first of them."""
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, verdicts: Iterable[Verdict]) -> None:
        """These rows are counted."""
        for verdict in verdicts:
            self.counts[verdict.outcome] += 1
            for problem in verdict.problems:
                self._name(problem)
                if problem.code == "unmapped-code" and verdict.item:
                    self.unmapped[next(keys_of(verdict.item), (verdict.item.code_system, ""))] += 1
            if verdict.outcome == RowOutcome.COMPLETED and verdict.case and verdict.item and len(self.first) < FIRST:
                self.first.append((verdict.case.pk, verdict.item.times))

    def _name(self, problem: Problem) -> None:
        rows = self.causes.setdefault((problem.severity, problem.code, problem.column or "", problem.message), [0])
        rows[0] += 1
        if len(rows) <= MOST_ROWS:
            rows.append(problem.row or 0)
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def as_json(self, log: Log) -> dict[str, Any]:
        """What the page of the check shows; nothing in it is a number of the log, or a time of day."""
        return {
            "counts": dict(self.counts),
            "causes": [[*cause, *rows] for cause, rows in self.causes.items()],
            "unmapped": [[*key, count] for key, count in self.unmapped.most_common(MOST_CODES)],
            "first": self.first,
            "together": log.together(MOST_ROWS),
            "order": log.order,
        }


def take_turn(upload: Upload) -> None:
    """The log is judged to its end, and waits for its owner to import it; `UploadReview.found` says what was found.

    What is judged is not kept between turns: a check that a crash stopped begins again at the first row.
    """
    log = survey(path_of(upload.file), read_options(upload.options))
    items, found, taken, done = log.encounters(), Found(), Taken(), 0
    with acting_for(sites=[upload.site_id]):
        context = Context.of(upload.site)
    while batch := list(islice(items, BATCH)):
        done += len(batch)
        with acting_for(sites=[upload.site_id]):
            found.take(judge(batch, log=log, context=context, taken=taken))
            _renew(upload, log, done)
    with acting_for(sites=[upload.site_id]):
        _finish(upload, log, found)


def _renew(upload: Upload, log: Log, done: int) -> None:
    held = jobs.hold(Upload.objects.all(), upload)
    held.cursor, held.rows_total, held.claimed_at = done, log.rows, timezone.now()
    held.save(update_fields=["cursor", "rows_total", "claimed_at"])
    upload.claimed_at = held.claimed_at


def _finish(upload: Upload, log: Log, found: Found) -> None:
    held = jobs.hold(Upload.objects.all(), upload)
    # Nothing is recorded yet: an import begins at the first row, and who discards the file has stopped nothing.
    held.state, held.phase, held.cursor = JobState.HELD, UploadPhase.IMPORT, 0
    held.attempts, held.last_error, held.rows_total = 0, "", log.rows
    names = ("row", "column", "code", "message", "severity")
    held.problems = [{name: getattr(problem, name) for name in names} for problem in found.problems]
    held.save()
    UploadReview.objects.filter(upload=held).update(found=found.as_json(log))
