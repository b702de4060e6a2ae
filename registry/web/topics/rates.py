"""What tables at several rates share: which rate a row is at, and its amounts in the currency of the row."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.cost import DOLLAR, sign
from registry.statistics.dollar_tables import OWN
from registry.statistics.money import LITERATURE
from registry.statistics.results import NoNumber, Row, Statistic
from registry.web.numbers import money
from registry.web.panels import chosen, label, number

MAIN = "mean"
YEAR = ("net_a_year_low", "net_a_year_high")
LIMITS = {"interval": ("low", "high"), "year_interval": YEAR}
"""Columns of a page that hold an interval, with its limits."""
HEADS = (Column("rate", "An OR minute"), Column("of", "Rates of"), Column("year", "Year"))


def main_row(result: Statistic, known: str) -> Row | None:
    """The row that a figure and a finding speak of: at the mean of the literature, or at the site's own rate where only that has
    the `known` column."""
    order = {(LITERATURE.name, MAIN): 0, (OWN, OWN): 1}
    rows = sorted(
        (row for row in result.rows if (row["scenario"], row["rate"]) in order),
        key=lambda row: (number(row, known) is None, order[str(row["scenario"]), str(row["rate"])]),
    )
    return rows[0] if rows else None


def per_minute(row: Row) -> str:
    """The rate as it is said: "$62", "$37.45", "CAD 40"."""
    return f"{sign(str(row['currency']))}{Decimal(str(row['per_minute'])).normalize():,f}"


def money_of(row: Row) -> str:
    """The currency and the year of the rate: "US dollars of 2019"."""
    currency = str(row["currency"])
    return f"{'US dollars' if currency == DOLLAR else currency} of {row['year']}"


def said(row: Row, name: str) -> str:
    """An amount of the row that exists."""
    return money(number(row, name) or 0, str(row["currency"]))


def between(row: Row, low: str = "low", high: str = "high") -> str:
    """The interval of the row in words; nothing where there is none."""
    if number(row, low) is None or number(row, high) is None:
        return ""
    return f"{said(row, low)} to {said(row, high)}"


def sure(row: Row, amount: float, low: str = "low", high: str = "high") -> str:
    """The interval of a gain or loss in brackets, and whether the other is possible too."""
    least, greatest = number(row, low), number(row, high)
    if least is None or greatest is None:
        return " (no interval)"
    other = "loss" if amount >= 0 else "gain"
    possible = f"; a {other} is possible too" if least < 0 < greatest else ""
    return f" (95% interval {between(row, low, high)}{possible})"


def not_converted(row: Row) -> str:
    """That the two sides of a net are in money of different years."""
    return f"Costs of today are subtracted from minutes at a rate of {row['year']}: neither is converted into the other's year."


def at_rates(result: Statistic, rows: Sequence[Row], columns: Sequence[tuple[str, str]], *, finding: str = "") -> Table:
    """A line for each rate; `columns` are pairs of name and heading, those of LIMITS from low to high.

    A column in which no line has a value is left out: the finding says why.
    """
    table = chosen(result, rows, ("scenario", "data"), finding=finding)
    kept = [(name, heading) for name, heading in columns if any(_has(row, name) for row in rows)]
    heads = (*HEADS, *(Column(name, heading, "money") for name, heading in kept))
    lines = [
        (
            f"{per_minute(row)} {label(result, row, 'rate').lower()}",
            label(result, row, "scenario").rpartition(", ")[2],
            str(row["year"]),
        )
        for row in rows
    ]
    amounts = [tuple(_cell(row, name) for name, _ in kept) for row in rows]
    return replace(
        table,
        columns=(*heads, *table.columns[1:]),
        rows=tuple((*line, *each, *rest[1:]) for line, each, rest in zip(lines, amounts, table.rows, strict=True)),
    )


def _has(row: Row, name: str) -> bool:
    return (
        bool(between(row, *LIMITS[name]))
        if name in LIMITS
        else not isinstance(row[name], NoNumber) or is_none(row[name])
    )


def is_none(value: object) -> bool:
    """Whether there is no such number of prints, which is an answer, where a number that is not known is none."""
    return isinstance(value, NoNumber) and value.reason.startswith("none:")


def _cell(row: Row, name: str) -> Value:
    if name in LIMITS:
        return between(row, *LIMITS[name]) or NotShown("no interval")
    value = row[name]
    if isinstance(value, NoNumber):
        return "none" if is_none(value) else NotShown(value.reason)
    return value if isinstance(value, int) else said(row, name)
