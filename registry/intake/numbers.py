"""Numbers as people write them in a spreadsheet: currency signs, thousands, decimal commas, units. Pure and total."""

import re
from collections.abc import Mapping
from decimal import Decimal

_MONEY = re.compile(
    r"^(?:US\$|[$€£¥]|USD|EUR|GBP|CHF|CAD|AUD)\s*|\s*(?:[$€£¥%]|USD|EUR|GBP|CHF|CAD|AUD|percent)$", re.IGNORECASE
)
_POINT = re.compile(r"[+-]?(\d{1,12}|\d{1,3}(?:[,' \u00a0]\d{3}){1,3})?(\.\d{1,12})?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d{1,12}|\d{1,3}(?:[.' \u00a0]\d{3}){1,3})?(,\d{1,12})?", re.ASCII)
_WITH_UNIT = re.compile(r"(.*?\d)\s*([^\W\d_]+[³3]?|\"|″|''|μm|µm)\.?", re.IGNORECASE)

_LENGTH = {"mm": "1", "millimetres": "1", "millimeters": "1", "cm": "10", "in": "25.4", "inch": "25.4", "inches": "25.4",
           '"': "25.4", "″": "25.4", "''": "25.4", "um": "0.001", "µm": "0.001", "μm": "0.001", "micron": "0.001",
           "microns": "0.001"}  # fmt: skip
_VOLUME = {"ml": "1", "cc": "1", "ccm": "1", "cm3": "1", "cm³": "1", "l": "1000", "litre": "1000", "liter": "1000",
           "litres": "1000", "liters": "1000", "mm3": "0.001", "mm³": "0.001", "in3": "16.387064", "in³": "16.387064"}  # fmt: skip
_MASS = {"g": "1", "gm": "1", "gr": "1", "gram": "1", "grams": "1", "kg": "1000", "kilograms": "1000", "mg": "0.001",
         "lb": "453.59237", "lbs": "453.59237", "pound": "453.59237", "pounds": "453.59237", "oz": "28.349523"}  # fmt: skip
UNITS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "millimetres": (_LENGTH, "mm"),
    "centimetres": (_LENGTH, "cm"),
    "inches": (_LENGTH, "in"),
    "micrometres": (_LENGTH, "um"),
    "millilitres": (_VOLUME, "ml"),
    "litres": (_VOLUME, "l"),
    "cubic_millimetres": (_VOLUME, "mm3"),
    "grams": (_MASS, "g"),
    "kilograms": (_MASS, "kg"),
    "pounds": (_MASS, "lb"),
    "ounces": (_MASS, "oz"),
}
"""Conversion to the factors of every unit of its dimension, by our own unit, and the unit of a bare number."""


def amount(text: str, *, comma: bool = False) -> Decimal | None:
    """The number, without currency or percent sign and thousands; with `comma`, commas part decimals. None where it is none."""
    bare = _MONEY.sub("", _MONEY.sub("", text.strip()))
    if not comma and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d{1,2}", bare, re.ASCII):
        comma = True  # 1.234,50 can be read in one way only
    if not comma and re.fullmatch(r"[+-]?\d{1,12},(\d{1,2}|\d{4,12})", bare, re.ASCII):
        comma = True  # what does not part thousands parts decimals
    if comma and re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,2}|\.\d{4,12})", bare, re.ASCII):
        comma = False
    if not re.search(r"\d", bare, re.ASCII) or not (_COMMA if comma else _POINT).fullmatch(bare):
        return None
    plain = re.sub(r"[.' \u00a0]" if comma else r"[,' \u00a0]", "", bare)
    return Decimal(plain.replace(",", ".")) + 0  # a zero below zero is zero


def scaled(conversion: str, text: str) -> str:
    """The number in our own unit, to the thousandth; a unit written beside it counts, a bare one is of the conversion."""
    factors, usual = UNITS[conversion]
    found = _WITH_UNIT.fullmatch(text.strip())
    unit = found[2].casefold() if found else usual
    value = amount(found[1] if found else text) if unit in factors else None
    return written(round(value * Decimal(factors[unit]), 3) if value is not None else None, text)


def written(value: Decimal | None, text: str) -> str:
    """The number in digits; `text` where there is none, or one longer than any that is meant."""
    if value is None or abs(value) >= 10**12:
        return text
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
