"""The cells of files that keep numbers, dates and texts apart, as the texts somebody would type."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from registry.intake.sources.table import DATE, FORBIDDEN, FORMULA_ERROR, LONGEST_CELL, SHORTENED, UNKEEPABLE, Record

# Spreadsheets keep 15 digits of a number and make zeros of the rest.
_LONGEST_NUMBER = 10**15


def record_of(row: int, values: Sequence[Any], errors: Collection[int] = ()) -> Record | None:
    """The record these values are; None for an empty row. `errors`: places whose formula gives an error."""
    cells = [value if type(value) is str else text_of(value) for value in values]
    together = "".join(cells)
    if len(together) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
        return Record(row, None, too_long=True)
    odd = {at: what for at, value in enumerate(values) if type(value) in _ODD and (what := _oddity(value))}
    if UNKEEPABLE.search(together):
        odd |= {at: FORBIDDEN for at, cell in enumerate(cells) if UNKEEPABLE.search(cell)}
        cells = ["" if odd.get(at) == FORBIDDEN else cell for at, cell in enumerate(cells)]
    # The reader gives a formula's error as an empty cell; whoever sent it meant to say something.
    odd |= dict.fromkeys(errors, FORMULA_ERROR)
    return Record(row, cells, odd=odd) if odd or together.strip() else None


_ODD = (float, date, datetime)


def _oddity(value: float | date) -> str:
    if isinstance(value, date):
        return DATE
    return SHORTENED if abs(value) >= _LONGEST_NUMBER else ""


def text_of(value: Any) -> str:  # noqa: PLR0911 - one line a kind
    """Whole numbers have no decimals; dates are ISO 8601, without a time where they have none.

    Lengths of time are hours and minutes; None is empty.
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN alone
            return ""
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
        case Decimal():
            return format(value, "f")
        case datetime() if value.time() != time():
            return f"{value + timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        case list():
            return "; ".join(text_of(item) for item in value if item is not None)
        case _:
            return "" if value is None else str(value)
