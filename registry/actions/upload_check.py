"""Turns of a worker at a file whose owner wants to know what it would do: judged slice by slice, and no case is written."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone

from registry.actions import clock, jobs, kept_rows
from registry.actions.judging import Judges, Verdict, judge_slice
from registry.actions.uploads import path_of
from registry.intake import case_file, repairs
from registry.intake.case_file import CaseFile
from registry.intake.causes import Cause, Causes, names_of
from registry.intake.plan import Plan, read_plan
from registry.intake.sources.table import Record
from registry.models import CodeReference, Material, Printer, ProcedureMap, Site, Upload, UploadReview
from registry.models.scope import acting_for
from registry.vocabulary.workflow import JobState, RowOutcome, UploadPhase

SLICE = 5_000
MOST_REFUSED = 100_000
MOST_OTHERS = 2_000
"""So many rows that are refused are kept to be shown, and so many that would amend a case or have a warning; all are counted."""


@dataclass
class Found:
    """What a check has found so far: rows by what would become of them, causes, and how many rows of each sort are kept."""

    counts: Counter[str] = field(default_factory=Counter)
    causes: Causes = field(default_factory=Causes)
    kept: Counter[str] = field(default_factory=Counter)
    length: int = 0

    @classmethod
    def read(cls, said: dict[str, Any]) -> "Found":
        """That which `as_json` gave, or nothing yet."""
        return cls(
            Counter(said.get("counts", {})),
            Causes.read(said.get("causes", ())),
            Counter(said.get("kept", {})),
            said.get("length", 0),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "causes": self.causes.as_json(),
            "kept": dict(self.kept),
            "length": self.length,
        }

    def take(self, file: CaseFile, records: Sequence[Record], verdicts: Sequence[Verdict]) -> list[kept_rows.KeptRow]:
        """These rows are counted; gives those of them that are kept."""
        names = names_of((taken.header, taken.name) for taken in file.plan.columns)
        kept = []
        for record, verdict in zip(records, verdicts, strict=True):
            self.counts[verdict.outcome] += 1
            if not verdict.problems and verdict.outcome != RowOutcome.AMENDED:
                continue
            cells = file.cells(record)
            said = file.plan.texts(record.row, cells)
            keys = self.causes.add(verdict.row, verdict.problems, said, names)
            if self.kept[verdict.outcome] < (MOST_REFUSED if verdict.outcome == RowOutcome.REFUSED else MOST_OTHERS):
                self.kept[verdict.outcome] += 1
                problems = [
                    (names.get(problem.column or "", problem.column or ""), problem.message, problem.severity)
                    for problem in verdict.problems
                ]
                kept.append(kept_rows.KeptRow(verdict.row, verdict.outcome, tuple(keys), cells, problems))
        return kept


def take_turn(upload: Upload, *, until: float) -> None:
    """The next slices of the file are judged and what was found is kept, until the clock says `until` or the file is checked."""
    plan, found = _begun(upload)
    file = case_file.survey(path_of(upload.file), plan)
    judges, records = Judges(file), islice(file.records(), upload.cursor, None)
    while True:
        batch = list(islice(records, SLICE))
        with acting_for(sites=[upload.site_id]):
            verdicts = judge_slice(judges, batch, site=upload.site)
        kept = found.take(file, batch, verdicts)
        found.length = kept_rows.append(upload, kept, at=found.length)
        _commit(upload, file, found, rows=len(batch))
        if upload.state == JobState.HELD:
            return
        if time.monotonic() > until:
            with acting_for(sites=[upload.site_id]):
                jobs.put_back(Upload.objects.all(), upload)
                clock.ring("uploads")
            return


def _begun(upload: Upload) -> tuple[Plan, Found]:
    with acting_for(sites=[upload.site_id]):
        review = UploadReview.objects.get(upload=upload)
    # Only what was found up to the cursor counts: of a check that begins again, nothing.
    return read_plan(review.plan), Found.read(review.found if upload.cursor else {})


def _commit(upload: Upload, file: CaseFile, found: Found, *, rows: int) -> None:
    with acting_for(sites=[upload.site_id]):
        held = jobs.hold(Upload.objects.all(), upload)
        held.cursor += rows
        held.rows_total, held.claimed_at = file.rows, timezone.now()
        # Progress: the attempts that count are those since the last committed slice.
        held.attempts, held.last_error = 0, ""
        if held.cursor >= file.rows:
            _propose(found.causes, held.site)
            held.state, held.phase = JobState.HELD, UploadPhase.IMPORT
        held.save()
        UploadReview.objects.filter(upload=held).update(found=found.as_json())
    for name in ("cursor", "claimed_at", "attempts", "state", "phase"):
        setattr(upload, name, getattr(held, name))


def _propose(causes: Causes, site: Site) -> None:
    """Each word that nobody knows has the words it may have been meant for."""
    wanted = [cause for cause in causes.found.values() if cause.text]
    offered = words_of(site) if wanted else {}
    for cause in wanted:
        cause.near = _near(cause, repairs.words_for(cause.name, offered))


def _near(cause: Cause, words: dict[str, str]) -> list[str]:
    if repairs.is_list(cause.name):
        return repairs.near_in_a_list(cause.text, words)
    return repairs.nearest(cause.text, words)


def words_of(site: Site) -> dict[str, list[str]]:
    """By field, the words that the site has, and the code reference. Four queries."""
    codes = CodeReference.objects.order_by("code").values_list("code", flat=True).distinct()
    mapped = ProcedureMap.objects.filter(site=site).order_by("code").values_list("code", flat=True).distinct()
    return {
        "printer": list(Printer.objects.filter(site=site).order_by("label").values_list("label", flat=True)),
        "materials": list(Material.objects.filter(site=site).order_by("name").values_list("name", flat=True)),
        "code": list(codes),
        "procedure_code": list(mapped),
    }
