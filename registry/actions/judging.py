"""What would become of the rows of a file of cases, without writing any of it.

    file = case_file.survey(path, plan)
    for verdict in judging.judge(file, records, site=site): ...

`records` is any slice of `file.records()`, best some thousands: a slice costs a fixed number of queries, and rows that are
certainly clean are judged by columns. Whoever judges several slices keeps one `Judges(file)` and calls `judge_slice(judges, …)`:
it remembers from one slice to the next what texts and rules said. The caller is in the scope of the site.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock

from registry.actions import cases, encounters, writing
from registry.errors import Problem
from registry.intake.by_columns.clean import Clean, Judge
from registry.intake.case_file import CaseFile
from registry.intake.context import Context
from registry.intake.lines import digest_of
from registry.intake.plan import LEAVE
from registry.intake.report import CaseReport
from registry.intake.sources.table import Record
from registry.intake.usual import Elsewhere
from registry.models import Case, Site
from registry.vocabulary.workflow import CaseState, PrivacyMode, RowOutcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one row: created, amended, unchanged or refused. `problems`, errors and warnings, are placed in the file."""

    row: int
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """Some records of a file, and what a judge said of them ahead, if one did."""

    records: Sequence[Record]
    judge: Judge | None = None
    clean: Clean | None = None

    def __len__(self) -> int:
        return len(self.records)


class Judges:
    """Judges the slices of one file. What was learnt serves as long as the site's printers, materials, map and all else stand.

    What is usual at the site is what was when the first of them was judged: a file is held against what was recorded before it.
    """

    def __init__(self, file: CaseFile, context: Context | None = None) -> None:
        self.file = file
        self._judge = Judge(file, context) if context else None
        self._one_at_a_time = Lock()

    def slices(self, records: Iterator[Record], size: int) -> Iterator[Slice]:
        """The records in slices of this size. While one is being written, a thread reads and judges the next: the database has
        its own processor. It judges in the context of the slice before, and asks the database nothing.
        """
        with ThreadPoolExecutor(1) as beside:
            ahead = beside.submit(self._ahead, records, size)
            while (found := ahead.result()).records:
                ahead = beside.submit(self._ahead, records, size)
                yield found

    def _ahead(self, records: Iterator[Record], size: int) -> Slice:
        taken, judge = list(islice(records, size)), self._judge
        if judge is None:
            return Slice(taken)
        try:
            with self._one_at_a_time:
                return Slice(taken, judge, judge.clean(taken))
        except Elsewhere:
            return Slice(taken)

    def clean(self, found: Slice, judge: Judge) -> Clean:
        """The clean rows of this slice: as they were judged ahead, if that was by this judge."""
        if found.clean is not None and found.judge is judge:
            return found.clean
        with self._one_at_a_time:
            return judge.clean(found.records)

    def at(self, site: Site) -> Judge:
        """A judge in the context of the site as it now is."""
        context = Context.of(site)
        if self._judge is None:
            self._judge = Judge(self.file, context)
        elif not self._judge.context.is_like(context):
            self._judge = Judge(self.file, replace(context, usual=self._judge.context.usual))
        return self._judge


@dataclass(frozen=True)
class Sorted:
    """The clean rows, sorted by what is recorded: by their places among them those that are `new`, with the digest of the OR-log
    number that each will bear and the months they move; how many are recorded already with just this content; and the
    places in the slice of the `others`, which are to be judged by themselves after all.
    """

    new: list[int] = field(default_factory=list)
    encounters: list[str | None] = field(default_factory=list)
    months: set[str] = field(default_factory=set)
    unchanged: int = 0
    others: list[int] = field(default_factory=list)


def judge(file: CaseFile, records: Sequence[Record], *, site: Site, context: Context | None = None) -> list[Verdict]:
    """A verdict on each record, in order; nothing is written and nothing is locked.

    Whether another case has the OR-log number of a row, only its import can tell.
    """
    return judge_slice(Judges(file, context), records, site=site)


def judge_slice(judges: Judges, records: Sequence[Record], *, site: Site) -> list[Verdict]:
    """The same, of one of several slices."""
    judge = judges.at(site)
    context, clean = judge.context, judge.clean(records)
    reports = others(judges.file, records, clean)
    found = sort(clean, reports, context)
    for place in found.others:
        reports[place] = judges.file.report(records[place])
    verdicts = dict(zip(reports, _one_by_one(judges.file, [*reports.values()], context), strict=True))
    new = {clean.places[at] for at in found.new}
    return [
        verdicts.get(place) or Verdict(record.row, RowOutcome.CREATED if place in new else RowOutcome.UNCHANGED)
        for place, record in enumerate(records)
    ]


def others(file: CaseFile, records: Sequence[Record], clean: Clean) -> dict[int, CaseReport]:
    """By their places in the slice, the reports of the rows that are not certainly clean."""
    certain = set(clean.places)
    return {place: file.report(record) for place, record in enumerate(records) if place not in certain}


def sort(clean: Clean, reports: Mapping[int, CaseReport], context: Context) -> Sorted:
    """Three queries at most. `reports` are the other rows of the slice: a number that one of them names is contested."""
    recorded = _recorded(context.site, clean.local_ids)
    numbers = _numbers(clean, reports, context)
    found, unchanged, seen = Sorted(), 0, set[str]()
    for at, (local_id, digest) in enumerate(zip(clean.local_ids, clean.digests, strict=True)):
        known, number = recorded.get(local_id), numbers.named.get(at)
        if known and known[:2] == (digest, CaseState.SUBMITTED) and number in {None, known[2]}:
            unchanged += 1
        elif known or local_id in seen or at in numbers.contested or (number and clean.is_control[at]):
            found.others.append(clean.places[at])
        else:
            found.new.append(at)
            found.encounters.append(number)
            found.months.update(clean.months[at])
        seen.add(local_id)
    return replace(found, unchanged=unchanged)


def _recorded(site: Site, local_ids: list[str]) -> dict[str, tuple[str, str, str | None]]:
    """Of the cases of these ids that are recorded: the digest of their content, their state, and the digest of their number."""
    # Not IN: thousands of parameters, each prepared by itself, take longer than the query.
    rows = Case.objects.filter(site=site).extra(where=["local_case_id = ANY(%s)"], params=[local_ids])
    told = rows.values_list("local_case_id", "content_digest", "state", "encounter_digest")
    return {local_id: (digest, state, number) for local_id, digest, state, number in told}


def _numbers(clean: Clean, reports: Mapping[int, CaseReport], context: Context) -> encounters.Numbers:
    """By place among the clean rows, the OR-log numbers they name; those of the other rows only count."""
    if context.mode == PrivacyMode.SAFE_HARBOR:
        return encounters.Numbers()
    said = {at: number for at, number in enumerate(clean.numbers) if number}
    beside = (report.data.get("or_log_number") for report in reports.values() if isinstance(report.data, dict))
    said |= {-at: number for at, number in enumerate(beside, 1) if isinstance(number, str)}
    return encounters.Numbers.of(context.site.pk, said, {})


def _one_by_one(file: CaseFile, reports: Sequence[CaseReport], context: Context) -> list[Verdict]:
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
