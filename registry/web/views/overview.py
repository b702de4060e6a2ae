"""The headline page: the registry's for its administrators, a site's for its members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from registry.models import Site, User
from registry.permissions import EXPORT_CASES, READ_STATISTICS, can_administer_registry, check_administer_registry
from registry.reports.measure_tables import as_table
from registry.reports.writers import csv_text
from registry.statistics.measures import BY_SLUG
from registry.statistics.provenance import DataNote, data_notes
from registry.statistics.published import published, published_together
from registry.statistics.results import Scope, Statistic
from registry.web.forms.exports import ExportForm
from registry.web.jobs import board
from registry.web.panels import Section
from registry.web.sections import sections
from registry.web.views.common import Request, SiteRequest, at_site, signed_in
from registry.web.words import Headline, finding, headlines


@dataclass(frozen=True)
class Page:
    """What the headline page says, in words and tables."""

    title: str
    site: Site | None
    several_sites: bool
    finding: str
    figures: list[Headline]
    data_notes: list[DataNote]
    sections: list[Section]


@signed_in
@require_GET
def home(request: Request) -> HttpResponse:
    """The registry for an administrator; for others their sites, or the one site they have."""
    if can_administer_registry(request.user):
        return _registry(request)
    sites = list(Site.objects.visible_to(request.user).live().order_by("code"))
    if len(sites) == 1:
        return redirect("site", sites[0].code)
    return render(request, "strata/sites.html", {"sites": sites})


def _registry(request: Request) -> HttpResponse:
    sites = list(Site.objects.visible_to(request.user).live().order_by("code"))
    page = _page(
        "The registry today", Scope.registry(), sites, request.user, lambda key: reverse("registry-table", args=[key])
    )
    export = {"export_url": reverse("export-registry-report"), "export_button": "Export the registry report"}
    return render(request, "strata/overview.html", _context(request, page, **export))


@at_site(READ_STATISTICS)
@require_GET
def site(request: SiteRequest) -> HttpResponse:
    """One site's own figures, in full and live."""
    own = request.site
    several = can_administer_registry(request.user) or Site.objects.visible_to(request.user).live().count() > 1
    page = _page(
        own.name,
        Scope.of(own),
        [own],
        request.user,
        lambda key: reverse("site-table", args=[own.code, key]),
        several=several,
    )
    may = EXPORT_CASES in request.verbs
    export = {
        "export_url": reverse("export-cases", args=[own.code]) if may else "",
        "export_button": "Export the cases",
    }
    return render(request, "strata/overview.html", _context(request, page, **export))


def _page(
    title: str, scope: Scope, sites: list[Site], user: User, csv_url: Callable[[str], str], *, several: bool = False
) -> Page:
    results = published_together(BY_SLUG, scope=scope, for_user=user)
    return Page(
        title=title,
        site=None if scope.site_id is None else sites[0],
        several_sites=several,
        finding=finding(results["minutes-saved"]),
        figures=headlines(results),
        data_notes=data_notes(sites),
        sections=sections(results, csv_url),
    )


def _context(request: Request, page: Page, **export: str) -> dict[str, Any]:
    return {"page": page, "export_form": ExportForm(), "jobs": board(request.user, page.site), **export}


@signed_in
@require_GET
def registry_table(request: Request, key: str) -> HttpResponse:
    """A measure of the registry as CSV."""
    check_administer_registry(request.user)
    return _table(request, key, Scope.registry())


@at_site(READ_STATISTICS)
@require_GET
def site_table(request: SiteRequest, key: str) -> HttpResponse:
    """A measure of one's own site as CSV."""
    return _table(request, key, Scope.of(request.site))


def _table(request: Request, key: str, scope: Scope) -> HttpResponse:
    if key not in BY_SLUG:
        raise Http404
    result = published(key, scope=scope, for_user=request.user)
    table = as_table(result)
    if isinstance(result, Statistic):
        headings = [*(column.name for column in table.columns), "data_notes"]
        text = csv_text(headings, [[*row, str(result.data)] for row in table.cells()])
    else:
        text = csv_text(["not_shown"], [[table.not_shown]])
    name = f"strata-{scope.label}-{key}.csv"
    return HttpResponse(
        text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
