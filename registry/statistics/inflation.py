"""Dollars of one year as dollars of another, by the yearly consumer price index; a year that is not in the table is refused.

c_Y = c_y · CPI_Y / CPI_y. The table is `cpi_u_annual.csv` beside this file, which names its series and date.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType

from registry.statistics.cost import decimal_of

TABLE = Path(__file__).with_name("cpi_u_annual.csv")
BASE_YEAR = 2024
"""The last year of the table: amounts of other years are shown in dollars of this one beside their own."""
SOURCE = "BLS CPI-U, US city average, all items, annual averages (CUUR0000SA0), as of January 2025"


@dataclass(frozen=True)
class Converted:
    """US dollars of `base_year`, unrounded (28 digits); None where a year is not in the table, and `reason` says which."""

    amount: Decimal | None
    from_year: int
    base_year: int
    reason: str = ""


@cache
def cpi() -> Mapping[int, Decimal]:
    """Year to index, 1982-84 = 100."""
    with TABLE.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return MappingProxyType({int(row["year"]): Decimal(row["index"]) for row in rows})


def in_dollars_of(
    base_year: int, amount: Decimal, from_year: int, *, table: Mapping[int, Decimal] | None = None
) -> Converted:
    """The amount of `from_year` in dollars of `base_year`. Never extrapolates: a missing year gives None, even to itself."""
    index = cpi() if table is None else table
    missing = [year for year in sorted({from_year, base_year}) if year not in index]
    if missing:
        years = " and ".join(map(str, missing))
        return Converted(None, from_year, base_year, f"the price index of {years} is not in the table")
    exact = Fraction(amount) * Fraction(index[base_year]) / Fraction(index[from_year])
    return Converted(decimal_of(exact), from_year, base_year)
