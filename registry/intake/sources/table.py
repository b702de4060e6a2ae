"""What every file becomes, whatever it was: a header and records of texts, and the refusals all readers share."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from registry.errors import InvalidReport, Problem

MOST_ROWS = 1_000_000
MOST_COLUMNS = 2_000
LONGEST_CELL = csv.field_size_limit()

DATE, FORMULA_ERROR, SHORTENED, FORBIDDEN = "date", "formula-error", "shortened-number", "forbidden-character"
"""What a cell was that is no text: a date, the error of a formula, a number longer than a spreadsheet keeps, a text nobody can keep."""

# No database and no page holds these two.
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line of the file it begins on (as an editor counts) and its cells; no cells when it is malformed.

    `too_long`: it is malformed by a cell longer than LONGEST_CELL. `odd`: by their place, cells that were no text where they came
    from: DATE, FORMULA_ERROR, SHORTENED or FORBIDDEN.
    """

    row: int
    cells: list[str] | None
    too_long: bool = False
    odd: Mapping[int, str] = field(default_factory=dict)


class Table(Protocol):
    """A readable file, understood as far as its header."""

    @property
    def path(self) -> Path:
        """Where the file lies."""

    @property
    def header(self) -> list[str]:
        """The names of its columns, in the order of the file."""

    @property
    def header_row(self) -> int:
        """The row of the header, as the user's program counts; 0 where the format has none."""

    def records(self) -> Iterator[Record]:
        """Every record below the header, empty ones left out; read anew from the file at each call."""


def refused(code: str, message: str, *, row: int | None = None, column: str | None = None) -> InvalidReport:
    """The error that refuses a whole file for one reason."""
    return InvalidReport([Problem(code=code, path="", message=message, severity="error", row=row, column=column)])


def cell_too_long(row: int) -> InvalidReport:
    """The error for a record with a cell that is longer than is read."""
    return refused(
        "too-long",
        f"A cell is longer than {LONGEST_CELL:,} characters. Shorten it; or a quotation mark is not closed.",
        row=row,
    )


def header_of(cells: Sequence[str], row: int) -> list[str]:
    """The names of the columns; raises InvalidReport where there are more than a person would ever match, or one nobody can keep."""
    if len(cells) > MOST_COLUMNS:
        message = f"The header has more than {MOST_COLUMNS:,} columns. Delete the columns that are not needed, empty ones too."
        raise refused("too-many-columns", message, row=row or None)
    if any(map(UNKEEPABLE.search, cells)):
        message = (
            "The name of a column holds a character that cannot be kept (NUL or half of one). Write the header anew."
        )
        raise refused(FORBIDDEN, message, row=row or None)
    return [cell.strip() for cell in cells]
