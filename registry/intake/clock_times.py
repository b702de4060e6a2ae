"""Clock times as OR systems write them. They live only until they are a number of minutes."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

DayOrder = Literal["mdy", "dmy"]

# Longer than any moment is written; keeps the patterns below from long work on a hostile cell.
_LONGEST = 40
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100
# The offsets of the world, in minutes: from UTC-12 to UTC+14.
_WESTERNMOST, _EASTERNMOST = -12 * 60, 14 * 60
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_ZONE = r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2}(?!\d))?"
_NUMBERS = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}})(?:,?[ T]+{_TIME})?$", re.ASCII
)
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})(?:[-/](?P<day>\d{{1,2}}))?(?:[ T]+{_TIME}{_ZONE})?$", re.ASCII
)
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[- ](?P<name>[A-Za-z]{{3}})[a-z]*[- ](?P<year>\d{{4}}|\d{{2}})(?:,?[ T]+{_TIME})?$", re.ASCII
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[ T]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?$",
    re.ASCII,
)
_CLOCK = re.compile(rf"{_TIME}$", re.ASCII)
_CLOCK_DIGITS = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as written: day (None when only a clock time was), time of day (None when only a day was), UTC offset in minutes.

    `whole_month`: only a month was written, and the day is its first.
    """

    day: date | None
    clock: timedelta | None
    offset: int | None = None
    whole_month: bool = False

    def at(self, day: date | None) -> datetime | None:
        """The moment on its own day, else on `day`; None without a day or a clock time."""
        own = self.day or day
        if own is None or self.clock is None:
            return None
        # The hospital's own clock, in no zone but its own: only differences are taken of it.
        return datetime(own.year, own.month, own.day) + self.clock  # noqa: DTZ001


def orders_that_fit(text: str) -> frozenset[DayOrder] | None:
    """Which of month-first and day-first a written date may be; None when it is written so that the question does not arise."""
    found = _NUMBERS.match(text)
    if found is None:
        return None
    a, b = int(found["a"]), int(found["b"])
    orders: set[DayOrder] = set()
    if a <= 12 and b <= 31:
        orders.add("mdy")
    if b <= 12 and a <= 31:
        orders.add("dmy")
    # Dots are the European way of writing: 03.01.2022 is the third of January.
    if len(orders) == 2 and found["mark"] == ".":
        return frozenset({"dmy"})
    return frozenset(orders)


def read_moment(text: str, *, order: DayOrder | None) -> Moment | None:
    """The moment that `text` says, numbers in the given order; None when it says none, or one outside 1990 to 2100."""
    if len(text) > _LONGEST:
        return None
    if found := _NUMBERS.match(text):
        return _ordered(found, order)
    if found := _ISO.match(text) or _COMPACT.match(text):
        return _moment(found, int(found["month"]), int(found["day"] or 1))
    if found := _NAMED.match(text):
        return _moment(found, _MONTHS.get(found["name"].lower(), 0), int(found["day"]))
    found = _CLOCK.match(text) or _CLOCK_DIGITS.match(text)
    clock = found and _clock(found)
    return None if clock is None else Moment(None, clock)


def _ordered(found: re.Match[str], order: DayOrder | None) -> Moment | None:
    if order is None:
        return None
    month, day = (found["a"], found["b"]) if order == "mdy" else (found["b"], found["a"])
    return _moment(found, int(month), int(day))


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from start to end, halves rounded up; negative when end is before start."""
    return (int((end - start).total_seconds()) + 30) // 60


def _moment(found: re.Match[str], month: int, day: int) -> Moment | None:
    parts = found.groupdict()
    year = int(found["year"])
    try:
        on = date(year + 2000 if len(found["year"]) == 2 else year, month, day)
    except ValueError:
        return None
    if not _EARLIEST_YEAR <= on.year <= _LATEST_YEAR:
        return None
    whole_month = "day" in parts and parts["day"] is None
    if parts.get("hour") is None:
        return Moment(on, None, whole_month=whole_month)
    zone = parts.get("zone")
    clock, offset = _clock(found), _offset(zone) if zone else None
    return None if clock is None or (zone and offset is None) else Moment(on, clock, offset, whole_month)


def _clock(found: re.Match[str]) -> timedelta | None:
    parts = found.groupdict()
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(parts.get("second") or 0)
    half = (parts.get("half") or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _offset(zone: str) -> int | None:
    """Minutes ahead of UTC; None for an offset that no place has."""
    if zone in "Zz":
        return 0
    minutes = int(zone[-2:])
    offset = (-1 if zone[0] == "-" else 1) * (int(zone[1:3]) * 60 + minutes)
    return offset if minutes <= 59 and _WESTERNMOST <= offset <= _EASTERNMOST else None
