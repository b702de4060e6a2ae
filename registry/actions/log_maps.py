"""How a site has its OR logs read: remembered under the names of the columns, for the page and for the nightly call alike."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from registry.models import ColumnMap, Site
from registry.vocabulary.workflow import UploadKind

LOOKED_BACK = 20


def remember(site: Site, options: dict[str, Any], *, by_label: str) -> None:
    """A log of these columns is read in this way from now on. The caller has asked whether they may, and has the transaction."""
    columns = options.get("columns")
    if not columns:
        return
    ColumnMap.objects.update_or_create(
        site=site,
        kind=UploadKind.OR_LOG,
        name=", ".join(columns.values())[:80],
        defaults={"plan": options, "created_by_label": by_label, "used_at": timezone.now()},
    )


def remembered(site: Site, header: Sequence[str]) -> dict[str, Any]:
    """How the site had the last log of these columns read; nothing for columns that it never matched."""
    maps = ColumnMap.objects.filter(site=site, kind=UploadKind.OR_LOG).order_by("-used_at")
    plans: list[dict[str, Any]] = list(maps.values_list("plan", flat=True)[:LOOKED_BACK])
    return next((plan for plan in plans if {*plan.get("columns", {}).values()} <= {*header}), {})
