"""One batch told to two sites: to one as files, to the other case by case. Afterwards both must believe the same."""

import io
import json
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
from registry.intake.restate import PREFETCH, report_of
from registry.intake.sections import KNOWN_BY
from registry.models import Case, Site, Submission, Upload, UploadRow
from registry.models.scope import acting_for
from registry.vocabulary.workflow import Channel, JobState, UploadPhase
from tests.people import HAND, enrolled
from tests.properties import recorded
from tests.properties.files import CONTESTED, KEY, Batch, File
from tests.properties.lines import MAPPED, MATERIALS, PRINTERS, USUAL

MOST_TURNS = 60
"""More than any of these files has rows, twice over."""
COUNTED = ("created", "amended")
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
    before: str = ""


@dataclass
class Answer:
    """What a path said of a file: a verdict on each row that changed something or was refused, the problems by row, the counts."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[tuple[int, Told]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


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
        _same(f"file {place + 1}: verdicts", *(sorted(answer.verdicts, key=repr) for answer in (found, wanted)))
        _same(f"file {place + 1}: problems", *(sorted(answer.problems, key=repr) for answer in (found, wanted)))
        _same(f"file {place + 1}: counts", found.counts, wanted.counts)
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
        # Rows that cannot be read at all are refused by the file, and no submission says so.
        _same("submissions", _submitted_by(upload), {name: upload.counts.get(name, 0) for name in COUNTED})
        rows = UploadRow.objects.filter(upload=upload).exclude(outcome=writing.UNCHANGED)
        seen = rows.values_list("row_number", "outcome", "case__local_case_id", "prior_revision", "prior")
        verdicts = [
            Verdict(row, outcome, name or "", prior, _text(before)) for row, outcome, name, prior, before in seen
        ]
    problems = [
        (each["row"], _told(each["column"], each["code"], each["severity"], each["message"]))
        for each in upload.problems
    ]
    return Answer(verdicts, problems, Counter(upload.counts))


def _text(before: Any) -> str:
    """A report as text; of lists whose rows are known by what they say, the order says nothing."""
    if not before:
        return ""
    procedure = before.get("procedure") or {}
    ordered = {name: _sorted(rows) for name, rows in before.items() if name in KNOWN_BY}
    times = {"procedure": {**procedure, "times": _sorted(procedure.get("times", []))}} if procedure else {}
    return json.dumps({**before, **ordered, **times}, sort_keys=True)


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def _read_out(upload: Upload) -> None:
    """The upload is done: checked first, and then imported, where it was matched."""
    for _ in range(MOST_TURNS):
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
    raise Unequal(f"the upload is not done after {MOST_TURNS} turns")


def _submitted_by(upload: Upload) -> dict[str, int]:
    sums = {name: Sum(f"n_{name}", default=0) for name in COUNTED}
    return Submission.objects.filter(upload=upload).aggregate(**sums)


# -- the same rows, one by one


def _one_by_one(site: Site, file: File) -> Answer:
    answer, seen = Answer(), set[str]()
    for row, cells in file.read_rows():
        local_id = _local_id(file, row, cells)
        if local_id in seen:
            answer.verdicts.append(Verdict(row, "refused"))
            answer.counts["refused"] += 1
            column = file.header[file.names.index(KEY)]
            answer.problems.append((row, _told(column, "duplicate-in-file", "error", _DUPLICATE)))
            continue
        seen |= {local_id} - {""}
        texts = file.plan.texts(row, cells) if file.plan else dict(zip(file.names, cells, strict=True))
        report = flat.read(texts, row=row)
        with acting_for(sites=[site.pk]):
            # Whoever matched a file and did not say that recorded cases are to be amended leaves them as they are.
            if file.plan and Case.objects.submitted().filter(site=site, local_case_id=report.local_case_id).exists():
                answer.counts["unchanged"] += 1
                continue
            before = _before(site, report)
            outcome = _submitted(site, report)
        _answered(answer, row, file, outcome, before)
    return answer


def _local_id(file: File, row: int, cells: tuple[str, ...]) -> str:
    written = file.plan.cells.get(row, {}).get(KEY) if file.plan else None
    return (cells[file.names.index(KEY)] if written is None else written).strip()


def _before(site: Site, report: CaseReport) -> str:
    """What is recorded of the case before its row is read; "" of a new one."""
    if not isinstance(report.local_case_id, str) or "\0" in report.local_case_id:
        return ""
    case = Case.objects.filter(site=site, local_case_id=report.local_case_id).prefetch_related(*PREFETCH).first()
    return _text(report_of(case)) if case else ""


def _submitted(site: Site, report: CaseReport) -> writing.Submitted | list[Problem]:
    """A row of a file, alone. A new case goes the way of the form and of REST where that tells the place of what is wrong."""
    if not Case.objects.filter(site=site, local_case_id=str(report.local_case_id)).exists():
        with suppress(Conflict):
            try:
                return cases.submit(report, site=site, **_ONE)
            except InvalidReport as refusal:
                return list(refusal.problems)
    outcome = writing.write([report], site=site, amending=True, beside=cases.over_recorded, **_ONE)[0]
    return outcome if isinstance(outcome, writing.Submitted) else outcome.problems


def _answered(answer: Answer, row: int, file: File, outcome: writing.Submitted | list[Problem], before: str) -> None:
    problems = outcome.warnings if isinstance(outcome, writing.Submitted) else outcome
    if isinstance(outcome, writing.Submitted):
        amended = outcome.result == writing.AMENDED
        told = (outcome.prior_revision, before) if amended else (None, "")
        verdict = Verdict(row, outcome.result, outcome.case.local_case_id, *told)
    else:
        verdict = Verdict(row, "refused")
    answer.counts[verdict.outcome] += 1
    answer.verdicts += [verdict] if verdict.outcome != writing.UNCHANGED else []
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
