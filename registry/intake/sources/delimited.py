"""A delimited text file of unknown encoding and delimiter, read without trusting it."""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from registry.errors import InvalidReport, Problem

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 1_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 2_000
DATE, FORMULA_ERROR = "date", "formula-error"
_CHUNK = 1 << 20
_SAMPLE = 20
_LINE_END = re.compile(r"\r\n?|\n")

# What people drop by mistake, known by its first bytes.
_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"PAR1", "a Parquet file"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line of the file it begins on (as an editor counts) and its cells; no cells when it is malformed.

    `too_long`: it is malformed by a cell longer than the csv module reads. `odd`: by their place, cells that were no text where
    they came from, DATE or FORMULA_ERROR.
    """

    row: int
    cells: list[str] | None
    too_long: bool = False
    odd: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A readable file: how it is encoded, what parts its cells and what its header says."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    header_row: int

    def records(self) -> Iterator[Record]:
        """Every record below the header, blank lines left out."""
        with self.path.open(encoding=self.encoding, newline="") as lines:
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                row = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Record(row, None, _is_of_length(error))
                    continue
                if row > self.header_row and any(cell.strip() for cell in cells):
                    yield Record(row, cells)


def refused(code: str, message: str, *, row: int | None = None, column: str | None = None) -> InvalidReport:
    """The error that refuses a whole file for one reason."""
    return InvalidReport([Problem(code=code, path="", message=message, severity="error", row=row, column=column)])


def cell_too_long(row: int) -> InvalidReport:
    """The error for a record with a cell that is longer than the csv module reads."""
    return refused(
        "too-long",
        f"A cell is longer than {csv.field_size_limit():,} characters. Shorten it; or a quotation mark is not closed.",
        row=row,
    )


def _is_of_length(error: csv.Error) -> bool:
    # The csv module has one class for all its errors.
    return "field limit" in str(error)


def open_text(path: Path) -> TextFile:
    """The file, understood; raises InvalidReport when it is empty, not text, or has no header."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as lines:
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
    row, line = first[0]
    try:
        header = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if _is_of_length(error):
            raise cell_too_long(row) from None
        raise refused(
            "malformed-header", "The header line cannot be read: look for a stray quotation mark.", row=row
        ) from None
    return TextFile(path, encoding, delimiter, header_of(header, row), row)


def header_of(cells: Sequence[str], row: int) -> list[str]:
    """The names of the columns; raises InvalidReport where there are more than a person would ever match."""
    if len(cells) > MOST_COLUMNS:
        message = f"The header has more than {MOST_COLUMNS:,} columns. Delete the columns that are not needed, empty ones too."
        raise refused("too-many-columns", message, row=row)
    return [cell.strip() for cell in cells]


def _first_lines(lines: Iterator[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for row, line in enumerate(lines, start=1):
        if line.strip():
            found.append((row, line))
        if len(found) > _SAMPLE:
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


def _encoding(path: Path) -> str:
    """Reads the file once: its encoding, that no NUL is in it, and that every line is of a bearable length."""
    with path.open("rb") as file:
        start = file.read(4)
        for magic, what in _NOT_TEXT:
            if start.startswith(magic):
                raise refused(
                    "not-a-text-file", f"This is {what}, not a CSV file. Save the sheet as CSV (UTF-8) and send that."
                )
        file.seek(0)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _decoded(file_chunks(path), ("utf-16",))
        return _decoded(file_chunks(path), ("utf-8-sig", "cp1252"))


def file_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a mebibyte at a time."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


@dataclass(slots=True)
class _Lines:
    """How far a text has been seen: its present line, the length of that so far, and whether a carriage return came last."""

    line: int = 1
    length: int = 0
    returned: bool = False

    def see(self, text: str) -> None:
        """More of the text; raises InvalidReport, with the line, for a NUL or a line of unbearable length."""
        if (at := text.find("\0")) >= 0:
            raise refused(
                "nul-byte",
                "The file holds NUL bytes, so it is damaged or not text. Export it again as CSV (UTF-8).",
                row=self._line_at(text, at),
            )
        lengths = [len(piece) for piece in text.replace("\r", "\n").split("\n")]
        if max(lengths[0] + self.length, *lengths) > LONGEST_LINE:
            lengths[0] += self.length
            place = next(index for index, length in enumerate(lengths) if length > LONGEST_LINE)
            raise refused(
                "line-too-long",
                "A line is longer than a million characters: a quotation mark or a line end is missing.",
                row=self._line_at(text, sum(lengths[:place]) - self.length + place if place else 0),
            )
        self.length = lengths[-1] + (self.length if len(lengths) == 1 else 0)
        self.line = self._line_at(text, len(text))
        self.returned = text.endswith("\r") if text else self.returned

    def _line_at(self, text: str, at: int) -> int:
        # CR LF is one line end, also where it fell between two chunks.
        halved = self.returned and at > 0 and text.startswith("\n")
        return self.line + len(_LINE_END.findall(text, 0, at)) - halved


def _decoded(chunks: Iterator[bytes], encodings: tuple[str, ...]) -> str:
    decoders = {name: codecs.getincrementaldecoder(name)() for name in encodings}
    lines = _Lines()
    for chunk in chunks:
        texts = {name: text for name, decoder in decoders.items() if (text := _decode(decoder, chunk)) is not None}
        decoders = {name: decoders[name] for name in texts}
        # In none of the encodings: bytes that are NUL still say best what is wrong.
        lines.see(next(iter(texts.values()), chunk.decode("latin-1") if "utf-16" not in encodings else ""))
        if not texts:
            break
    for name, decoder in decoders.items():
        # Bytes that wait for more are half a character: the file was cut, or is in another encoding.
        if not decoder.getstate()[0]:
            return name
    raise refused(
        "unreadable-encoding", "The file is in no encoding we can read. Save it as CSV (UTF-8) and send it again."
    )


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes) -> str | None:
    try:
        return decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
