"""An extract of an OR log as events in JSON, made the table that the OR log's reader reads: one line an operation.

An operation is `{"or_log_number" or "site_case_id": …, "events": [{"code", "at"}, …]}`, the events named as in `api.or_times`.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from api.errors import ApiProblem
from api.or_times import CLOCKS, MAX_FAULTS, read_moments
from api.parsers import read_json
from api.problems import Fault
from registry.vocabulary.procedures import TimeSource

MAX_BYTES = 10_000_000
MAX_OPERATIONS = 20_000
MOMENTS = (*CLOCKS["in_room"], *CLOCKS["incision_closure"])
KNOWN_BY = ("or_log_number", "site_case_id")
ABOUT = ("procedure_code", "service")
_NAMES = (*KNOWN_BY, "events", "source", *ABOUT)
HEADER = (*KNOWN_BY, *MOMENTS, *ABOUT)


def read_list(body: bytes) -> bytes:
    """The table of a JSON list of operations; raises ApiProblem with every place that is wrong."""
    return _table(read_json(body))


def read_lines(body: bytes) -> bytes:
    """The table of operations one a line (NDJSON); raises ApiProblem with every place that is wrong."""
    if len(body) > MAX_BYTES:
        raise ApiProblem("body-too-large", f"A body may have {MAX_BYTES:,} bytes. Send the log as CSV.")
    if not body.strip():
        raise ApiProblem("empty-body")
    return _table([read_json(line) for line in body.splitlines() if line.strip()])


def _table(operations: Any) -> bytes:
    """As CSV. A problem of its row 2 is one of the first operation, since a header comes first."""
    if not isinstance(operations, list) or not operations:
        raise ApiProblem("invalid-report", faults=[Fault("wrong-type", "Send a list of operations.", pointer="")])
    if len(operations) > MAX_OPERATIONS:
        detail = f"Send at most {MAX_OPERATIONS:,} operations, or the log as CSV."
        raise ApiProblem("invalid-report", faults=[Fault("too-many", detail, pointer="")])
    out, faults = io.StringIO(), list[Fault]()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for index, operation in enumerate(operations):
        moments, wrong = _moments(operation, f"/{index}")
        faults += wrong
        if len(faults) >= MAX_FAULTS:
            break
        if not wrong:
            writer.writerow([moments[name] if name in MOMENTS else str(operation.get(name, "")) for name in HEADER])
    if faults:
        raise ApiProblem("invalid-report", faults=faults[:MAX_FAULTS])
    return out.getvalue().encode()


def _moments(operation: Any, place: str) -> tuple[dict[str, str], list[Fault]]:
    """By its code, when each event was, "" where it was not told."""
    if not isinstance(operation, dict):
        return {}, [Fault("wrong-type", "Send an object with a number or an id, and events.", pointer=place)]
    faults = [*_faults(operation, place)]
    found, wrong = read_moments(operation.get("events"), MOMENTS, place=f"{place}/events")
    return {name: found[name].isoformat() if name in found else "" for name in MOMENTS}, [*faults, *wrong]


def _faults(operation: dict[str, Any], place: str) -> Iterator[Fault]:
    for name in islice((name for name in operation if name not in _NAMES), MAX_FAULTS):
        yield Fault("unknown-field", f"Send {_listed(_NAMES)}.", pointer=f"{place}/{name}")
    for name in (*KNOWN_BY, *ABOUT):
        said = operation.get(name, "")
        if isinstance(said, bool) or not isinstance(said, str | int):
            yield Fault("wrong-type", "Send text.", pointer=f"{place}/{name}")
    if not any(operation.get(name) for name in KNOWN_BY):
        yield Fault("required", f"Send {_listed(KNOWN_BY)}.", pointer=f"{place}/{KNOWN_BY[0]}")
    if operation.get("source", TimeSource.OR_LOG) != TimeSource.OR_LOG:
        detail = f"Send {TimeSource.OR_LOG.value}, or leave it out. Times of another source go to a case's or-times."
        yield Fault("not-a-choice", detail, pointer=f"{place}/source")


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
