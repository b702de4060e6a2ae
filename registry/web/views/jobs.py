"""The work that goes on behind the pages, for registry administrators."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.permissions import check_administer_registry
from registry.web.jobs import health, uploads
from registry.web.views.common import Request, signed_in


@signed_in
@require_safe
def jobs(request: Request) -> HttpResponse:
    """The latest uploads of all sites, and the state of worker, clock and statistics."""
    check_administer_registry(request.user)
    return render(request, "strata/jobs.html", {"jobs": uploads(), "health": health()})


@signed_in
@require_safe
def freshness(request: Request) -> HttpResponse:
    """The state of worker, clock and statistics alone, for a page to renew itself with. It says nothing of any site."""
    return render(request, "strata/health.html", {"health": health()})
