"""The rows of a slice that are certainly clean, as lines of text ready for COPY, each with the digest of what it says."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import compress, repeat

from registry.intake.by_columns.asking import questions
from registry.intake.by_columns.fields import Remembered
from registry.intake.by_columns.sheet import EFFORT, Layout, Line, Sheet
from registry.intake.by_columns.texts import Columns
from registry.intake.case_file import CaseFile
from registry.intake.context import Context
from registry.intake.lines import ALL, NULL, columns, defaults, digest_of_sections, section_of, text_of
from registry.intake.sources.table import Record
from registry.vocabulary.manufacturing import ObjectKind


@dataclass(frozen=True)
class Clean:
    """Of each certainly clean row, in order: `places`, its place in the slice; its case id; the OR-log number it names or None;
    its content digest; and `lines`, by line of a case, the text that COPY reads, "" where the case has no such line; `months`, as text
    or NULL, of its order and its procedure.
    """

    places: list[int]
    local_ids: list[str]
    numbers: list[str | None]
    digests: list[str]
    lines: dict[Line, list[str]]
    is_control: list[bool]
    months: list[tuple[str, str]]


class Judge:
    """Finds the clean rows of one file, slice by slice. What it learns of texts and rules serves the next slice."""

    def __init__(self, file: CaseFile, context: Context) -> None:
        self.context = context
        self._columns = Columns(file)
        self._layout = Layout(self._columns.names, context)
        self._questions = questions(self._layout, context)
        self._unknown = Remembered(_said_unknown)

    def clean(self, records: Sequence[Record]) -> Clean:
        """The rows of this slice that the check would believe without a problem or a warning."""
        with _no_search_for_cycles():
            return self._clean(records)

    def _clean(self, records: Sequence[Record]) -> Clean:
        texts, alone = self._columns.read(records)
        sheet = Sheet(self._layout, texts, alone, len(records))
        rows = [row for row in range(sheet.count) if row not in alone]
        for question in self._questions:
            asked = (
                rows
                if question.line is None
                else [*compress(rows, map(sheet.present[question.line].__getitem__, rows))]
            )
            if suspect := set(question.ask(sheet, asked)):
                rows = [row for row in rows if row not in suspect]
        return self._told(sheet, rows)

    def _told(self, sheet: Sheet, rows: list[int]) -> Clean:
        lines = {line: self._lines(sheet, line, rows) for line in self._layout.names}
        texts = [
            _section(section, [lines[section, number] for number in self._layout.numbers[section]]) for section in ALL
        ]
        return Clean(
            places=rows,
            local_ids=self._said(sheet, rows, "local_case_id"),
            numbers=[number or None for number in self._said(sheet, rows, "or_log_number")],
            digests=[digest_of_sections(each) for each in zip(*texts, strict=False)] if rows else [],
            lines=lines,
            is_control=[kind == ObjectKind.NONE.value for kind in self._told_of(sheet, rows, "case", "object_kind")],
            months=[
                *zip(
                    self._told_of(sheet, rows, "case", "order_month"),
                    self._told_of(sheet, rows, "procedure", "performed_month"),
                    strict=True,
                )
            ],
        )

    def _lines(self, sheet: Sheet, line: Line, rows: list[int]) -> list[str]:
        """By row, the line as text; "" where the row has none."""
        parts: list[Iterable[str]] = []
        for name in columns(line[0]):
            at = self._layout.at.get((*line, name))
            if name == "unknown_fields":
                parts.append(self._unknown_fields(sheet, line, rows))
            elif at is not None:
                parts.append(sheet.told(at, rows))
            else:
                parts.append(repeat(_constant(line, name), len(rows)))
        told = map("\t".join, zip(*parts, strict=True))
        present = sheet.of(sheet.present[line], rows)
        return [*told] if all(present) else [text if there else "" for text, there in zip(told, present, strict=True)]

    def _unknown_fields(self, sheet: Sheet, line: Line, rows: list[int]) -> Iterable[str]:
        names, flags = [], []
        for name in sorted(columns(line[0])):
            at = self._layout.at.get((*line, name))
            field = None if at is None else self._layout.fields[at]
            if at is not None and field and not field.unknown.isdisjoint(sheet.columns[at]):
                names.append(name)
                flags.append([text in field.unknown for text in sheet.of(sheet.columns[at], rows)])
        if not names:
            return repeat("{}", len(rows))
        return [self._unknown[tuple(compress(names, each))] for each in zip(*flags, strict=True)]

    def _said(self, sheet: Sheet, rows: list[int], name: str) -> list[str]:
        at = self._layout.at.get(("case", 0, name))
        return [""] * len(rows) if at is None else sheet.of(sheet.columns[at], rows)

    def _told_of(self, sheet: Sheet, rows: list[int], section: str, name: str) -> list[str]:
        at = self._layout.at.get((section, 0, name))
        return [NULL] * len(rows) if at is None else sheet.told(at, rows)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """A slice makes a hundred thousand texts and tuples, and no cycle among them: to look for one takes a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _constant(line: Line, name: str) -> str:
    section, number = line
    if name == "number":
        return str(number)
    if section == "effort" and name in {"activity", "staff"}:
        return str(EFFORT[number][name == "staff"])
    return text_of(defaults(section)[name])


def _said_unknown(names: tuple[str, ...]) -> str:
    return text_of(list(names))


def _section(section: str, lines: list[list[str]]) -> Iterable[str]:
    """By row, the section as a digest reads it."""
    if not lines:
        return repeat("")
    if len(lines) == 1:
        return lines[0]
    if section == "effort":  # stands in its order already
        return ["\n".join(filter(None, each)) for each in zip(*lines, strict=True)]
    return [section_of(section, filter(None, each)) for each in zip(*lines, strict=True)]
