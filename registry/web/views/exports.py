"""Asking for a file, watching it being written, taking it away."""

from contextlib import suppress

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import exports as actions
from registry.errors import IllegalTransition
from registry.models import Export, Site
from registry.permissions import (
    EXPORT_CASES,
    can_administer_registry,
    can_export_cases,
    check_administer_registry,
)
from registry.statistics.provenance import data_notes
from registry.statistics.published import published
from registry.statistics.results import Scope, Statistic
from registry.vocabulary.workflow import Channel, ExportFormat, ExportKind, JobState
from registry.web.addresses import Addresses
from registry.web.forms.exports import ExportForm
from registry.web.jobs import exports_of, health
from registry.web.sections import EVERY_CASE
from registry.web.views.common import Request, SiteRequest, at_site, signed_in

CONTENT_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def registry_exports(request: Request) -> HttpResponse:
    """The registry's files; POST: a registry report is due to be written."""
    check_administer_registry(request.user)
    return _exports(request, ExportKind.REGISTRY_REPORT, None)


@at_site(EXPORT_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def site_exports(request: SiteRequest) -> HttpResponse:
    """The site's files; POST: a file of its cases is due to be written."""
    return _exports(request, ExportKind.CASES, request.site)


def _exports(request: Request, kind: ExportKind, site: Site | None) -> HttpResponse:
    page = Addresses(site)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.request(kind, format=form.cleaned_data["format"], site=site, by=request.user, via=Channel.FORM)
        return redirect(f"{page.exports}#files")
    sites = [site] if site else Site.objects.visible_to(request.user).live().order_by("code")
    context = {
        "form": form,
        "site": site,
        "at": page,
        "jobs": exports_of(site),
        "health": health(),
        "data_notes": data_notes(sites, counted=() if site else _counted(request)),
        "days_kept": actions.KEPT.days,
    }
    return render(request, "strata/exports.html", context, status=422 if form.errors else 200)


def _counted(request: Request) -> tuple[str, ...]:
    """The sites whose real cases the registry counts."""
    every = published(EVERY_CASE, scope=Scope.registry(), for_user=request.user)
    return every.data.real if isinstance(every, Statistic) else ()


@signed_in
@require_safe
def download(request: Request, public_id: str) -> FileResponse:
    """The finished file of an export that this person may have; 404 while unfinished, expired, or somebody else's."""
    export = _named(request, public_id)
    if export.state != JobState.DONE or (export.expires_at and export.expires_at < timezone.now()):
        raise Http404
    path = actions.path_of(export)
    if not export.file or not path.is_file():
        raise Http404
    what = f"cases-{export.site.code}" if export.site else "registry-report"
    name = f"strata-{what}-{export.created_at:%Y-%m-%d}.{export.format}"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[ExportFormat(export.format)]
    )


def _named(request: Request, public_id: str) -> Export:
    """The export that this person may have; 404 for every other, missing or somebody else's."""
    # No text of PostgreSQL holds a NUL, so it cannot even be asked for one.
    found = Export.objects.select_related("site").filter(public_id=public_id)
    export = None if "\0" in public_id else found.first()
    if export is None or not _may_have(request, export):
        raise Http404
    return export


@signed_in
@require_POST
def cancel(request: Request, public_id: str) -> HttpResponse:
    """The file is not written; one that is over stays what it is."""
    export = _named(request, public_id)
    with suppress(IllegalTransition):
        actions.cancel(export, by=request.user, via=Channel.FORM)
    return redirect(f"{Addresses(export.site).exports}#files")


@signed_in
@require_POST
def retry(request: Request, public_id: str) -> HttpResponse:
    """A failed export is written again; any other stays what it is."""
    export = _named(request, public_id)
    with suppress(IllegalTransition):
        actions.retry(export, by=request.user, via=Channel.FORM)
    return redirect(f"{Addresses(export.site).exports}#files")


def _may_have(request: HttpRequest, export: Export) -> bool:
    if export.site is None:
        return can_administer_registry(request.user)
    return can_export_cases(request.user, export.site)
