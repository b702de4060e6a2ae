"""One value against one field: what the model's field says of itself, applied to what somebody sent."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.models.case import NINETY_PLUS
from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, WholeNumber

EARLIEST = date(2000, 1, 1)
_MONTH = re.compile(r"^(?!0000)(\d{4})-(0[1-9]|1[0-2])$", re.ASCII)
_YEAR = re.compile(r"^(?!0000)(\d{4})$", re.ASCII)
_BIDI = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
_LISTED = 14


class Refused(Exception):
    """This value cannot be believed: a stable code and what to do, never the value itself."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def _wrong_type(wanted: str) -> Refused:
    return Refused("wrong-type", f"Send {wanted}.")


def one_of(words: Sequence[str]) -> str:
    return (
        "one of: " + ", ".join(words)
        if len(words) <= _LISTED
        else f"one of the {len(words)} words of this field, which the vocabulary lists"
    )


def text(raw: Any, longest: int | None) -> str:
    """A clean string of at most `longest` characters: no control, bidirectional-override or surrogate characters."""
    if not isinstance(raw, str):
        raise _wrong_type("text")
    plain = raw.isascii() and raw.isprintable()  # most texts are, and then nothing in them is forbidden
    if not plain and any(unicodedata.category(c) in {"Cc", "Cs"} or unicodedata.bidirectional(c) in _BIDI for c in raw):
        raise Refused("forbidden-character", "Remove control and direction-changing characters.")
    if longest is not None and len(raw) > longest:
        raise Refused("too-long", f"Use at most {longest} characters.")
    return raw.strip()


def word(raw: Any, words: Sequence[str]) -> str:
    if not isinstance(raw, str):
        raise _wrong_type(one_of(words))
    if raw not in words:
        raise Refused("not-a-choice", f"Use {one_of(words)}.")
    return raw


def whole(raw: Any, low: int, high: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _wrong_type("a whole number")
    if not low <= raw <= high:
        raise Refused("out-of-range", f"Use a whole number from {low} to {high}.")
    return raw


def amount(raw: Any, low: Decimal, high: Decimal, places: int) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise _wrong_type("a number")
    value = Decimal(str(raw))
    if not value.is_finite() or not low <= value <= high:
        raise Refused("out-of-range", f"Use a number from {low} to {high}.")
    exact = value.quantize(Decimal(1).scaleb(-places))
    if exact != value:
        raise Refused("too-precise", f"Use at most {places} decimal places.")
    return exact + 0  # a zero below zero is zero


def age(raw: Any) -> int:
    """Years 0 to 89, or 90 for "90+": an exact age above 89 is an identifier and is refused, not capped."""
    if raw == "90+":
        return NINETY_PLUS
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= NINETY_PLUS:
        raise Refused("age-over-89", 'Ages over 89 must be sent as "90+".')
    return whole(raw, 0, NINETY_PLUS - 1)


def month(raw: Any, mode: str, today: date) -> date:
    """The first day of a month written YYYY-MM; in safe-harbor mode only the year is kept, as 1 January."""
    if not isinstance(raw, str):
        raise _wrong_type("a month as YYYY-MM")
    years_only = mode == "safe_harbor"
    if match := _MONTH.match(raw):
        value = date(int(match[1]), 1 if years_only else int(match[2]), 1)
    elif years_only and (match := _YEAR.match(raw)):
        value = date(int(match[1]), 1, 1)
    else:
        raise Refused("not-a-month", "Write the month as YYYY-MM, without a day.")
    if value < EARLIEST or value > today:
        raise Refused("month-out-of-range", f"The month must lie between {EARLIEST:%Y-%m} and the present one.")
    return value


def _several(raw: Any, field: ChoiceList) -> list[str]:
    if not isinstance(raw, list):
        raise _wrong_type("a list")
    words = [word(item, field.words) for item in raw]
    if len(set(words)) != len(words):
        raise Refused("said-twice", "Name each only once.")
    return words


def _numbers(raw: Any) -> list[int]:
    if not isinstance(raw, list):
        raise _wrong_type("a list of part numbers")
    return [whole(item, 1, 20) for item in raw]


def read(field: "models.Field[Any, Any]", raw: Any, *, mode: str, today: date) -> Any:  # noqa: C901, PLR0911 - one line a kind of field
    """The believed value of `raw` for this model field. Raises `Refused` when it is none."""
    match field:
        case Choice():
            return word(raw, field.words)
        case ChoiceList():
            return _several(raw, field)
        case ArrayField():
            return _numbers(raw)
        case WholeNumber():
            return age(raw) if field.name == "age_years" else whole(raw, field.low, field.high)
        case Amount():
            return amount(raw, field.low, field.high, field.decimal_places)
        case Month():
            return month(raw, mode, today)
        case models.BooleanField():
            if not isinstance(raw, bool):
                raise _wrong_type("true or false")
            return raw
        case Pattern():
            value = text(raw, field.max_length)
            if value != raw or not re.match(field.pattern, value, re.ASCII):
                raise Refused("malformed", f"It must look like {field.pattern}.")
            return value
        case _:
            return text(raw, field.max_length)
