"""One batch told to two sites: to one as files, to the other case by case. Afterwards both must believe the same."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from registry.actions import audit, cases, sites, upload_turns, uploads, writing
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake import flat
from registry.intake.report import CaseReport
from registry.models import Case, Site, Submission, Upload, UploadRow
from registry.models.scope import acting_for
from registry.vocabulary.workflow import Channel, JobState, UploadPhase
from tests.people import HAND, enrolled
from tests.properties import recorded
from tests.properties.files import CONTESTED, KEY, Batch, File
from tests.properties.lines import MAPPED, MATERIALS, PRINTERS, USUAL

_CODES = count(1)
_ONE = {"by": HAND["by"], "via": Channel.FILE}
_DUPLICATE = "An earlier row of this file has the same case id. Keep one of them."
_REWORDED = {"required"}
"""What these problems say depends on the door."""

Told = tuple[str | None, str, str, str]


@dataclass(frozen=True)
class Verdict:
    """What became of a row."""

    row: int
    outcome: str
    local_id: str = ""
    prior: int | None = None


@dataclass
class Answer:
    """What a path said of a file: a verdict for each row, and the problems by row."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[tuple[int, Told]] = field(default_factory=list)

    def sorted(self) -> "Answer":
        return Answer(sorted(self.verdicts, key=repr), sorted(self.problems, key=repr))


class Unequal(AssertionError):
    """The two sites do not believe the same."""


def told(batch: Batch) -> None:
    """Raises `Unequal` where the file path and the single-case path differ."""
    by_file, one_by_one = _site(batch), _site(batch)
    numbers = tuple({text for file in batch.files for text in _column(file, "or_log_number")} | set(CONTESTED))
    for place, file in enumerate(batch.files):
        if not file.read_rows():
            continue
        since = timezone.now()
        for site in (by_file, one_by_one):
            with acting_for(sites=[site.pk]):
                recorded.forget_stale(site)
                if place == 1:
                    _withdraw(site, batch)
        found, wanted = _as_file(by_file, file), _one_by_one(one_by_one, file)
        _same(f"file {place + 1}: verdicts", found.sorted().verdicts, wanted.sorted().verdicts)
        _same(f"file {place + 1}: problems", found.sorted().problems, wanted.sorted().problems)
        beliefs = []
        for site in (by_file, one_by_one):
            with acting_for(sites=[site.pk]):
                beliefs.append(recorded.recorded(site, since=since, numbers=numbers))
                _same(f"file {place + 1}: digests", recorded.unlike_their_digest(site), [])
                _same(f"file {place + 1}: broken link of the chain", audit.first_broken(site), None)
        for table in beliefs[0]:
            _same(f"file {place + 1}: {table}", beliefs[0][table], beliefs[1][table])
        for ask in (recorded.images, recorded.told):
            answers = []
            for site in (by_file, one_by_one):
                with acting_for(sites=[site.pk]):
                    answers.append(ask(site))
            _same(f"file {place + 1}: {ask.__name__}", *answers)


def _same(what: str, found: Any, wanted: Any) -> None:
    if found == wanted:
        return
    if isinstance(found, list) and isinstance(wanted, list):
        more, fewer = Counter(map(repr, found)), Counter(map(repr, wanted))
        said = [f"  by file only: {row}" for row in (more - fewer).elements()]
        said += [f"  one by one only: {row}" for row in (fewer - more).elements()]
        raise Unequal("\n".join([what, *said]))
    raise Unequal(f"{what}\n  {found}\n  is not {wanted}")


# -- two sites


def _site(batch: Batch) -> Site:
    site = enrolled(f"T{next(_CODES):06d}", "Twin Hospital")
    with acting_for(sites=[site.pk], administrator=True):
        for label in PRINTERS[1:]:
            sites.add_printer(site, label=label, manufacturer="A", model="B", process="vat_photopolymerization", **HAND)
        for name in MATERIALS[1:]:
            sites.add_material(site, name=name, material_class="resin_standard", biocompatible="no", **HAND)
        sites.set_procedure_map(site, {("cpt", MAPPED): USUAL}, **HAND)
        if batch.experienced:
            cases.submit_batch([_usual(number) for number in range(40)], site=site, **_ONE)
    return site


def _usual(number: int) -> CaseReport:
    times = [{"clock": "in_room", "minutes": 118 + number % 9, "source": "or_log"}]
    procedure = {"performed_month": "2024-02", "category": USUAL, "times": times}
    return CaseReport({"local_case_id": f"U{number}", "object_kind": "none", "procedure": procedure})


def _withdraw(site: Site, batch: Batch) -> None:
    for case in Case.objects.filter(site=site, local_case_id__in=batch.withdrawn):
        cases.withdraw(case, reason="wrong patient", **HAND)


def _column(file: File, name: str) -> Iterator[str]:
    at = [place for place, each in enumerate(file.names) if each == name]
    return (cells[place].strip() for cells in file.cells for place in at if cells[place].strip())


