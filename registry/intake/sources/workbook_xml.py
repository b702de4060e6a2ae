"""The parts of a workbook, walked element by element: which sheets it has, how far they reach, and how long their texts are."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from registry.intake.sources.table import MOST_ROWS, refused

MOST_CELLS = 2_000_000
MOST_ERRORS = 10_000
TOO_LARGE = "The workbook is too large to unfold: more than 2,000,000 cells, or 80 MB. Save its sheet as CSV (UTF-8) and send that."
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})", re.ASCII)
_DIGITS = "0123456789"


@dataclass
class Cells:
    """How far the values of a sheet reach, counted from 1, how many share their text with others, and (row, column) of errors."""

    rows: int = 0
    columns: int = 0
    sharing: int = 0
    errors: set[tuple[int, int]] = field(default_factory=set)


class Xml:
    """One pass over a part; raises ExpatError or ValueError for what is no sound XML, or declares a document type."""

    reads_elements, reads_text = True, False

    def walk(self, chunks: Iterable[bytes]) -> None:
        """Reads the part to its end."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_declarations
        if self.reads_elements:
            parser.StartElementHandler = self.enter
        if self.reads_text:
            parser.EndElementHandler, parser.CharacterDataHandler = self.leave, self.say
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own order of arguments
        parser.Parse(b"", True)  # noqa: FBT003 - as above

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def leave(self, name: str) -> None:
        """An element ends."""

    def say(self, text: str) -> None:
        """Text within an element."""


class Book(Xml):
    """Name, whether it is hidden, and link of every sheet, in the order of the workbook."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        if _plain(name) == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), hidden, link))


class Links(Xml):
    """What the links of the workbook point to."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        if _plain(name) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def target(self, link: str) -> str:
        """The part of the archive, in small letters; raises KeyError where there is no such link."""
        target = self.targets[link].lower()
        if target.startswith("/"):
            return target[1:]
        return target if target.startswith("xl/") else f"xl/{target}"


class Texts(Xml):
    """The length of each shared text. Of a million of them, so it is written for speed."""

    reads_elements, reads_text = False, True

    def __init__(self) -> None:
        self.lengths = array("L")
        self.length = self.longest = 0

    def leave(self, name: str) -> None:
        if name == "si" or name.endswith(":si"):
            self.lengths.append(self.length)
            self.longest = max(self.longest, self.length)
            self.length = 0

    def say(self, text: str) -> None:
        self.length += len(text)


class Shared(Xml):
    """How many characters the cells of a sheet hold together, where each has its own copy of a shared text."""

    reads_text = True

    def __init__(self, texts: Texts) -> None:
        self.lengths, self.characters = texts.lengths, 0
        self.shares, self.index = False, ""

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        if _plain(name) == "c":
            self.shares = attributes.get("t") == "s"
        self.index = ""

    def say(self, text: str) -> None:
        self.index += text

    def leave(self, name: str) -> None:
        if self.shares and _plain(name) == "v":
            self.characters += self.lengths[int(self.index)]


class Sheet(Xml):
    """Where each value of a sheet stands. Of every cell of every sheet, so it is written for speed."""

    def __init__(self) -> None:
        self.cells = Cells()
        self.row = self.column = 0
        self.kind = ""
        self.columns_called: dict[str, int] = {}

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        if name == "v":
            self._value()
        elif name == "c":
            self._cell(attributes)
        else:
            self._other(_plain(name), attributes)

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif tag == "c":
            self._cell(attributes)
        elif tag in {"v", "is"}:
            self._value()

    def _cell(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        if said is None:
            self.column += 1
        else:
            letters = said.rstrip(_DIGITS)
            self.column = self.columns_called.get(letters) or self._called(letters, said)
            self.row = int(said[len(letters) :])
        self.kind = attributes.get("t", "")

    def _called(self, letters: str, said: str) -> int:
        if not _REFERENCE.fullmatch(said):
            raise ValueError("no cell is called so")
        return self.columns_called.setdefault(letters, _column(letters))

    def _value(self) -> None:
        if not self.row:
            return
        cells = self.cells
        if self.row > cells.rows or self.column > cells.columns:
            self._reach(cells)
        if self.kind == "s":
            cells.sharing += 1
        elif self.kind == "e":
            cells.errors.add((self.row, self.column))
            if len(cells.errors) > MOST_ERRORS:
                raise refused("formula-error", "Most of the workbook's formulas give errors. Correct them.")

    def _reach(self, cells: Cells) -> None:
        cells.rows, cells.columns = max(cells.rows, self.row), max(cells.columns, self.column)
        if cells.rows > MOST_ROWS + 1_000:
            raise refused("too-many-rows", "The sheet has more than 1,000,000 rows. Split it, for instance by year.")
        if cells.rows * cells.columns > MOST_CELLS:
            raise refused("workbook-too-large", TOO_LARGE)


def _refuse_declarations(*_said: object) -> None:
    """No workbook declares a document type; what does means to unfold by it."""
    raise ValueError("a document type")


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
