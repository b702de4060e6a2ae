"""JSON lines: one object a line, its names as columns; a nested case report, as the REST interface takes it, is laid flat."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.intake import flat
from registry.intake.sources.delimited import lines_of
from registry.intake.sources.encoding import encoding_of
from registry.intake.sources.table import MOST_COLUMNS, UNKEEPABLE, Record, header_of, refused
from registry.intake.sources.typed_cells import record_of

MOST_DIGITS = 30
MOST_BRACKETS = 1_000
"""More open brackets than any report has; fewer than the parser can nest."""
LONGEST_NAME = 200
_OBJECT = re.compile(rb"\s*\{")
_ARRAY = re.compile(rb"\s*\[\s*[\[{\]]")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A readable file of JSON lines: every name that any line says is a column. It has no header row."""

    path: Path
    encoding: str
    header: list[str]
    header_row: int = 0

    def records(self) -> Iterator[Record]:
        """Every line with an object; one that is none, or says a name twice, is malformed."""
        for row, said in _objects(self.path, self.encoding):
            record = Record(row, None) if said is None else record_of(row, [said.get(name) for name in self.header])
            if record:
                yield record


def is_json(start: bytes) -> bool:
    """Whether a file that begins so is meant as JSON."""
    for mark in _MARKS:
        start = start.removeprefix(mark)
    plain = start.replace(b"\0", b"")
    return bool(_OBJECT.match(plain) or _ARRAY.match(plain))


def open_json_lines(path: Path) -> JsonLines:
    """The file, read once from end to end; raises InvalidReport when it is no file of JSON lines."""
    encoding = encoding_of(path)
    names: dict[str, None] = {}
    sound = False
    for row, said in _objects(path, encoding):
        if said is None:
            if not sound:
                message = "This is JSON, but not one object a line. Write each case as an object on a line of its own (JSON lines)."
                raise refused("not-json-lines", message, row=row)
            continue
        sound = True
        names |= dict.fromkeys(said)
        if len(names) > MOST_COLUMNS:
            break
    if not names:
        raise refused("empty-file", "The file has no object with a name in it. Export it again, one object a line.")
    return JsonLines(path, encoding, header_of(list(names), 0))


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Line and what it says, None for what cannot be read; blank lines are left out."""
    with lines_of(path, encoding) as lines:
        for row, line in enumerate(lines, start=1):
            if text := line.strip():
                yield row, _said(text)


def _said(line: str) -> dict[str, Any] | None:
    if line.count("[") + line.count("{") > MOST_BRACKETS:
        return None
    try:
        said = json.loads(
            line, object_pairs_hook=_once, parse_int=_number, parse_float=_number, parse_constant=_constant
        )
        if not isinstance(said, dict):
            return None
        if any(isinstance(value, dict | list) for value in said.values()):
            said = flat.said_of(said)
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return None
    # Spaces around a name are nobody's: two names that differ by them are one, and say it twice.
    named = {name.strip(): value for name, value in said.items()}
    unfit = len(named) < len(said) or any(
        not name or len(name) > LONGEST_NAME or UNKEEPABLE.search(name) for name in named
    )
    return None if unfit else named


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


def _number(digits: str) -> Decimal:
    """The number as it is written, as long as anybody could mean it."""
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number of too many digits")
    value = Decimal(digits)
    if abs(value.adjusted()) > MOST_DIGITS:
        raise ValueError("a number out of all bounds")
    return value


def _constant(_name: str) -> None:
    """NaN is what programs write where they have nothing."""
