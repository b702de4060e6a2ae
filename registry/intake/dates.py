"""Months as people write days and months in a spreadsheet. The day is dropped here, before anything is kept."""

import re
from datetime import date, timedelta

from registry.intake.clock_times import DayOrder, read_moment

_NAMES = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[ ,/'’-]+((?:19|20)?\d{2})", re.ASCII)
_NAMED_DAY = re.compile(r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? \d{1,2}(?:st|nd|rd|th)?,? ((?:19|20)\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})[ ./-]?(0[1-9]|1[0-2])", re.ASCII)
_YEAR_NAMED = re.compile(r"((?:19|20)\d{2})[ ,/-]+([A-Za-z]{3,9})\.?", re.ASCII)
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[./-]((?:19|20)\d{2})", re.ASCII)
_SERIAL = re.compile(r"([3-6]\d{4})(?:\.\d{1,12})?", re.ASCII)
# Day 0 of a spreadsheet; its days of this century begin at 36526 (2000-01-01).
_DAY_0, _FIRST_SERIAL = date(1899, 12, 30), 36_526


def month(text: str, *, order: DayOrder | None) -> str:
    """YYYY-MM of what is written as a month or a day, numbers in the given order; `text` where it is neither."""
    if found := _YEAR_FIRST.fullmatch(text):
        return f"{found[1]}-{found[2]}"
    if found := _MONTH_FIRST.fullmatch(text):
        return f"{found[2]}-{int(found[1]):02d}"
    if found := _NAMED_DAY.fullmatch(text) or _NAMED_MONTH.fullmatch(text):
        return _named(found[1], found[2]) or text
    if found := _YEAR_NAMED.fullmatch(text):
        return _named(found[2], found[1]) or text
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) >= _FIRST_SERIAL:
        return f"{_DAY_0 + timedelta(days=int(found[1])):%Y-%m}"
    moment = read_moment(text, order=order)
    return f"{moment.day:%Y-%m}" if moment and moment.day else text


def _named(name: str, year: str) -> str:
    number = _NAMES.get(name[:3].casefold())
    return f"{year if len(year) == 4 else f'20{year}'}-{number:02d}" if number else ""
