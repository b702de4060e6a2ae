"""Rows as JSON. A case goes out in the shape in which it comes in, so that what was read can be sent back unchanged."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from registry.intake.restate import PREFETCH, report_of
from registry.models import Baseline, Case, Export, Material, Printer, Upload


def with_children(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that belongs to them, in a number of queries that does not grow with the cases."""
    return cases.prefetch_related(*PREFETCH)


def case(row: Case) -> dict[str, Any]:
    """A case as its report says it, and under `registry` what the registry adds. Needs `with_children`."""
    added = {
        "id": row.public_id,
        "state": row.state,
        "revision": row.revision,
        "submitted_at": plain(row.submitted_at),
        "changed_at": plain(row.changed_at),
    }
    return {**report_of(row), "registry": added}


def plain(value: Any) -> Any:
    """A stored value as JSON says it: moments in RFC 3339, UTC, to the second; months as `2026-03`; decimals as numbers."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def printer(row: Printer) -> dict[str, Any]:
    """A printer of the site; `label` is the name that a case's prints use."""
    names = ("label", "manufacturer", "model", "process", "active")
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}}


def material(row: Material) -> dict[str, Any]:
    """A material of the site; `name` is what a case's prints call it."""
    return {name: getattr(row, name) for name in ("name", "material_class", "biocompatible")}


def baseline(row: Baseline) -> dict[str, Any]:
    """A baseline in force: minutes without a print, months of its period; what was not given is left out."""
    names = (
        "category",
        "clock",
        "kind",
        "n",
        "mean",
        "sd",
        "median",
        "period_start",
        "period_end",
        "citation",
        "version",
    )
    values = {name: plain(getattr(row, name)) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "")}


def upload(row: Upload) -> dict[str, Any]:
    """The state of an upload: rows read and in all, what became of them, problems by row and column."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "state": row.state,
        "progress": {"done": row.cursor, "total": row.rows_total},
        "counts": row.counts,
        "problems": row.problems,
        "sha256": row.sha256,
        "size_bytes": row.size_bytes,
        "attempts": row.attempts,
        "last_error": row.last_error,
        "created_at": plain(row.created_at),
        "finished_at": plain(row.finished_at),
    }


def export(row: Export) -> dict[str, Any]:
    """The state of an export, and the address of its file while there is one."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "format": row.format,
        "state": row.state,
        "progress": {"done": row.rows_done, "total": row.rows_total},
        "row_count": row.row_count,
        "sha256": row.sha256 or None,
        "file": f"/api/v1/exports/{row.public_id}/file" if row.file else None,
        "expires_at": plain(row.expires_at),
        "attempts": row.attempts,
        "last_error": row.last_error,
        "created_at": plain(row.created_at),
        "finished_at": plain(row.finished_at),
    }
