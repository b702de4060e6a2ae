"""Matchings of columns that a site remembers under a name, so that the second file of a kind needs none."""

from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from registry.actions import audit
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake.matching.remembered import covering
from registry.intake.plan import Plan, kept_plan
from registry.intake.sources.opening import open_table, sheets
from registry.models import ColumnMap, Site
from registry.permissions import Actor, check_upload
from registry.vocabulary.workflow import UploadKind

LONGEST = 80


class NameTaken(Conflict):
    """Another matching of the site has this name."""

    def __init__(self) -> None:
        super().__init__("Another matching has this name. Choose another.", "name-taken")


def remember(site: Site, name: str, plan: Plan, *, by: Actor, via: str) -> ColumnMap:
    """Files with these columns are read by this plan, without what is of one file only. A matching of the same name is replaced.

    Raises InvalidReport for a name that is none.
    """
    check_upload(by, site)
    name = _named(name)
    kept = replace(plan, cells={}, left_out=frozenset()).as_json()
    with transaction.atomic():
        column_map, _ = ColumnMap.objects.update_or_create(
            site=site,
            kind=UploadKind.CASES,
            name=name,
            defaults={"plan": kept, "created_by_label": str(getattr(by, "label", "nobody")), "used_at": timezone.now()},
        )
        audit.record("column_map.remember", by=by, via=via, site=site, subject=column_map)
    return column_map


def rename(column_map: ColumnMap, name: str, *, by: Actor, via: str) -> ColumnMap:
    """The matching has this name. Raises InvalidReport for a name that is none, NameTaken."""
    check_upload(by, column_map.site)
    name = _named(name)
    with transaction.atomic():
        others = ColumnMap.objects.filter(site=column_map.site, kind=column_map.kind, name=name)
        if others.exclude(pk=column_map.pk).exists():
            raise NameTaken
        if column_map.name != name:
            column_map.name = name
            column_map.save(update_fields=["name"])
            audit.record("column_map.rename", by=by, via=via, site=column_map.site, subject=column_map)
    return column_map


def forget(column_map: ColumnMap, *, by: Actor, via: str) -> None:
    """No file is read by this matching any more; those that were stay as they are."""
    check_upload(by, column_map.site)
    with transaction.atomic():
        audit.record("column_map.forget", by=by, via=via, site=column_map.site, subject=column_map)
        column_map.delete()


def plan_for(site: Site, name: str, path: Path) -> Plan:
    """The plan of this file by the site's matching of this name. Raises InvalidReport where there is none, or it does not know a column."""
    column_map = ColumnMap.objects.filter(site=site, kind=UploadKind.CASES, name=name).first()
    if column_map is None:
        message = "There is no matching of this name. Match a file of these columns on the page of uploads first."
        raise InvalidReport([Problem("unknown-map", "map", message)])
    found = fitted(kept_plan(column_map.plan), path)
    if found is None:
        message = "This matching does not know all columns of the file. Match the file on the page of uploads once."
        raise InvalidReport([Problem("columns-not-matched", "map", message)])
    return found


def fitted(plan: Plan, path: Path) -> Plan | None:
    """A remembered plan for the sheet of its name, else for the one that is read by itself; None where it does not know its columns.

    Raises InvalidReport for a file that cannot be read.
    """
    names = {each.name for each in sheets(path)}
    plan = plan if plan.sheet in names else replace(plan, sheet="")
    return covering(plan, open_table(path, sheet=plan.sheet).header)


def _named(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST:
        message = f"Give the matching a name of at most {LONGEST} characters."
        raise InvalidReport([Problem("bad-value", "name", message)])
    return name
