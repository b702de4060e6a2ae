"""What somebody typed into a cell or an input, as the value a report says: `2:30` is 150 minutes, `yes` is true, `unknown` is null.

Nothing is refused here: what is not understood stays as it was typed, and the check says what is wanted.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, WholeNumber

UNKNOWN = "unknown"
_UNKNOWN = frozenset({UNKNOWN, "?"})
_TRUE, _FALSE = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
_WHOLE = re.compile(r"[+-]?\d{1,12}(\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?", re.ASCII)
# One comma that cannot part thousands is a decimal comma.
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,12},(\d{1,2}|\d{4,12})", re.ASCII)
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/.](\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)", re.ASCII)
_HOURS = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?) ?h", re.ASCII | re.IGNORECASE)
_HOURS_MINUTES = re.compile(r"(\d{1,3}) ?h ?([0-5]?\d) ?(?:m|min)?", re.ASCII | re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,6}) ?(?:m|min)", re.ASCII | re.IGNORECASE)


def said(field: "models.Field[Any, Any]", text: str) -> Any:  # noqa: PLR0911 - one line a kind of field
    """The value of a report that `text`, which is not empty, says for this model field; `text` itself where it is not understood."""
    if isinstance(field, Choice):
        return _word(field, text)
    if isinstance(field, Pattern) or type(field) is models.CharField:
        return text
    if text.casefold() in _UNKNOWN:
        return None
    match field:
        case ChoiceList():
            return [_choice(field, item) for item in listed(text)]
        case ArrayField():
            return [_whole(item) for item in listed(text.replace(",", ";"))]
        case WholeNumber():
            return minutes(text) if field.name == "minutes" else _whole(text)
        case Amount():
            return hours(text) if field.name == "print_hours" else _number(text)
        case Month():
            return f"{found[2]}-{int(found[1]):02d}" if (found := _MONTH_FIRST.fullmatch(text)) else text
        case models.BooleanField():
            plain = text.casefold()
            return True if plain in _TRUE else False if plain in _FALSE else text
        case _:
            return text


def listed(text: str) -> list[str]:
    """The items of a list typed into one cell, parted by semicolons or line ends."""
    return [item for item in (part.strip() for part in re.split(r"[;|\n]", text)) if item]


def _word(field: Choice, text: str) -> Any:
    if text.casefold() in _UNKNOWN and UNKNOWN not in field.words:
        return None
    return _choice(field, text)


def _choice(field: Any, text: str) -> str:
    """The code of a word given by code or by label, in any case."""
    return _codes(field, get_language()).get(text.casefold(), text)


@lru_cache(maxsize=1024)
def _codes(field: Any, _language: str | None) -> dict[str, str]:
    """By code and by label, as a file of many rows asks for them: labels are translated once and not for each cell."""
    labels = getattr(field, "labels", None) or dict(getattr(field, "flatchoices", ()))
    found: dict[str, str] = {}
    for code in field.words:
        found.setdefault(code.casefold(), str(code))
        found.setdefault(str(labels.get(code, code)).casefold(), str(code))
    return found


def _whole(text: str) -> Any:
    return int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else text


def _number(text: str) -> Any:
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def minutes(text: str) -> Any:
    """Whole minutes of a length of time: `150`, `2:30`, `2.5h`, `2 h 30`, `150 min`; else `text` as it is."""
    if found := _CLOCK.fullmatch(text) or _HOURS_MINUTES.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.fullmatch(text):
        exact = Decimal(found[1].replace(",", ".")) * 60
        return int(exact) if exact == exact.to_integral_value() else text
    found = _MINUTES.fullmatch(text)
    return int(found[1]) if found else _whole(text)


def hours(text: str) -> Any:
    """Hours of a length of time, to the hundredth: `9.5`, `9:30`, `9.5h`, `9 h 30`, `570 min`; else `text` as it is."""
    if found := _HOURS.fullmatch(text):
        return Decimal(found[1].replace(",", "."))
    if (plain := _number(text)) is not text:
        return plain
    length = minutes(text)
    return (Decimal(length) / 60).quantize(Decimal("0.01")) if isinstance(length, int) else text


def between(start: str, end: str) -> int | None:
    """Minutes from one clock time to another, `08:14` to `10:31`; the end may say that it is the next day: `01:20+1`. None if unreadable.

    Negative where the end is before the start and says nothing of a next day.
    """
    next_day = end.endswith("+1")
    first, last = _CLOCK.fullmatch(start), _CLOCK.fullmatch(end.removesuffix("+1").strip())
    if first is None or last is None or int(first[1]) > 23 or int(last[1]) > 23:
        return None
    return (int(last[1]) - int(first[1])) * 60 + int(last[2]) - int(first[2]) + 1440 * next_day
