"""Which conversion makes the values of a column into what its field takes; where two would, nobody guesses: it is asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from registry.intake import flat, typed, values
from registry.intake.conversions import NUMBERED, WORDS, convert
from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, WholeNumber
from registry.vocabulary import synonyms

ORDER, UNIT, DECIMAL = "order", "unit", "decimal"
"""What only the owner of a file can say: day or month first, hours or minutes, what a comma parts."""
_LENGTH = ("", "millimetres", "centimetres", "inches", "micrometres", "decimal_comma")
_VOLUME = ("", "millilitres", "litres", "cubic_millimetres", "decimal_comma")
_MASS = ("", "grams", "kilograms", "pounds", "ounces", "decimal_comma")
_OF_FIELD: dict[str, tuple[str, ...]] = {
    "local_case_id": ("", "case_id"),
    "age_years": ("", "age"),
    "age_months": ("", "number"),
    "minutes": ("", "minutes", "hours", "days"),
    "print_hours": ("", "number", "minutes", "days", "hours"),
    "slice_mm": _LENGTH,
    "dim_error_mm": _LENGTH,
    "volume_cm3": _VOLUME,
    "mass_g": _MASS,
    "scale_percent": ("", "number", "fraction"),
    "indication_code": ("", "icd"),
    "code": ("", "code"),
    "from": ("", "clock"),
    "to": ("", "clock"),
}
_MONTHS = ("", "month", "month_mdy", "month_dmy")
_ALWAYS = date(2199, 1, 1)
_CLOCK = re.compile(r"\d{1,2}:[0-5]\d(?:\+1)?", re.ASCII)
_AMBIGUOUS_COMMA = re.compile(r"\D?\s?\d{1,3},\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Conversion:
    """The conversion of a column; `asks` what its owner has to choose, then it is none yet."""

    name: str = ""
    asks: str = ""


def fitting(name: str) -> tuple[str, ...]:
    """The conversions that may be chosen for a column of this name, "" first."""
    at = flat.column(name)
    if at is None:
        return ("",)
    field = flat.model_field(at)
    key = "minutes" if at.section == "effort" else at.field
    if key in _OF_FIELD:
        return _OF_FIELD[key]
    return _of_kind(field, key)


def _of_kind(field: "models.Field[Any, Any] | None", key: str) -> tuple[str, ...]:
    match field:
        case Month():
            return _MONTHS
        case Choice() | ChoiceList() if key in synonyms.CHOICES:
            return ("", WORDS + key, NUMBERED + key)
        case models.BooleanField():
            return ("", "yes_no")
        case WholeNumber() | Amount():
            return ("", "number", "decimal_comma")
        case _:
            return ("",)


def understood(name: str, conversion: str, text: str) -> bool:
    """Whether a converted text is one that the field takes, or says nothing."""
    at, said = flat.column(name), convert(conversion, text)
    if at is None or not said:
        return at is not None
    if at.section == "times" and at.field in flat.CLOCK_TIMES:
        return bool(_CLOCK.fullmatch(said))
    field = flat.model_field(at)
    if field is None or (type(field) is Pattern and not field.pattern):
        return True
    value = typed.said(field, said)
    try:
        return value is None or values.read(field, value, mode="limited_data_set", today=_ALWAYS) is not None
    except values.Refused:
        return False


def proposed(name: str, texts: Sequence[str], unit: str = "", *, numbered: bool = False) -> Conversion:
    """The conversion that most of these texts want, with the unit that their header says; `numbered` in a file of raw codes."""
    offered = fitting(name)
    if not texts or len(offered) == 1:
        return Conversion()
    if offered == _MONTHS:
        return _order(name, texts)
    return (
        ("hours" in offered and _length_of_time(name, texts, unit))
        or _of_unit(offered, texts, unit)
        or _best(name, offered, texts, numbered=numbered)
    )


def _of_unit(offered: Sequence[str], texts: Sequence[str], unit: str) -> Conversion | None:
    if unit and unit in offered and unit not in {"millimetres", "millilitres", "grams"}:
        return Conversion(unit)
    if "fraction" in offered and unit != "percent" and _are_shares(texts):
        return Conversion("fraction")
    if "decimal_comma" in offered and all(_AMBIGUOUS_COMMA.fullmatch(text) for text in texts):
        return Conversion(asks=DECIMAL)
    return None


def _best(name: str, offered: Sequence[str], texts: Sequence[str], *, numbered: bool) -> Conversion:
    if (
        numbered
        and offered[-1].startswith(NUMBERED)
        and all(re.fullmatch(r"\d{1,2}", text, re.ASCII) for text in texts)
    ):
        return Conversion(offered[-1])
    fitted = [each for each in offered if not each.startswith(NUMBERED)]
    return Conversion(max(fitted, key=lambda each: sum(understood(name, each, text) for text in texts)))


def share_understood(name: str, conversion: str, texts: Sequence[str]) -> float:
    """The share of these texts that the field takes once they are converted."""
    return sum(understood(name, conversion, text) for text in texts) / len(texts) if texts else 0.0


def _order(name: str, texts: Sequence[str]) -> Conversion:
    """A column has one order only where every day in it can be read so, and could not be read so in the other."""
    days = [text for text in texts if not understood(name, "month", text)]
    if not days:
        return Conversion("" if all(understood(name, "", text) for text in texts) else "month")
    readable = [text for text in days if any(understood(name, order, text) for order in ("month_mdy", "month_dmy"))]
    if not readable:
        return Conversion("month" if len(days) < len(texts) else "")
    fits = [order for order in ("month_mdy", "month_dmy") if all(understood(name, order, text) for text in readable)]
    return Conversion(fits[0]) if len(fits) == 1 else Conversion(asks=ORDER)


def _length_of_time(name: str, texts: Sequence[str], unit: str) -> Conversion | None:
    plain = [text for text in texts if re.fullmatch(r"\d+([.,]\d+)?", text, re.ASCII)]
    of_hours = name.endswith("print_hours")
    if unit in {"days", "minutes", "hours"} and plain:
        if (unit == "hours") == of_hours and all(understood(name, "", text) for text in texts):
            return Conversion()
        return Conversion("number" if of_hours and unit == "hours" else unit)
    numbers = [float(text.replace(",", ".")) for text in plain]
    if of_hours or not numbers:
        return None
    if any(not number.is_integer() for number in numbers) and max(numbers) <= 48:
        return Conversion("hours")
    # "3" may be minutes, and is more likely hours: where all are small, one must be told.
    return Conversion(asks=UNIT) if max(numbers) <= 12 and any(numbers) and not unit else None


def _are_shares(texts: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[0-4](?:\.\d+)?|\d+ ?: ?\d+", text, re.ASCII) for text in texts)
