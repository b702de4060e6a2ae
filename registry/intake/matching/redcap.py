"""Exports of REDCap: a checkbox is a column a choice, `intended_uses___2`, or `Intended uses (choice=Simulation)` by labels."""

import re
from collections.abc import Sequence
from typing import Any

from registry.intake import flat
from registry.models.fields import ChoiceList
from registry.vocabulary.synonyms import plain, word_of

_RAW = re.compile(r"([a-z][a-z0-9_]*?)___([a-z0-9_]+)", re.IGNORECASE)
_LABELLED = re.compile(r"(.+?)\s*\(choice=(.+)\)", re.IGNORECASE)


def is_export(header: Sequence[str]) -> bool:
    """Whether the columns are those of an export of REDCap, whose raw values are numbers of choices."""
    names = [name.strip().casefold() for name in header]
    return any(
        name.startswith("redcap_") or name.endswith("_complete") or _RAW.fullmatch(name) or _LABELLED.fullmatch(name)
        for name in names
    )


def checkbox(header: str) -> tuple[str, str] | None:
    """The heading of the question and the choice it is about; None for what is no checkbox."""
    found = _RAW.fullmatch(header.strip()) or _LABELLED.fullmatch(header.strip())
    return (found[1], found[2]) if found else None


def word_checked(name: str, choice: str) -> str:
    """Our word of a choice, by code, by label or by its number in the order of our dictionary; "" where it is none of this list."""
    at = flat.column(name)
    field: Any = flat.model_field(at) if at else None
    if not isinstance(field, ChoiceList):
        return ""
    if re.fullmatch(r"\d{1,2}", choice, re.ASCII):
        return field.words[int(choice) - 1] if 1 <= int(choice) <= len(field.words) else ""
    return word_of(name, plain(choice)) or ""
