"""A checked file: mend what is wrong by cause or row by row, import what is ready, take it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import kept_rows, upload_repairs, upload_undo, uploads
from registry.actions.upload_check import words_of
from registry.errors import InvalidReport
from registry.intake import repairs
from registry.models import Upload
from registry.permissions import UPLOAD
from registry.reports import annotated
from registry.vocabulary.workflow import Channel, UploadKind
from registry.web.upload_progress import told_of
from registry.web.upload_review import cause_of, heading_of, is_checked, repair_asked, review_of
from registry.web.upload_rows import bad_rows, changes, may_be_fetched, plan_of, written_over
from registry.web.uploads import page_of
from registry.web.views import or_log_rows
from registry.web.views.common import SiteRequest, at_site, named
from registry.web.views.packs import XLSX
from registry.web.views.uploads import CSV


def _checked(request: SiteRequest, public_id: str) -> tuple[Upload, bool]:
    row = named(Upload.objects.visible_to(request.user).filter(site=request.site).select_related("site"), public_id)
    return row, is_checked(row)


def _to_upload(request: SiteRequest, row: Upload) -> HttpResponse:
    return redirect("upload", request.site.code, row.public_id)


@at_site(UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: SiteRequest, public_id: str) -> HttpResponse:
    """What the check found, by cause; POST makes a repair or takes one back, and the file is checked again."""
    row, checked = _checked(request, public_id)
    if row.kind == UploadKind.OR_LOG and page_of(row) == "upload-rows":
        return or_log_rows.page(request, row)
    if not checked:
        return _to_upload(request, row)
    if request.method == "POST":
        return _mended(request, row)
    return render(request, "strata/uploads/rows.html", {"upload": row, "review": review_of(row, request.site)})


def _mended(request: SiteRequest, row: Upload) -> HttpResponse:
    said: dict[str, Any] = {"by": request.user, "via": Channel.FORM}
    cause = cause_of(row, request.POST.get("cause", ""))
    asked = repair_asked(request.POST.dict(), cause)
    number = request.POST.get("number", "")
    try:
        if request.POST.get("do") == "take_back" and number.isdecimal():
            upload_repairs.take_back(row, int(number[:9]), **said)
        elif request.POST.get("do") == repairs.LEAVE_OUT and cause:
            upload_repairs.leave_out(row, cause.key, heading_of(cause), **said)
        elif asked:
            upload_repairs.mend(row, asked, **said)
    except InvalidReport:
        messages.warning(request, _("Nothing was changed: choose what to read instead."))
        return redirect("upload-rows", request.site.code, row.public_id)
    return _to_upload(request, row)


@at_site(UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def bad(request: SiteRequest, public_id: str) -> HttpResponse:
    """The rows that are refused, or those with one cause, in a table to be mended; POST writes over their cells."""
    row, checked = _checked(request, public_id)
    if not checked:
        return _to_upload(request, row)
    if request.method == "POST":
        return _written(request, row)
    key, page = request.GET.get("cause", ""), _page(request)
    cause = cause_of(row, key) if key else None
    context = {
        "upload": row,
        "cause": cause,
        "heading": heading_of(cause) if cause else "",
        "found": bad_rows(row, words_of(request.site), cause=cause.key if cause else "", page=page),
        "page": page,
    }
    return render(request, "strata/uploads/bad_rows.html", context)


def _page(request: SiteRequest) -> int:
    said = request.GET.get("page", "")
    return max(1, int(said)) if said.isdecimal() and len(said) < 7 else 1


def _written(request: SiteRequest, row: Upload) -> HttpResponse:
    cells = written_over(row, request.POST.dict())
    try:
        if cells:
            upload_repairs.mend(row, {"kind": repairs.WRITE, "cells": cells}, by=request.user, via=Channel.FORM)
            return _to_upload(request, row)
    except InvalidReport:
        messages.warning(request, _("Nothing was changed: a text is longer than 2,000 characters."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect(request.get_full_path())


@at_site(UPLOAD)
@require_safe
def changed(request: SiteRequest, public_id: str) -> HttpResponse:
    """What the file would change of cases that are recorded already."""
    row, checked = _checked(request, public_id)
    if not checked:
        return _to_upload(request, row)
    page = _page(request)
    found, more = changes(row, request.site, page=page)
    context = {"upload": row, "rows": found, "page": page, "more": more}
    return render(request, "strata/uploads/changes.html", context)


@at_site(UPLOAD)
@require_POST
def begin(request: SiteRequest, public_id: str) -> HttpResponse:
    """What is ready is imported; a file that is not checked stays what it is."""
    row, checked = _checked(request, public_id)
    if checked:
        uploads.begin_import(row, by=request.user, via=Channel.FORM)
    return _to_upload(request, row)


@at_site(UPLOAD)
@require_safe
def annotated_file(request: SiteRequest, public_id: str, format: str) -> HttpResponse | StreamingHttpResponse:
    """The file given back with what is wrong in it, as long as it is kept."""
    row, _is_checked = _checked(request, public_id)
    if format not in ("csv", "xlsx"):
        raise Http404
    if not may_be_fetched(row):
        return _to_upload(request, row)
    path, plan, kept = uploads.path_of(row.file), plan_of(row), kept_rows.read(row)
    headers = {"Content-Disposition": f'attachment; filename="strata-problems-{row.public_id}.{format}"'}
    if format == "csv":
        return StreamingHttpResponse(annotated.csv_lines(path, plan, kept), content_type=CSV, headers=headers)
    return HttpResponse(
        annotated.workbook(path, plan, kept, rows=row.rows_total or 0), content_type=XLSX, headers=headers
    )


@at_site(UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SiteRequest, public_id: str) -> HttpResponse:
    """What taking the upload back would do; POST does it."""
    row, _is_checked = _checked(request, public_id)
    if not upload_undo.may_be_undone(row):
        return _to_upload(request, row)
    if request.method == "POST":
        upload_undo.begin(row, by=request.user, via=Channel.FORM)
        return _to_upload(request, row)
    forecast = upload_undo.forecast(row)
    context = {"upload": row, "forecast": forecast, "told": told_of(forecast, will="will be"), "stays": _stays(row)}
    return render(request, "strata/uploads/undo.html", context)


def _stays(row: Upload) -> list[Any]:
    return list(upload_undo.stays(row)[:50])


@at_site(UPLOAD)
@require_POST
def retry(request: SiteRequest, public_id: str) -> HttpResponse:
    """A failed upload goes on where it stopped."""
    row, _is_checked = _checked(request, public_id)
    uploads.retry(row, by=request.user, via=Channel.FORM)
    return _to_upload(request, row)
