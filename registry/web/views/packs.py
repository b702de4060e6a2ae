"""All the tables of a page in one workbook, made while its reader waits."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from registry.permissions import READ_STATISTICS, check_administer_registry
from registry.reports import coding_pack
from registry.statistics.results import Scope
from registry.web.periods import chosen
from registry.web.views.common import Request, SiteRequest, at_site, signed_in
from registry.web.views.downloads import attached

PACKS = {"codes": coding_pack.write}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def registry_pack(request: Request, key: str) -> HttpResponse:
    """A page of the registry as a workbook."""
    check_administer_registry(request.user)
    return _pack(request, key, Scope.registry())


@at_site(READ_STATISTICS)
@require_safe
def site_pack(request: SiteRequest, key: str) -> HttpResponse:
    """A page of one's own site as a workbook."""
    return _pack(request, key, Scope.of(request.site))


def _pack(request: Request, key: str, scope: Scope) -> HttpResponse:
    if key not in PACKS:
        raise Http404
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{key}.xlsx"
        PACKS[key](path, scope=scope, period=chosen(request).period, for_user=request.user)
        return attached(request, path.read_bytes(), XLSX, f"{scope.label}-{key}", "xlsx")
