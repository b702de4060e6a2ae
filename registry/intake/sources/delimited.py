"""A delimited text file of unknown encoding and delimiter, read without trusting it."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from registry.intake.sources.encoding import encoding_of
from registry.intake.sources.gzipped import opened
from registry.intake.sources.table import MOST_ROWS, Record, cell_too_long, header_of, refused

DELIMITERS = (",", ";", "\t", "|", "^", "~")
_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class TextFile:
    """A readable file: how it is encoded, what parts its cells and what its header says."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    header_row: int

    def records(self) -> Iterator[Record]:
        """Every record below the header, blank lines left out.

        Raises InvalidReport where nobody can tell which lines are rows: after a cell of several lines that is too long.
        """
        with lines_of(self.path, self.encoding) as lines:
            marks = _Marks(lines)
            reader = csv.reader(marks, delimiter=self.delimiter, strict=True)
            astray = False
            while True:
                row, marks.count = reader.line_num + 1, 0
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    too_long = _is_of_length(error)
                    if too_long and (reader.line_num > row or marks.are_open):
                        raise cell_too_long(row) from None
                    astray = marks.are_open
                    yield Record(row, None, too_long)
                    continue
                # What follows a broken row may be the rest of its last cell, and no row.
                astray = astray and (marks.are_open or len(cells) != len(self.header))
                if row > self.header_row and any(cell.strip() for cell in cells):
                    yield Record(row, None if astray else cells)


class _Marks:
    """Lines, and how many quotation marks stood in those taken since the count was set to 0."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self.count = iter(lines), 0

    def __iter__(self) -> "_Marks":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += line.count('"')
        return line

    @property
    def are_open(self) -> bool:
        """One of the marks has no second."""
        return self.count % 2 == 1


def lines_of(path: Path, encoding: str) -> io.TextIOWrapper:
    """The text of a file, or of what its archive holds, with its line ends as they are."""
    return io.TextIOWrapper(opened(path), encoding=encoding, newline="")


def _is_of_length(error: csv.Error) -> bool:
    # The csv module has one class for all its errors.
    return "field limit" in str(error)


def open_text(path: Path) -> TextFile:
    """The file, understood; raises InvalidReport when it is empty, not text, or has no header."""
    encoding = encoding_of(path)
    with lines_of(path, encoding) as lines:
        first = _first_lines(lines)
    if not first:
        raise refused("empty-file", "The file is empty. Export the log again, with its header line and its rows.")
    told = _told_delimiter(first[0][1])
    if told:
        first = first[1:]
    if not first:
        raise refused(
            "empty-file", "The file has no header line. Export the log again, with its header line and its rows."
        )
    delimiter = told or _delimiter([line for _, line in first])
    row = first[0][0]
    try:
        # The name of a column may hold line ends.
        header = next(csv.reader([line for _, line in first], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if _is_of_length(error):
            raise cell_too_long(row) from None
        raise refused(
            "malformed-header", "The header line cannot be read: look for a stray quotation mark.", row=row
        ) from None
    return TextFile(path, encoding, delimiter, header_of(header, row), row)


def _first_lines(lines: Iterator[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for row, line in enumerate(lines, start=1):
        if line.strip():
            found.append((row, line))
        if len(found) > _SAMPLE or row > MOST_ROWS:
            break
    return found


def _told_delimiter(line: str) -> str | None:
    """Excel may say the delimiter in a first line `sep=;`."""
    text = line.strip("\r\n")
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") and text[4] in DELIMITERS else None


def _delimiter(lines: list[str]) -> str:
    def weight(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            return (0, 0)
        return (sum(width == widths[0] for width in widths) if widths[0] > 1 else 0, widths[0])

    return max(DELIMITERS, key=weight)
