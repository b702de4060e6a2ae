"""Who changed what of a case, when, through which door and why: audit events joined to the rows as they were before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q

from registry.models import AuditEvent, Case, Procedure, RowHistory, UploadRow
from registry.vocabulary.fields import FIELDS, label
from registry.vocabulary.workflow import Channel, RowOutcome
from registry.web.described import in_words

# Table -> section of a report whose words its columns have.
SECTION_OF = {
    "registry_case": "case",
    "registry_imagingsource": "imaging",
    "registry_anatomicpart": "parts",
    "registry_guide": "guides",
    "registry_print": "prints",
    "registry_effort": "effort",
    "registry_appliedcode": "codes",
    "registry_procedure": "procedure",
    "registry_proceduretime": "times",
    "registry_userassessment": "assessments",
}
ONE = {
    "case": "",
    "imaging": "image source",
    "parts": "part",
    "guides": "guide",
    "prints": "print",
    "effort": "effort",
    "codes": "code",
    "procedure": "procedure",
    "times": "OR time",
    "assessments": "assessment",
}
ACTS = {
    "case.submit": "Submitted",
    "case.amend": "Amended",
    "case.withdraw": "Withdrawn",
    "case.take_over": "Took over the time of a control",
    "case.submit_batch": "Sent in a file",
    "or_log.read": "Read from an OR log",
}
SHOWN = 20
NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One field of one row: what it said before, and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One act: when, by whom, through which door, why, and what changed by it."""

    at: datetime
    act: str
    actor: str
    via: str
    reason: str
    changes: list[Change] = field(default_factory=list)


def history_of(case: Case) -> list[Entry]:
    """The acts on this case, newest first. Six queries, whatever their number."""
    images = list(_images(case))
    by_act: dict[int, list[RowHistory]] = defaultdict(list)
    for image in images:
        by_act[image.txid].append(image)
    own = Q(object_type="case", object_id=str(case.pk))
    events = AuditEvent.objects.filter(own | Q(txid__in=list(by_act)), site_id=case.site_id).order_by("-seq")
    after = _after(case, images)
    seen: set[int] = set()
    entries = []
    for event in events:
        if (event.object_type == "case" and event.object_id != str(case.pk)) or event.txid in seen:
            continue
        changes = _changes(by_act.get(event.txid, []), after)
        seen.add(event.txid)
        said = ACTS.get(event.act, event.act.replace("_", " ").replace(".", " "))
        entries.append(Entry(event.at, said, event.actor, str(Channel(event.via).label), event.reason, changes))
    return [*entries, *_came(case)]


def _came(case: Case) -> list[Entry]:
    """How a case came that stood on a row of a file: an insert leaves no image, but the row of the file knows."""
    rows = UploadRow.objects.filter(case_id=case.pk, outcome=RowOutcome.CREATED).select_related("upload")
    return [
        Entry(
            case.submitted_at,
            f"{ACTS['case.submit']}, row {row.row_number:,} of a file",
            row.upload.created_by_label,
            str(row.upload.get_kind_display()),
            "",
        )
        for row in rows
    ]


def _images(case: Case) -> Iterable[RowHistory]:
    """Before-images of the case and of all rows it has or had."""
    ids = {"procedure_id": list(Procedure.objects.filter(case_id=case.pk).values_list("pk", flat=True))}
    of_parts = Q(before__case_id=case.pk)
    rows = RowHistory.objects.filter(site_id=case.site_id, table_name__in=SECTION_OF)
    own = Q(table_name="registry_case", row_id=case.pk)
    times = Q(table_name="registry_proceduretime", before__procedure_id__in=ids["procedure_id"])
    return rows.filter(own | of_parts | times).order_by("id")


def _after(case: Case, images: list[RowHistory]) -> dict[int, dict[str, Any] | None]:
    """What each imaged row said after the change: the next image of the row, else the row as it is now, else nothing."""
    found: dict[int, dict[str, Any] | None] = {}
    last: dict[tuple[str, int], RowHistory] = {}
    for image in images:
        key = (image.table_name, image.row_id)
        if key in last:
            found[last[key].pk] = image.before
        last[key] = image
    for (table, row_id), image in last.items():
        found[image.pk] = None if image.operation == "DELETE" else _now(case, table, row_id)
    return found


def _now(case: Case, table: str, row_id: int) -> dict[str, Any] | None:
    """The row as it is, read off the case that was fetched with all its rows."""
    for row in _rows(case, table):
        if row.pk == row_id:
            return {column.column: getattr(row, column.attname) for column in row._meta.concrete_fields}
    return None


def _rows(case: Case, table: str) -> list[Any]:
    procedure = getattr(case, "procedure", None)
    if table == "registry_case":
        return [case]
    if table == "registry_procedure":
        return [procedure] if procedure else []
    if table == "registry_proceduretime":
        return list(procedure.times.all()) if procedure else []
    model = apps.get_model("registry", table.removeprefix("registry_"))
    related = next(each for each in Case._meta.related_objects if each.related_model is model)
    return list(getattr(case, str(related.get_accessor_name())).all())


def _changes(images: list[RowHistory], after: dict[int, dict[str, Any] | None]) -> list[Change]:
    found: list[Change] = []
    for image in images:
        section = SECTION_OF[image.table_name]
        row = f"{ONE[section]} {image.before.get('number') or ''}".strip()
        then = after.get(image.pk)
        for name in FIELDS[section]:
            if name not in image.before:
                continue
            before, now = image.before[name], (then or {}).get(name)
            if (then is None and section != "case") or _plain(before) != _plain(now):
                if before in (None, "", []) and now in (None, "", []):
                    continue
                what = " ".join(
                    part for part in (row, str(label(section, name)).lower() if row else label(section, name)) if part
                )
                found.append(Change(what, _said(section, name, before), _said(section, name, now)))
    return found


def _plain(value: Any) -> str:
    return "" if value in (None, "", []) else str(value)


def _said(section: str, name: str, value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    if name.endswith("_month"):
        return str(value)[:7]
    return in_words(section, name, value)
