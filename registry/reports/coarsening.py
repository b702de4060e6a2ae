"""What a field marked `coarse` in a privacy manifest looks like outside: wide enough that it points at nobody."""

from datetime import date
from decimal import Decimal
from typing import Any

from registry.models.case import NINETY_PLUS

AGE_BAND_YEARS = 5
MONTH_BANDS = ((0, 2), (3, 5), (6, 11), (12, 23))
COARSE, WITHHELD = "coarse", "withheld"


def quarter(month: date) -> str:
    """The calendar quarter of a month: 2026-05-01 gives "2026-Q2"."""
    return f"{month.year}-Q{(month.month + 2) // 3}"


def age_band(years: int) -> str:
    """Five-year band of an age in years; 90 stands for everybody above 89."""
    low = years - years % AGE_BAND_YEARS
    return "90+" if years >= NINETY_PLUS else f"{low}-{low + AGE_BAND_YEARS - 1}"


def month_band(months: int) -> str:
    """Band of an age in months, for children below two years."""
    low, high = next(band for band in MONTH_BANDS if months <= band[1])
    return f"{low}-{high}"


def code_chapter(code: str) -> str:
    """The three-character category of a diagnosis code: "C64.1" gives "C64"."""
    return code.partition(".")[0][:3]


def two_figures(amount: Decimal) -> Decimal:
    """An amount of money to two significant figures: 1234.50 gives 1200."""
    return amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1)).quantize(Decimal("0.01")) if amount else amount


def coarse(name: str, value: Any, *, by_year: bool) -> str | Decimal:
    """`value` of the coarse field `name` as it may leave; `by_year` where the deployment keeps years only.

    Raises LookupError for a kind of field nobody has said how to coarsen: better no file than a precise one.
    """
    if isinstance(value, date):
        return str(value.year) if by_year else quarter(value)
    if name == "age_years":
        return age_band(value)
    if name == "age_months":
        return month_band(value)
    if name == "indication_code":
        return code_chapter(value)
    if name == "indication_system":
        return str(value)
    if isinstance(value, Decimal):
        return two_figures(value)
    raise LookupError(f"no way to coarsen {name}")
