"""The problem document of RFC 9457, and the sentences that every problem code stands for."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

CONTENT_TYPE = "application/problem+json"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its stable code, the status it answers with, what it means, what to do."""

    code: str
    status: int
    title: str
    fix: str


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a request: where (JSON pointer, parameter, or row and column), and the cure."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    row: int | None = None
    column: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The member of `errors`; places that do not apply are left out, values are never part of it."""
        places = {"pointer": self.pointer, "parameter": self.parameter, "row": self.row, "column": self.column}
        document: dict[str, Any] = {name: place for name, place in places.items() if place is not None}
        return document | {"code": self.code, "detail": self.detail, "see": f"/problems/{self.code}"}


def pointer(path: str) -> str:
    """`prints[1].scale_percent` as the JSON pointer `/prints/1/scale_percent` (RFC 6901)."""
    steps = (number or name for number, name in _STEP.findall(path))
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def place(name: str) -> str:
    """The pointer to a top-level field as it was named; to the whole body for a name that no field could have."""
    return f"/{name}" if _NAME.fullmatch(name) else ""


def request_id(request: HttpRequest) -> str:
    """The id by which this request is known: the caller's `X-Request-ID` if harmless, else a fresh one."""
    known: str | None = getattr(request, "strata_request_id", None)
    if known is None:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        known = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        request.strata_request_id = known  # type: ignore[attr-defined]
    return known


def document(request: HttpRequest, kind: Kind, *, detail: str = "", faults: Iterable[Fault] = ()) -> dict[str, Any]:
    """The problem+json body: RFC 9457 members, the request id, and every fault under `errors`."""
    errors: Sequence[dict[str, Any]] = [fault.as_json() for fault in faults]
    body: dict[str, Any] = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.fix,
        "instance": request.path,
        "request_id": request_id(request),
    }
    if errors:
        body["errors"] = errors
    return body
