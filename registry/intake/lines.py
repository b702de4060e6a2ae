"""A believed row as one line of text, just as PostgreSQL reads it by COPY: what a digest is taken of, and what a file is written by.

No value that is believed holds a control character (`values.text`), so tabs and line ends part what they part.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from registry.intake.report import Believed
from registry.intake.sections import CASE, KNOWN_BY, PROCEDURE, SECTIONS, TIMES, Section

NULL = r"\N"
RESOLVED = {"prints": ("printer_id", "process", "materials"), "procedure": ("map_version",)}
"""What a row has beside what was reported of it: what the rules found."""
ALL: dict[str, Section] = {"case": CASE, **SECTIONS, "procedure": PROCEDURE, "times": TIMES}
"""The sections of a case in the order in which a digest reads them."""


@cache
def columns(section: str) -> tuple[str, ...]:
    """The columns of a line of this section, in their order."""
    described = ALL[section]
    of_model = {field.name for field in described.model._meta.fields}
    number, unknown = ((name,) if name in of_model else () for name in ("number", "unknown_fields"))
    return (*number, *described.reported, *RESOLVED.get(section, ()), *unknown)


@cache
def defaults(section: str) -> dict[str, Any]:
    """By column, what a row of this section has where it says nothing."""
    found = dict.fromkeys(columns(section))
    fields = {field.attname: field for field in ALL[section].model._meta.concrete_fields}
    return {name: fields[name].get_default() if name in fields else None for name in found}


def text_of(value: Any) -> str:
    """One believed value, as COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, str):
        return value.replace("\\", r"\\")
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    # Words of a vocabulary, numbers and keys: nothing in them needs quotes.
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else str(value)


def line(section: str, row: Mapping[str, Any]) -> str:
    """The row as a line; what is not in it has the default of its model."""
    return "\t".join(text_of(row.get(name, default)) for name, default in defaults(section).items())


def section_of(section: str, rows: Iterable[str]) -> str:
    """The lines of a section as a digest reads them: in the order in which they were said, where a place says something."""
    return "\n".join(sorted(rows) if section in KNOWN_BY else rows)


def digest_of(believed: Believed) -> str:
    """SHA-256 of everything the report says, independent of the order in which it was said."""
    rows = {"case": [believed.case], **believed.sections, "times": believed.times}
    rows["procedure"] = [] if believed.procedure is None else [believed.procedure]
    return digest_of_sections(section_of(name, [line(name, row) for row in rows.get(name, ())]) for name in ALL)


def digest_of_sections(sections: Iterable[str]) -> str:
    """The same of what `section_of` gave for `ALL` sections, in their order."""
    return hashlib.sha256("\f".join(sections).encode()).hexdigest()
