"""Asking for a file, watching it being written, taking it away."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from registry.actions import exports
from registry.models import Export, Site
from registry.permissions import (
    EXPORT_CASES,
    can_administer_registry,
    can_export_cases,
    check_administer_registry,
)
from registry.vocabulary.workflow import Channel, ExportFormat, ExportKind, JobState
from registry.web.forms.exports import ExportForm
from registry.web.jobs import board
from registry.web.views.common import Request, SiteRequest, at_site, own_site, signed_in

CONTENT_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@signed_in
@require_POST
def export_registry_report(request: Request) -> HttpResponse:
    """A registry report is due to be written; the page of jobs shows its progress."""
    check_administer_registry(request.user)
    return _requested(request, ExportKind.REGISTRY_REPORT, None, reverse("home"))


@at_site(EXPORT_CASES)
@require_POST
def export_cases(request: SiteRequest) -> HttpResponse:
    """A file of the site's cases is due to be written."""
    return _requested(request, ExportKind.CASES, request.site, reverse("site", args=[request.site.code]))


def _requested(request: Request, kind: ExportKind, site: Site | None, page: str) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        return render(request, "strata/export_refused.html", {"form": form, "page": page}, status=422)
    exports.request(kind, format=form.cleaned_data["format"], site=site, by=request.user, via=Channel.FORM)
    return redirect(f"{page}#jobs")


@signed_in
@require_GET
def jobs(request: Request) -> HttpResponse:
    """The job tables alone, for the page to renew itself with; the registry's, or one site's with `?site=CODE`."""
    code = request.GET.get("site", "")
    site = own_site(request, code) if code else None
    if site is None:
        check_administer_registry(request.user)
    return render(request, "strata/jobs.html", {"jobs": board(request.user, site), "site": site})


@signed_in
@require_GET
def download(request: Request, public_id: str) -> FileResponse:
    """The finished file of an export that this person may have; 404 while unfinished, expired, or somebody else's."""
    if "\0" in public_id:  # which no text of PostgreSQL holds
        raise Http404
    export = Export.objects.select_related("site").filter(public_id=public_id, state=JobState.DONE).first()
    if export is None or not _may_have(request, export) or (export.expires_at and export.expires_at < timezone.now()):
        raise Http404
    path = exports.path_of(export)
    if not export.file or not path.is_file():
        raise Http404
    what = f"cases-{export.site.code}" if export.site else "registry-report"
    name = f"strata-{what}-{export.created_at:%Y-%m-%d}.{export.format}"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[ExportFormat(export.format)]
    )


def _may_have(request: HttpRequest, export: Export) -> bool:
    if export.site is None:
        return can_administer_registry(request.user)
    return can_export_cases(request.user, export.site)
