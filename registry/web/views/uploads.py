"""Files that a site sends: send one, say how it is to be read, watch it being read, see what was wrong."""

from contextlib import suppress
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import log_maps, upload_turns, upload_undo, uploads
from registry.errors import Conflict, IllegalTransition, InvalidReport
from registry.intake.or_log_options import NAMES
from registry.models import ProcedureMap, Upload
from registry.permissions import UPLOAD
from registry.reports import templates
from registry.reports.writers import csv_text
from registry.vocabulary.workflow import Channel, JobState, UploadKind, UploadPhase
from registry.web.forms.uploads import ReadingForm, UploadForm
from registry.web.matching import settled
from registry.web.upload_progress import progress_of, step_of, undone
from registry.web.upload_rows import may_be_fetched
from registry.web.uploads import causes, columns_of, held_table, is_going, outcome, page_of, sentence_of
from registry.web.views.common import SiteRequest, at_site, named

A_PAGE = 25
MOST_LINKS = 50
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@at_site(UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def all_uploads(request: SiteRequest) -> HttpResponse:
    """The site's uploads, newest first; POST sends a file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    sent = _sent(request, form) if form.is_bound and form.is_valid() else None
    if sent is not None:
        return redirect(page_of(sent), request.site.code, sent.public_id)
    page = Paginator(_of(request).order_by("-id"), A_PAGE).get_page(request.GET.get("page"))
    rows = [(upload, outcome(upload), page_of(upload)) for upload in page.object_list]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "strata/uploads/all.html", context, status=422 if form.errors else 200)


def _sent(request: SiteRequest, form: UploadForm) -> Upload | None:
    """The upload; None where the registry refuses the file, which the form then says."""
    kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
    said: dict[str, Any] = {
        "site": request.site,
        "by": request.user,
        "via": Channel.FORM,
        "stream": file,
        "name": file.name,
    }
    try:
        held = uploads.hold(kind, **said)
        return held if kind == UploadKind.OR_LOG else _settled(request, held)
    except InvalidReport as refusal:
        for problem in refusal.problems:
            form.add_error(problem.path if problem.path in form.fields else None, problem.message)
    except uploads.FileTooLarge as refusal:
        form.add_error("file", refusal.message)
    return None


def _settled(request: SiteRequest, held: Upload) -> Upload:
    """A file whose columns are known goes straight to its check; any other, and one that cannot be read, waits on its page."""
    with suppress(InvalidReport):
        if plan := settled(held):
            return uploads.match(held, plan, by=request.user, via=Channel.FORM)
    return held


def _of(request: SiteRequest) -> Any:
    return Upload.objects.visible_to(request.user).filter(site=request.site)


@at_site(UPLOAD)
@require_safe
def upload(request: SiteRequest, public_id: str) -> HttpResponse:
    """One upload: how far it is, what became of its rows, what was wrong. `?part=1` is the part that renews itself."""
    row = named(_of(request), public_id)
    part = "HX-Request" in request.headers
    if page_of(row) != "upload":
        place = reverse(page_of(row), args=[request.site.code, row.public_id])
        return HttpResponse(headers={"HX-Redirect": place}) if part else redirect(place)
    context = {
        "upload": row,
        "step": step_of(row),
        "going": is_going(row),
        "progress": progress_of(row),
        "outcome": outcome(row),
        "undone": undone(row) if row.phase == UploadPhase.UNDO else "",
        "stays": list(upload_undo.stays(row)[:MOST_LINKS]) if row.phase == UploadPhase.UNDO else [],
        "causes": causes(row),
        "may_be_undone": upload_undo.may_be_undone(row),
        "may_be_fetched": may_be_fetched(row),
        "not_listed": row.counts.get(upload_turns.NOT_LISTED, 0),
    }
    return render(request, f"strata/uploads/{'progress' if part else 'one'}.html", context)


@at_site(UPLOAD)
@require_safe
def problems(request: SiteRequest, public_id: str) -> HttpResponse:
    """Every problem of an upload as CSV: row, column, severity, code and what to do."""
    row = named(_of(request), public_id)
    names = ("row", "column", "severity", "code", "message")
    found = [{**problem, "message": sentence_of(problem, row)} for problem in row.problems]
    lines = [[problem.get(name) or "" for name in names] for problem in found]
    headers = {"Content-Disposition": f'attachment; filename="strata-problems-{row.public_id}.csv"'}
    return HttpResponse(csv_text(list(names), lines), content_type=CSV, headers=headers)


@at_site(UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SiteRequest, public_id: str) -> HttpResponse:
    """Which column of a held OR log is which, and how it is to be read; POST lets it be read."""
    row = named(_of(request).select_related("site"), public_id)
    if row.state != JobState.HELD:
        return redirect("upload", request.site.code, row.public_id)
    table = held_table(row)
    if isinstance(table, InvalidReport):
        context = {"upload": row, "refusal": table.problems}
        return render(request, "strata/uploads/unreadable.html", context, status=422)
    last = row.options or log_maps.remembered(request.site, table.header)
    found = columns_of(table, last.get("columns", {}))
    roles = [request.POST.get(f"column_{column.place}", column.role) for column in found]
    form = ReadingForm(request.POST if request.method == "POST" else None, initial=last)
    if form.is_bound and form.is_valid() and _matched(request, row, form, table.header, roles):
        return redirect("upload", request.site.code, row.public_id)
    matched = sum(bool(role) for role in roles)
    context = {
        "upload": row,
        "form": form,
        "columns": list(zip(found, roles, strict=True)),
        "roles": NAMES.items(),
        "matched": matched,
        "map_is_empty": not ProcedureMap.objects.filter(site=request.site).exists(),
        "twice": {role for role in roles if role and roles.count(role) > 1} if form.errors else (),
    }
    return render(request, "strata/uploads/columns.html", context, status=422 if form.errors else 200)


def _matched(request: SiteRequest, row: Upload, form: ReadingForm, header: list[str], roles: list[str]) -> bool:
    options = form.options(header, [role if role in NAMES else "" for role in roles])
    if form.errors:
        return False
    try:
        uploads.match_log(row, options, by=request.user, via=Channel.FORM)
    except InvalidReport as refusal:
        form.refuse(refusal)
    except Conflict as refusal:
        form.add_error(None, refusal.message)
    return not form.errors


@at_site(UPLOAD)
@require_POST
def cancel(request: SiteRequest, public_id: str) -> HttpResponse:
    """Nothing more of the file is read; what was recorded stays. An upload that is over stays what it is."""
    row = named(_of(request).select_related("site"), public_id)
    with suppress(IllegalTransition):
        uploads.cancel(row, by=request.user, via=Channel.FORM)
    return redirect(reverse("upload", args=[request.site.code, row.public_id]))


@at_site(UPLOAD)
@require_safe
def template(request: SiteRequest, name: str) -> HttpResponse:
    """A template of files that are read here; the workbook of cases offers the site's printers and materials."""
    file = templates.TEMPLATES[name]
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.made(request.site), content_type=file.type, headers=headers)
