"""Files that leave: requested as a row, written by a tick, fetched until they expire."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from registry.actions import audit, clock, jobs
from registry.errors import IllegalTransition, InvalidReport, NotPermitted, Problem
from registry.models import Export, Site, User
from registry.models.scope import acting_for
from registry.permissions import Actor, Operator, check_administer_registry, check_export_cases
from registry.vocabulary.workflow import Channel, ExportFormat, ExportKind, JobState

KEPT = timedelta(days=7)
_COMMAND = "export"

Tell = Callable[[int, int], None]


class Written(Protocol):
    """A finished file: its rows and the SHA-256 of its bytes."""

    @property
    def rows(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class Writer(Protocol):
    """What makes the file; `registry.reports` has it, and a door hands it over, since a change and a report do not know each other."""

    def __call__(
        self, path: Path, *, kind: str, format: str, site: Site | None, for_user: Actor, progress: Tell
    ) -> Written: ...


def request(kind: str, *, format: str, site: Site | None, by: Actor, via: str) -> Export:
    """An export waits for a tick. The registry report has no site; an export of cases is of one site.

    Raises NotPermitted, and InvalidReport for a kind or format there is not.
    """
    _check(kind, format, site, by)
    with transaction.atomic():
        export = Export.objects.create(
            kind=kind,
            format=format,
            site=site,
            requested_by=by if isinstance(by, User) else None,
            requested_by_label=str(getattr(by, "label", "nobody")),
        )
        clock.ring("exports")
        audit.record("export.requested", by=by, via=via, site=site, subject=export)
    return export


def cancel(export: Export, *, by: Actor, via: str) -> Export:
    """The file is not written. Raises NotPermitted, and IllegalTransition when it is over already."""
    with transaction.atomic():
        held = _held(export, by, JobState.WAITING, JobState.RUNNING)
        held.state, held.finished_at = JobState.CANCELLED, timezone.now()
        held.save(update_fields=["state", "finished_at"])
        audit.record("export.cancelled", by=by, via=via, site=held.site, subject=held)
    return held


def retry(export: Export, *, by: Actor, via: str) -> Export:
    """A failed export waits to be written again. Raises NotPermitted, and IllegalTransition for any other."""
    with transaction.atomic():
        held = _held(export, by, JobState.FAILED)
        held.state, held.attempts, held.last_error = JobState.WAITING, 0, ""
        held.next_attempt_at, held.finished_at = timezone.now(), None
        held.save()
        clock.ring("exports")
        audit.record("export.retried", by=by, via=via, site=held.site, subject=held)
    return held


def _held(export: Export, by: Actor, *states: JobState) -> Export:
    """The row, locked, in one of these states, for somebody who may have the file."""
    held = Export.objects.select_for_update(of=("self",)).select_related("site").get(pk=export.pk)
    if held.site is None:
        check_administer_registry(by)
    else:
        check_export_cases(by, held.site)
    if held.state not in states:
        raise IllegalTransition(f"This export is {JobState(held.state).label.lower()}, so this cannot be done with it.")
    return held


def _check(kind: str, format: str, site: Site | None, by: Actor) -> None:
    # Asked before all else: whoever may not have the report is not sent to mend a request for it.
    if kind == ExportKind.REGISTRY_REPORT:
        check_administer_registry(by)
    problems = []
    if kind not in ExportKind.values:
        problems.append(Problem("not-a-choice", "kind", f"Use one of: {', '.join(ExportKind.values)}."))
    if format not in ExportFormat.values:
        problems.append(Problem("not-a-choice", "format", f"Use one of: {', '.join(ExportFormat.values)}."))
    if kind in ExportKind.values and (site is None) != (kind == ExportKind.REGISTRY_REPORT):
        problems.append(Problem("wrong-site", "site", "Name a site for its cases, and none for the registry report."))
    if problems:
        raise InvalidReport(problems)
    if site is not None:
        check_export_cases(by, site)


def path_of(export: Export) -> Path:
    """Where the written file lies."""
    return Path(settings.STRATA_DATA) / "files" / export.file


def due() -> list[Export]:
    """The exports somebody should work on now, oldest first."""
    return list(jobs.due(Export.objects.all()).order_by("id"))


def expire() -> int:
    """How many files past their time are gone; their rows stay and say so by an empty `file`."""
    gone = Export.objects.filter(state=JobState.DONE, expires_at__lt=timezone.now()).exclude(file="")
    count = 0
    for export in gone:
        path_of(export).unlink(missing_ok=True)
        count += Export.objects.filter(pk=export.pk).update(file="")
    return count


def work(due_export: Export, *, write: Writer) -> None:
    """The export, if it is due and nobody else has it, is written and done, or waits to be tried again."""
    with _scope(due_export):
        export = jobs.claim(Export.objects.all(), due_export.pk)
    if export is None:
        return
    try:
        _write(export, write)
    except jobs.ClaimLost:
        return
    except NotPermitted as refusal:
        _refuse(export, refusal)
    except Exception as error:  # noqa: BLE001 - whatever it was, the row must say so and be tried again
        jobs.reconnect()
        with _scope(export):
            jobs.stumble(Export.objects.all(), export, error, where="while writing the file")


def _scope(export: Export) -> AbstractContextManager[None]:
    """What the worker may see for this export: one site's rows, or of no site any, but that the registry's sites exist."""
    if export.site_id is None:
        return acting_for(sites=(), administrator=True)
    return acting_for(sites=[export.site_id])


def _asker(export: Export) -> Actor:
    """Who asked, hence for whom figures are published. Without a person only the operator can have asked for the registry's."""
    return export.requested_by or Operator(_COMMAND)


