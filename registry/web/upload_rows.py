"""Rows of a checked file as its pages show them: the bad ones to be mended, and what the others would change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from registry.actions import kept_rows
from registry.actions.kept_rows import KeptRow
from registry.intake import flat, repairs
from registry.intake.plan import Plan, read_plan
from registry.intake.restate import PREFETCH, laid_by_row, report_of
from registry.models import Case, Site, Upload, UploadReview
from registry.vocabulary.workflow import JobState, RowOutcome
from registry.web.upload_review import title_of

A_PAGE = 25
MOST_COLUMNS = 30
"""So many stand on a page: a request has at most 1,000 inputs. What is wrong in others is told with the row."""
FREE_TEXT = ("comment",)
KEY = "local_case_id"


@dataclass(frozen=True)
class Cell:
    """One cell: the name of its input, what it asks for, the text that stands there, and what is wrong with it.

    `mends`: whether it is to be written over: it is wrong, or the other of two clock times that are.
    """

    input: str
    label: str
    text: str
    wrong: tuple[str, ...]
    words: str
    mends: bool


@dataclass(frozen=True)
class BadRow:
    """A row with a problem: its number, its case id, its cells to be mended, and what is wrong with it as a whole."""

    row: int
    local_id: str
    cells: tuple[Cell, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class BadRows:
    """A page of rows: the columns that have a problem on it, the rows, and the words that may stand in a column of a list."""

    titles: tuple[str, ...]
    rows: tuple[BadRow, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    more: bool


@dataclass(frozen=True)
class Changed:
    """What one row would change of its case: pairs of field, what it says now and what it would say; free text is only named."""

    row: int
    case: Case
    changes: tuple[tuple[str, str, str], ...]


def may_be_fetched(upload: Upload) -> bool:
    """Whether the file and what is wrong in it are still kept, so that it can be given back annotated."""
    going = upload.state in {JobState.WAITING, JobState.RUNNING}
    return bool(upload.file) and not going and kept_rows.path_for(upload).is_file()


def plan_of(upload: Upload) -> Plan:
    """How the file is read at present."""
    return read_plan(UploadReview.objects.get(upload=upload).plan)


def bad_rows(upload: Upload, offered: Mapping[str, Sequence[str]], *, cause: str, page: int) -> BadRows:
    """The rows of this page with this cause; without one, those that are refused."""
    plan = plan_of(upload)
    outcome = None if cause else RowOutcome.REFUSED
    found = list(islice(kept_rows.read(upload, outcome=outcome, cause=cause), (page - 1) * A_PAGE, page * A_PAGE + 1))
    rows, more = found[:A_PAGE], len(found) > A_PAGE
    names = _names(rows, plan)
    lists = {name: tuple(repairs.words_for(name, offered)) for name in names}
    return BadRows(
        tuple(title_of(name) for name in names),
        tuple(_bad_row(row, plan, names, lists) for row in rows),
        tuple((name, words) for name, words in lists.items() if words),
        more,
    )


def _names(rows: Sequence[KeptRow], plan: Plan) -> list[str]:
    """The columns to be mended on this page, in the order of the file; a clock time never without its other."""
    wrong = {name for row in rows for name, _message, _severity in row.problems if flat.column(name)}
    wrong |= {other for name in wrong if (other := _other_time(name))}
    names = [*dict.fromkeys(name for name in plan.names if name in wrong), *sorted(wrong - {*plan.names})]
    return names[:MOST_COLUMNS]


def _other_time(name: str) -> str:
    """Of a clock time the one that belongs to it; "" of anything else."""
    start, _, field = name.rpartition("_")
    others = [other for other in flat.CLOCK_TIMES if other != field]
    return f"{start}_{others[0]}" if field in flat.CLOCK_TIMES else ""


def _bad_row(row: KeptRow, plan: Plan, names: Sequence[str], lists: Mapping[str, Sequence[str]]) -> BadRow:
    said = plan.texts(row.row, row.cells)
    wrong: dict[str, list[str]] = {}
    for name, message, _severity in row.problems:
        wrong.setdefault(name if name in names else "", []).append(message)
    cells = tuple(
        Cell(
            f"cell-{row.row}-{name}",
            title_of(name),
            said.get(name, ""),
            tuple(wrong.get(name, ())),
            f"words-{name}" if lists.get(name) else "",
            name in wrong or _other_time(name) in wrong,
        )
        for name in names
        if row.cells
    )
    return BadRow(row.row, said.get(KEY, ""), cells, tuple(wrong.get("", ())))


def written_over(upload: Upload, posted: Mapping[str, Any]) -> dict[int, dict[str, str]]:
    """By row and column, what somebody wrote over the cells of kept rows; what they left as it was is not in it."""
    sent: dict[int, dict[str, str]] = {}
    for name, text in posted.items():
        kind, _, rest = name.partition("-")
        number, _, column = rest.partition("-")
        if kind == "cell" and number.isdecimal() and len(number) < 12 and flat.column(column):
            sent.setdefault(int(number), {})[column] = str(text).strip()
    plan, changed = plan_of(upload), {}
    for row in _rows(upload, {*sent}):
        said = plan.texts(row.row, row.cells)
        if texts := {name: text for name, text in sent[row.row].items() if text != said.get(name, "").strip()}:
            changed[row.row] = texts
    return changed


def _rows(upload: Upload, wanted: set[int]) -> Iterator[KeptRow]:
    for row in kept_rows.read(upload):
        if not wanted:
            return
        if row.row in wanted:
            wanted.discard(row.row)
            yield row


def changes(upload: Upload, site: Site, *, page: int) -> tuple[list[Changed], bool]:
    """What the rows of this page would change of recorded cases, and whether there are more."""
    plan = plan_of(upload)
    kept = kept_rows.read(upload, outcome=RowOutcome.AMENDED)
    found = list(islice(kept, (page - 1) * A_PAGE, page * A_PAGE + 1))
    said = {row.row: plan.texts(row.row, row.cells) for row in found[:A_PAGE]}
    ids = [texts.get(KEY, "") for texts in said.values()]
    cases = Case.objects.filter(site=site, local_case_id__in=ids).select_related("site").prefetch_related(*PREFETCH)
    known = {case.local_case_id: case for case in cases}
    rows = [
        Changed(row, case, tuple(_changes(case, texts)))
        for row, texts in said.items()
        if (case := known.get(texts.get(KEY, "")))
    ]
    return rows, len(found) > A_PAGE


def _changes(case: Case, texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    recorded = report_of(case)
    before, after = flat.said_of(recorded), flat.said_of(laid_by_row(recorded, flat.read(texts)).data)
    for name in dict.fromkeys((*after, *before)):
        column, old, new = flat.column(name), before.get(name, ""), after.get(name, "")
        if column is None or old == new or column.field == "or_log_number":
            continue
        words = repairs.words_for(name, {})
        told = ("", "") if column.field in FREE_TEXT else (words.get(old, old), words.get(new, new))
        yield (title_of(name), *told)