# -- the file, through the front door


def _as_file(site: Site, file: File) -> Answer:
    stream = io.BytesIO(file.text().encode())
    with acting_for(sites=[site.pk]):
        if file.plan is None:
            upload = uploads.receive("cases", site=site, stream=stream, options={}, **HAND)
        else:
            upload = uploads.hold("cases", site=site, stream=stream, **HAND)
            uploads.match(upload, file.plan, **HAND)
    _read_out(upload)
    with acting_for(sites=[site.pk]):
        _same("counts", upload.counts, _counted(upload))
        rows = UploadRow.objects.filter(upload=upload)
        seen = rows.values_list("row_number", "outcome", "case__local_case_id", "prior_revision")
        verdicts = [Verdict(row, outcome, local_id or "", prior) for row, outcome, local_id, prior in seen]
    problems = [
        (each["row"], _told(each["column"], each["code"], each["severity"], each["message"]))
        for each in upload.problems
    ]
    return Answer(verdicts, problems)


def _read_out(upload: Upload) -> None:
    """The upload is done: checked first, and then imported, where it was matched."""
    while True:
        upload_turns.work(upload)
        with acting_for(sites=[upload.site_id]):
            upload.refresh_from_db()
            if checked := (upload.state == JobState.HELD and upload.phase == UploadPhase.IMPORT):
                uploads.begin_import(upload, **HAND)
        if checked:
            continue
        if upload.state == JobState.DONE:
            return
        if upload.state != JobState.WAITING or upload.attempts:
            raise Unequal(f"the upload is {upload.state}: {upload.last_error} {upload.problems[:3]}")


def _counted(upload: Upload) -> dict[str, int]:
    """What its rows and its submissions say, which must be the same."""
    counts = Counter(UploadRow.objects.filter(upload=upload).values_list("outcome", flat=True))
    names = ("created", "amended", "unchanged")
    sums = Submission.objects.filter(upload=upload).aggregate(**{name: Sum(f"n_{name}", default=0) for name in names})
    _same("submissions", sums, {name: counts[name] for name in names})
    return dict(counts)


# -- the same rows, one by one


def _one_by_one(site: Site, file: File) -> Answer:
    answer, seen = Answer(), set[str]()
    for row, cells in file.read_rows():
        local_id = _local_id(file, row, cells)
        if local_id in seen:
            answer.verdicts.append(Verdict(row, "refused"))
            column = file.header[file.names.index(KEY)]
            answer.problems.append((row, _told(column, "duplicate-in-file", "error", _DUPLICATE)))
            continue
        seen |= {local_id} - {""}
        texts = file.plan.texts(row, cells) if file.plan else dict(zip(file.names, cells, strict=True))
        with acting_for(sites=[site.pk]):
            outcome = _submitted(site, flat.read(texts, row=row))
        _answered(answer, row, file, outcome)
    return answer


def _local_id(file: File, row: int, cells: tuple[str, ...]) -> str:
    written = file.plan.cells.get(row, {}).get(KEY) if file.plan else None
    return (cells[file.names.index(KEY)] if written is None else written).strip()


def _submitted(site: Site, report: CaseReport) -> writing.Submitted | list[Problem]:
    """A new case goes the way of the form and of REST; a known one the way of a row of a file, alone."""
    known = isinstance(report.local_case_id, str) and Case.objects.filter(site=site, local_case_id=report.local_case_id)
    if known:
        outcome = cases.submit_rows([report], site=site, **_ONE)[0]
        return outcome if isinstance(outcome, writing.Submitted) else outcome.problems
    with suppress(Conflict):  # tells no place
        try:
            return cases.submit(report, site=site, **_ONE)
        except InvalidReport as refusal:
            return list(refusal.problems)
    outcome = cases.submit_rows([report], site=site, **_ONE)[0]
    return outcome if isinstance(outcome, writing.Submitted) else outcome.problems


def _answered(answer: Answer, row: int, file: File, outcome: writing.Submitted | list[Problem]) -> None:
    if isinstance(outcome, writing.Submitted):
        verdict = Verdict(row, outcome.result, outcome.case.local_case_id, outcome.prior_revision)
        problems = outcome.warnings
    else:
        verdict, problems = Verdict(row, "refused"), outcome
    answer.verdicts.append(verdict)
    headed = dict(reversed([*zip(file.names, file.header, strict=True)]))
    answer.problems += [
        (row, _told(_headed(each, headed), each.code, each.severity, each.message)) for each in problems
    ]


def _headed(problem: Problem, headed: Mapping[str, str]) -> str | None:
    """The column as the file heads it; minutes that were said by two clock times stand at the first of them."""
    name = problem.column or ""
    if name not in headed and name.endswith("_minutes"):
        name = next((each for end in ("from", "to") if (each := name.removesuffix("minutes") + end) in headed), name)
    return headed.get(name, name)[:80] or None


def _told(column: str | None, code: str, severity: str, message: str) -> Told:
    return column, code, severity, "" if code in _REWORDED else message