def _write(export: Export, write: Writer) -> None:
    name = f"exports/{export.public_id}.{export.format}"
    path = Path(settings.STRATA_DATA) / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{export.public_id}.{export.attempts}.part")
    try:
        with _scope(export), closing(_Progress(export)) as progress:
            _may_still(export)
            written = write(
                partial,
                kind=export.kind,
                format=export.format,
                site=export.site,
                for_user=_asker(export),
                progress=progress.tell,
            )
        partial.chmod(0o600)
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    _finish(export, name, written)


def _finish(export: Export, name: str, written: Written) -> None:
    with _scope(export):
        held = jobs.hold(Export.objects.all(), export)
        held.state, held.finished_at = JobState.DONE, timezone.now()
        held.file, held.sha256, held.row_count = name, written.sha256, written.rows
        held.rows_done = held.rows_total = written.rows
        held.expires_at = held.finished_at + KEPT
        held.last_error = ""
        held.save()
        audit.record(
            "export.written", by=_asker(held), via=Channel.SYSTEM, site=held.site, subject=held, digest=held.sha256
        )


def _refuse(export: Export, refusal: NotPermitted) -> None:
    with _scope(export):
        held = jobs.hold(Export.objects.all(), export)
        held.state, held.finished_at, held.last_error = JobState.FAILED, timezone.now(), refusal.message
        held.save()
        audit.record("export.refused", by=_asker(held), via=Channel.SYSTEM, site=held.site, subject=held)


def _may_still(export: Export) -> None:
    """Asked again at the time of writing: somebody may have left office since. Raises NotPermitted."""
    if export.site is None:
        check_administer_registry(_asker(export))
    elif export.requested_by is not None:
        check_export_cases(export.requested_by, export.site)


class _Progress:
    """Rows written so far, told on a connection of its own: the one that reads the rows commits only at the end."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.connection = connections.create_connection(DEFAULT_DB_ALIAS)

    def tell(self, done: int, total: int) -> None:
        """The row says how far the file is, and its claim is renewed; no more than that depends on it."""
        scope = "SELECT set_config('app.sites', %s, true), set_config('app.administrator', %s, true)"
        now = timezone.now()
        with self.connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(scope, [str(self.export.site_id or ""), "" if self.export.site_id else "on"])
            cursor.execute(
                "UPDATE registry_export SET rows_done = %s, rows_total = %s, claimed_at = %s "
                "WHERE id = %s AND state = 'running' AND claimed_at = %s",
                [done, total, now, self.export.pk, self.export.claimed_at],
            )
            renewed = cursor.rowcount
            cursor.execute("COMMIT")
        if renewed:
            self.export.claimed_at = now

    def close(self) -> None:
        self.connection.close()
