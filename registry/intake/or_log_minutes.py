"""The minutes of one row of an OR log: its clock times on one time line, and what is wrong with them."""

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from registry.errors import InvalidReport, Problem, Severity
from registry.intake.clock_times import Moment, minutes_between
from registry.intake.or_log_options import MOMENTS, NAMES

if TYPE_CHECKING:
    from registry.intake.or_log import Log

SHORTEST, LONGEST = 5, 1440
_DAY = timedelta(days=1)


def minutes_of(
    log: "Log", row: int, cells: list[str], moments: dict[str, Moment | None], day: date
) -> tuple[dict[str, int], list[Problem]]:
    """Minutes by clock, with warnings; raises InvalidReport for a row that has none or contradicts itself."""
    if "minutes" in log.columns.at:
        said = _whole_minutes(log, row, cells)
        _in_range(log, row, "minutes", said)
        return {"in_room": said}, []
    events = _events(log, row, moments, day)
    times: dict[str, int] = {}
    warnings: list[Problem] = []
    if (in_room := _between(log, row, events, moments, ("wheels_in", "wheels_out"))) is not None:
        _in_range(log, row, "wheels_out", in_room)
        times["in_room"] = in_room
    if (cut := _between(log, row, events, moments, ("incision", "closure"))) is not None:
        _inside_the_room(log, row, events)
        if times and not SHORTEST <= cut <= LONGEST:
            warnings += wrong(
                log, row, "closure", "left-out-minutes", _RANGE + " They were left out.", severity="warning"
            ).problems
        else:
            _in_range(log, row, "closure", cut)
            times["incision_closure"] = cut
    if not times:
        raise wrong(
            log,
            row,
            "wheels_in",
            "no-times",
            "The row has no times, so there is nothing to read: a cancelled operation?",
        )
    return times, warnings


def _events(log: "Log", row: int, moments: dict[str, Moment | None], day: date) -> dict[str, datetime]:
    """Every clock time of the row on one time line; with `next_day`, those before the first lie on the day after.

    A time that says its own day stays there.
    """
    events: dict[str, datetime] = {}
    zoned = {moment.offset is not None for role, moment in moments.items() if moment and role != "date"}
    if len(zoned) == 2:
        raise wrong(
            log, row, "wheels_in", "mixed-time-zones", "Some times of the row say their time zone and some do not."
        )
    for role in MOMENTS[1:]:
        moment = moments.get(role)
        if moment and (at := moment.at(day)) is not None:
            events[role] = at - timedelta(minutes=moment.offset or 0)
    if log.options.next_day and events:
        first = next(iter(events.values()))
        early = [role for role, at in events.items() if at < first and _without_day(moments, role)]
        events |= {role: events[role] + _DAY for role in early}
    return events


def _without_day(moments: dict[str, Moment | None], role: str) -> bool:
    moment = moments.get(role)
    return moment is not None and moment.day is None


def _between(
    log: "Log", row: int, events: dict[str, datetime], moments: dict[str, Moment | None], ends: tuple[str, str]
) -> int | None:
    start, end = ends
    if start not in events and end not in events:
        return None
    if start not in events or end not in events:
        missing = end if start in events else start
        raise wrong(log, row, missing, "time-missing", f"One of {NAMES[start]} and {NAMES[end]} is missing.")
    minutes = minutes_between(events[start], events[end])
    if minutes < 0:
        message = f"{NAMES[end].capitalize()} is before {NAMES[start]}. Correct the times in the log."
        if not _without_day(moments, end):
            raise wrong(log, row, end, "end-before-start", message)
        raise wrong(log, row, end, "out-before-in", message + " If the operation ran past midnight, say next_day.")
    return minutes


def _inside_the_room(log: "Log", row: int, events: dict[str, datetime]) -> None:
    if (
        "wheels_in" in events
        and not events["wheels_in"] <= events["incision"] <= events["closure"] <= events["wheels_out"]
    ):
        message = "Incision and closure do not lie between wheels in and wheels out. Correct the times in the log."
        raise wrong(log, row, "incision", "outside-the-room", message)


def _whole_minutes(log: "Log", row: int, cells: list[str]) -> int:
    text = cells[log.columns.at["minutes"]].strip()
    if not re.fullmatch(r"\d{1,6}([.,]0+)?", text, re.ASCII):
        raise wrong(log, row, "minutes", "unreadable-minutes", "This is not a whole number of minutes.")
    return int(re.split(r"[.,]", text)[0])


_RANGE = f"The minutes are not between {SHORTEST} and {LONGEST:,}."


def _in_range(log: "Log", row: int, role: str, minutes: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise wrong(log, row, role, "minutes-out-of-range", _RANGE + " Correct the times in the log.")


def wrong(log: "Log", row: int, role: str, code: str, message: str, severity: Severity = "error") -> InvalidReport:
    """What refuses one row, at the column of a role."""
    return InvalidReport(
        [Problem(code=code, path="", message=message, severity=severity, row=row, column=log.columns.names.get(role))]
    )
