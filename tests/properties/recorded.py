"""What a site has recorded, by table, without what differs between two sites that were told the same: keys, public ids, moments."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Sum

from registry.actions import encounters
from registry.intake.check import check
from registry.intake.lines import digest_of
from registry.intake.restate import PREFETCH, as_report
from registry.models import AuditEvent, Case, RowHistory, Site, Submission, Upload, UploadRow
from registry.models.base import SiteOwned
from registry.models.scope import as_statistics
from registry.statistics.models import StaleMonth

Rows = list[tuple[Any, ...]]
# Equipment and the acts themselves; a table that is neither is compared from the day it is made.
APART = frozenset(
    "Membership ApiToken Printer Material ProcedureMap CostRate Baseline AuditEvent RowHistory Draft IdempotencyKey "
    "Upload UploadReview UploadRow ColumnMap Submission".split()
)
# How a row of another table is named without its key.
NAMED: Mapping[str, tuple[str, ...]] = {
    "Case": ("local_case_id",),
    "Procedure": ("case__local_case_id",),
    "Print": ("case__local_case_id", "number"),
    "Printer": ("label",),
    "Material": ("name",),
}
DIGEST = "content_digest"


@cache
def _tables() -> tuple[type[models.Model], ...]:
    found = apps.get_app_config("registry").get_models()
    return tuple(model for model in found if issubclass(model, SiteOwned) and model.__name__ not in APART)


def recorded(site: Site, *, since: datetime, numbers: tuple[str, ...] = ()) -> dict[str, Rows]:
    """Every recorded table of the site, sorted. A moment is only whether it came after `since`; the keyed hash of one of
    `numbers` is that number. Runs in the scope of the site."""
    hashes = {encounters.digest_of(number, site_id=site.pk): number for number in numbers}
    found = {}
    for model in _tables():
        columns = list(_columns(model))
        rows = model._base_manager.filter(site=site).values_list(*columns)
        found[model.__name__] = sorted((_plain(row, hashes, since) for row in rows), key=repr)
    found["StaleMonth"] = stale(site)
    return found


def _columns(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in {"site", "public_id", DIGEST}:
            continue
        if field.is_relation:
            yield from (f"{field.name}__{name}" for name in NAMED[field.related_model.__name__])
        else:
            yield field.name


def _plain(row: tuple[Any, ...], hashes: Mapping[str, str], since: datetime) -> tuple[Any, ...]:
    return tuple(
        value >= since
        if isinstance(value, datetime)
        else hashes.get(value, value)
        if isinstance(value, str)
        else tuple(value)
        if isinstance(value, list)
        else value
        for value in row
    )


def stale(site: Site) -> Rows:
    """The months of the site whose figures are due."""
    with as_statistics():
        return sorted(StaleMonth.objects.filter(site_id=site.pk).values_list("month"))


def forget_stale(site: Site) -> None:
    """As if every month had been refreshed."""
    with as_statistics():
        StaleMonth.objects.filter(site_id=site.pk).delete()


def unlike_their_digest(site: Site) -> list[str]:
    """Recorded cases whose digest is not that of what is recorded of them, or that would be refused if they were said again."""
    held = list(Case.objects.filter(site=site).prefetch_related(*PREFETCH).order_by("local_case_id"))
    verdicts = check([as_report(case) for case in held], site=site)
    return [
        case.local_case_id
        for case, judged in zip(held, verdicts, strict=True)
        if judged.rows is None or digest_of(judged.rows) != case.content_digest
    ]


def images(site: Site) -> Rows:
    """The rows of the record as they were before they were changed or deleted, each once; of cases the revisions gone by, since
    a number of the OR log that comes a moment later makes no revision."""
    tables = [model._meta.db_table for model in _tables()]
    kept = RowHistory.objects.filter(site=site, table_name__in=tables).values_list("table_name", "operation", "before")
    now = set(Case.objects.filter(site=site).values_list("local_case_id", "revision"))
    gone = (each for each in kept if (each[2].get("local_case_id"), each[2].get("revision")) not in now)
    return sorted({(table, operation, _image(before)) for table, operation, before in gone})


def _image(before: Mapping[str, Any]) -> str:
    """What the row said, without keys and moments."""
    told = {
        name: value for name, value in before.items() if name == "local_case_id" or not name.endswith(("_at", "_id"))
    }
    return repr(sorted((name, value) for name, value in told.items() if name not in {"id", DIGEST}))


def told(site: Site) -> Rows:
    """Acts on the site's chain but those of submitting, which are one for each batch."""
    acts = AuditEvent.objects.filter(site=site).exclude(act__startswith="upload.")
    said = acts.exclude(act__in=("case.submit", "case.amend", "case.submit_batch")).values_list("act", "object_type")
    return sorted(said)


def of_files(site: Site) -> dict[str, Rows]:
    """What the site's files say became of their rows, and what their submissions add up to."""
    rows = UploadRow.objects.filter(site=site).order_by("upload_id", "row_number")
    sums = {name: Sum(f"n_{name}", default=0) for name in ("created", "amended", "unchanged", "refused")}
    uploads = (
        Upload.objects.filter(site=site).order_by("id").values_list("phase", "state", "cursor", "counts", "problems")
    )
    return {
        "rows": list(rows.values_list("row_number", "outcome", "case__local_case_id", "prior_revision")),
        "submissions": [tuple(Submission.objects.filter(site=site).aggregate(**sums).items())],
        "uploads": [(*said, sorted(counts.items()), problems) for *said, counts, problems in uploads],
    }
