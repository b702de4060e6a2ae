"""An OR time as it is sent here: minutes of one clock, or two moments that become minutes and are dropped.

The names of the moments are those of the AACD Procedural Times Glossary, as adopted by ASA, AORN and ACS.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from api.problems import Fault

# clock → the moments between which it runs
CLOCKS = {
    "in_room": ("patient_in_room", "patient_out_of_room"),
    "incision_closure": ("procedure_start", "procedure_end"),
    "anaesthesia": ("anesthesia_start", "anesthesia_end"),
}
CODES = tuple(code for pair in CLOCKS.values() for code in pair)
MAX_EVENTS = 20
MAX_FAULTS = 200
# RFC 3339, section 5.6; the seconds may be left out, for a log has none.
_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_OF_TIME = re.compile(r"/procedure/times(?:/\d+(/.*)?)?")
_DIRECT = ("clock", "minutes", "source", "confirmed")
_FROM_EVENTS = ("events", "source")
_ABOUT_PROCEDURE = ("performed_month", "category", "procedure_code_system", "procedure_code")


def read_times(body: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """(report for `record_procedure`, faults): `{"procedure": {"times": […], …}}`, judged by the registry's own rules.

    Minutes are between the moments, halves up. Without `performed_month`, the month of the first moment, as it
    was at the place of the operation, is the month of the procedure.
    """
    strangers = (name for name in body if name not in (*_DIRECT, *_FROM_EVENTS, *_ABOUT_PROCEDURE))
    faults = [
        Fault("unknown-field", "Send clock, minutes and source, or events and source.", pointer=f"/{name}")
        for name in islice(strangers, MAX_FAULTS)
    ]
    procedure = {name: body[name] for name in _ABOUT_PROCEDURE if name in body}
    if "events" not in body:
        procedure["times"] = [{name: body[name] for name in _DIRECT if name in body}]
        return {"procedure": procedure}, faults
    faults += [
        Fault("unknown-field", "Send minutes or events, not both.", pointer=f"/{name}")
        for name in ("clock", "minutes")
        if name in body
    ]
    moments, wrong = read_moments(body["events"], CODES, place="/events")
    faults += wrong
    if not wrong:
        faults += _pair_faults(moments)
    if faults:
        return {}, faults
    extra = {name: body[name] for name in ("source", "confirmed") if name in body}
    procedure["times"] = [
        {"clock": clock, "minutes": _minutes(moments[start], moments[end]), **extra}
        for clock, (start, end) in CLOCKS.items()
        if start in moments
    ]
    procedure.setdefault("performed_month", min(moments.values()).strftime("%Y-%m"))
    return {"procedure": procedure}, []


def place_in_request(pointer: str, body: dict[str, Any]) -> str:
    """The pointer into the request's body for a pointer into the report that `read_times` made of it."""
    of_time = _OF_TIME.fullmatch(pointer)
    if of_time is None:
        return pointer.removeprefix("/procedure")
    place = of_time.group(1) or ""
    # Of a time made from events only the source was sent as such; minutes and clock came from the events.
    return place if "events" not in body or place == "/source" else "/events"


def _minutes(start: datetime, end: datetime) -> int:
    return (int((end - start).total_seconds()) + 30) // 60


def read_moments(events: Any, codes: Collection[str], *, place: str) -> tuple[dict[str, datetime], list[Fault]]:
    """(moment by the code of its event, faults): a list of events that stands at `place`, of these codes."""
    if not isinstance(events, list) or not events:
        return {}, [Fault("wrong-type", "Send a list of at least two events.", pointer=place)]
    if len(events) > MAX_EVENTS:
        return {}, [Fault("too-many", f"Send at most {MAX_EVENTS} events.", pointer=place)]
    moments: dict[str, datetime] = {}
    faults: list[Fault] = []
    for index, event in enumerate(events):
        at_event = f"{place}/{index}"
        found = list(_event_faults(event, codes, at_event))
        if not found and event["code"] in moments:
            found = [Fault("event-twice", "This event is already in the list.", pointer=f"{at_event}/code")]
        faults += found
        if not found and (at := _moment(event["at"])) is not None:
            moments[event["code"]] = at
    return moments, faults


def _event_faults(event: Any, codes: Collection[str], place: str) -> Iterator[Fault]:
    if not isinstance(event, dict):
        yield Fault("wrong-type", 'Send {"code": …, "at": …}.', pointer=place)
        return
    for name in islice((name for name in event if name not in ("code", "at")), MAX_FAULTS):
        yield Fault("unknown-field", "An event has a code and a time, at.", pointer=f"{place}/{name}")
    if event.get("code") not in codes:
        yield Fault("not-a-choice", f"Send one of {', '.join(codes)}.", pointer=f"{place}/code")
    if _moment(event.get("at")) is None:
        yield Fault("bad-time", "Send an RFC 3339 time with its offset: 2026-03-02T08:14-05:00.", pointer=f"{place}/at")


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str) or not _RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _pair_faults(moments: dict[str, datetime]) -> Iterator[Fault]:
    for start, end in CLOCKS.values():
        if (start in moments) != (end in moments):
            missing = end if start in moments else start
            yield Fault("event-alone", f"{missing} is missing: an interval has both ends.", pointer="/events")
        elif start in moments and moments[end] <= moments[start]:
            yield Fault("end-before-start", f"{end} is not after {start}. Check day and offset.", pointer="/events")
