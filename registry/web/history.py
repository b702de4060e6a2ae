"""Who changed what of a case, when, through which door and why: audit events joined to the rows as they were before and are now.

A changed or deleted row left an image with the transaction of its act. An added row leaves none (docs/adr/0004); the event of its
act was written by the same (sub)transaction, which PostgreSQL keeps with either as `xmin`, and the first image of a row as `written_by`.
After a restored backup no two rows share one, and what was added before it is then not told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from registry.models import AuditEvent, Case, Print, PrintMaterial, Procedure, ProcedureTime, RowHistory, UploadRow
from registry.vocabulary.workflow import Channel, RowOutcome, UploadKind
from registry.web.changes import SECTION_OF, Change, Names, changes

ACTS = {
    "case.submit": "Submitted",
    "case.amend": "Amended",
    "case.withdraw": "Withdrawn",
    "case.reinstate": "Reinstated",
    "case.take_over": "Took over the time of a control",
    "case.submit_batch": "Sent in a file",
    "or_log.read": "Read from an OR log",
    "upload.undo": "Taken back with its upload",
}
SHOWN = 20
FIRST = ("case.submit", "case.submit_batch", "or_log.read")
"""Acts that may bring a case. All of it is new by them, which needs no telling."""
BATCHES = ("submission", "upload")
"""An act on many cases is one event, on the submission or the file they came in."""
Key = tuple[str, int]


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
    """The acts on this case, newest first; expects `PREFETCH` on its queryset. Nine queries, whatever the number of acts and rows."""
    now = _rows(case)
    images = _images(case, now)
    written = _written_by(case)
    wrote = {image.written_by for image in images if image.written_by is not None}
    events = _events(case, {image.txid for image in images}, wrote | set(written.values()))
    told = _updates(images, now, events) + _additions(images, now, written, events)
    numbers = {row_id: row["number"] for (table, row_id), row in now.items() if table == "registry_print"}
    numbers |= {image.row_id: image.before["number"] for image in images if image.table_name == "registry_print"}
    names = Names.of(case.site, numbers)
    by_event: dict[int, list[Change]] = defaultdict(list)
    for event, table, before, after in told:
        by_event[event] += changes(table, before, after, names)
    entries = [_entry(event, by_event[event.pk]) for event in events]
    if came := _came(case):
        entries = [came, *(entries[1:] if events and events[0].object_type in BATCHES else entries)]
    return entries[::-1]


def _came(case: Case) -> Entry | None:
    """How a case came that stood in a row of a file, whatever became of the events; None for all others."""
    rows = UploadRow.objects.filter(site_id=case.site_id, case_id=case.pk, outcome=RowOutcome.CREATED)
    row = rows.select_related("upload").order_by("id").first()
    if row is None:
        return None
    via = Channel.OR_LOG if row.upload.kind == UploadKind.OR_LOG else Channel.FILE
    act = f"Submitted, row {row.row_number:,} of a file"
    return Entry(case.submitted_at, act, row.upload.created_by_label, str(via.label), "")


def _entry(event: AuditEvent, found: list[Change]) -> Entry:
    said = ACTS.get(event.act, event.act.replace("_", " ").replace(".", " ").capitalize())
    return Entry(event.at, said, event.actor, str(Channel(event.via).label), event.reason, found)


def _rows(case: Case) -> dict[Key, dict[str, Any]]:
    """Every row of the case as it is now, read off the case that was fetched with all of them."""
    found: list[models.Model] = [case, *(row for name in _lists() for row in getattr(case, name).all())]
    found += [used for row in case.prints.all() for used in row.materials.all()]
    procedure = getattr(case, "procedure", None)
    if procedure is not None:
        found += [procedure, *procedure.times.all()]
    return {(str(row._meta.db_table), row.pk): _columns(row) for row in found}


def _lists() -> list[str]:
    found = [each for each in Case._meta.related_objects if each.one_to_many]
    return [str(each.get_accessor_name()) for each in found if each.related_model._meta.db_table in SECTION_OF]


def _columns(row: models.Model) -> dict[str, Any]:
    return {str(column.column): getattr(row, column.attname) for column in row._meta.concrete_fields}


def _images(case: Case, now: Iterable[Key]) -> list[RowHistory]:
    """Before-images of the case and of all rows it has or had, oldest first."""
    kept = RowHistory.objects.filter(site_id=case.site_id)
    own = Q(table_name="registry_case", row_id=case.pk) | Q(before__case_id=case.pk)
    images = list(kept.filter(own, table_name__in=SECTION_OF))
    every = {*now, *((image.table_name, image.row_id) for image in images)}

    def of(parent: type[models.Model], child: type[models.Model], column: str) -> Q:
        ids = [row_id for table, row_id in every if table == parent._meta.db_table]
        return Q(table_name=child._meta.db_table, **{f"before__{column}__in": ids})

    deeper = of(Procedure, ProcedureTime, "procedure_id") | of(Print, PrintMaterial, "print_id")
    return sorted([*images, *kept.filter(deeper)], key=lambda image: image.pk)


def _written_by(case: Case) -> dict[Key, int]:
    """Which (sub)transaction wrote each row of the case as it stands, and the lines of files that it came in."""
    tables = [table for table in SECTION_OF if table not in ("registry_case", "registry_proceduretime")]
    parts = [
        f"SELECT '{table}', id, xmin::text::bigint FROM {table} WHERE site_id = %(site)s AND case_id = %(case)s"  # noqa: S608 - our own names
        for table in (*tables, UploadRow._meta.db_table)
    ]
    for child, column, parent in ((ProcedureTime, "procedure_id", Procedure), (PrintMaterial, "print_id", Print)):
        parts.append(
            f"SELECT '{child._meta.db_table}', row.id, row.xmin::text::bigint FROM {child._meta.db_table} row "  # noqa: S608
            f"JOIN {parent._meta.db_table} parent ON parent.site_id = row.site_id AND parent.id = row.{column} "
            "WHERE row.site_id = %(site)s AND parent.case_id = %(case)s"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"site": case.site_id, "case": case.pk})
        return {(table, row_id): xmin for table, row_id, xmin in cursor.fetchall()}


def _events(case: Case, txids: set[int], xmins: set[int]) -> list[Any]:
    """The events of the case, oldest first, and those of the batches in which it was written."""
    own = Q(object_type="case", object_id=str(case.pk))
    batch = Q(object_type__in=BATCHES) & (Q(txid__in=txids) | Q(xmin__in=xmins))
    events = AuditEvent.objects.filter(site_id=case.site_id)
    events = events.annotate(xmin=RawSQL("registry_auditevent.xmin::text::bigint", ()))
    found = list(events.filter(own | batch).order_by("seq"))
    alone = {event.txid for event in found if event.object_type == "case"}
    return [event for event in found if event.object_type == "case" or event.txid not in alone]


Told = tuple[int, str, Mapping[str, Any] | None, Mapping[str, Any] | None]


def _updates(images: list[RowHistory], now: Mapping[Key, dict[str, Any]], events: list[Any]) -> list[Told]:
    """Each image with what the row said next: its next image, else the row as it is, else nothing; told by the act's last event."""
    of_act = {event.txid: event.pk for event in events}
    following: dict[Key, Mapping[str, Any] | None] = dict(now)
    told: list[Told] = []
    for image in reversed(images):
        key = (image.table_name, image.row_id)
        after = None if image.operation == "DELETE" else following.get(key)
        following[key] = image.before
        if image.txid in of_act:
            told.append((of_act[image.txid], image.table_name, image.before, after))
    return told[::-1]


def _additions(
    images: list[RowHistory], now: Mapping[Key, dict[str, Any]], written: Mapping[Key, int], events: list[Any]
) -> list[Told]:
    """The rows that an act added to the case once it was there, as it added them: the oldest version of each tells who wrote it."""
    often = Counter(event.xmin for event in events)
    acts = events[1:] if events and events[0].act in FIRST else events
    of_act = {event.xmin: event for event in acts if often[event.xmin] == 1}
    oldest: dict[Key, tuple[int | None, Mapping[str, Any], datetime | None]] = {
        key: (xmin, now[key], None) for key, xmin in written.items() if key in now
    }
    for image in reversed(images):
        if image.table_name != Case._meta.db_table:
            oldest[image.table_name, image.row_id] = image.written_by, image.before, image.at
    found = [(of_act[xmin], key[0], row, gone) for key, (xmin, row, gone) in oldest.items() if xmin in of_act]
    # An image outlives a restored backup, and the number that it keeps may be given again: nobody adds what was changed before.
    return [(event.pk, table, None, row) for event, table, row, gone in found if gone is None or event.at <= gone]
