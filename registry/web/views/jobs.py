"""The work that goes on behind the pages, for registry administrators and for the people of a site."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.permissions import UPLOAD, check_administer_registry
from registry.web.jobs import exports_of, health, uploads, uploads_of
from registry.web.views.common import Request, SiteRequest, at_site, signed_in


@signed_in
@require_safe
def jobs(request: Request) -> HttpResponse:
    """The latest uploads of all sites, and the state of worker, clock and statistics."""
    check_administer_registry(request.user)
    return render(request, "strata/jobs.html", {"jobs": uploads(), "exports": exports_of(None), "health": health()})


@at_site(UPLOAD)
@require_safe
def site_jobs(request: SiteRequest) -> HttpResponse:
    """The latest uploads and exports of the site, and the state of worker, clock and statistics."""
    found = {"uploads": uploads_of(request.site), "exports": exports_of(request.site), "health": health()}
    return render(request, "strata/site_jobs.html", found)


@signed_in
@require_safe
def freshness(request: Request) -> HttpResponse:
    """The state of worker, clock and statistics alone, for a page to renew itself with. It says nothing of any site."""
    return render(request, "strata/health.html", {"health": health()})
