"""The work that goes on behind the pages, for registry administrators."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry.permissions import check_administer_registry
from registry.web.jobs import exports_of, health, uploads
from registry.web.views.common import Request, signed_in


@signed_in
@require_GET
def jobs(request: Request) -> HttpResponse:
    """The latest uploads of all sites, the registry's exports, and the state of worker, clock and statistics."""
    check_administer_registry(request.user)
    return render(request, "strata/jobs.html", {"exports": exports_of(None), "uploads": uploads(), "health": health()})
