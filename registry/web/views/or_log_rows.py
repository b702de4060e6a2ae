"""The check of an OR log: what it would do is shown, mended once for all rows, and then recorded."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from registry.actions import uploads
from registry.errors import InvalidReport
from registry.models import Upload, UploadReview
from registry.permissions import EQUIP
from registry.vocabulary.workflow import Channel
from registry.web.or_log_review import AGAIN, IMPORT, NEXT_DAY, review_of
from registry.web.views.common import SiteRequest


def page(request: SiteRequest, upload: Upload) -> HttpResponse:
    """The page of a checked OR log; POST `act` mends it and has it checked again, or lets it be imported."""
    if request.method == "POST" and request.POST.get("act") in _ACTS:
        return _acted(request, upload, request.POST["act"])
    review = UploadReview.objects.visible_to(request.user).get(site=request.site, upload=upload)
    context = {
        "upload": upload,
        "review": review_of(upload, review.found, reader=request.user),
        "may_map": EQUIP in request.verbs,
        "next_day": bool(upload.options.get("next_day")),
        "window": (upload.options.get("controls_from", ""), upload.options.get("controls_to", "")),
    }
    return render(request, "strata/uploads/or_log_rows.html", context)


def _acted(request: SiteRequest, upload: Upload, act: str) -> HttpResponse:
    by: Any = {"by": request.user, "via": Channel.FORM}
    try:
        if act == IMPORT:
            uploads.begin_import(upload, **by)
        else:
            uploads.match_log(upload, {**upload.options, **_ACTS[act]}, **by)
    except InvalidReport:  # the file cannot be read in this way after all: the page of its columns says why
        return redirect("upload-columns", request.site.code, upload.public_id)
    return redirect("upload", request.site.code, upload.public_id)


_ACTS: dict[str, dict[str, Any]] = {NEXT_DAY: {"next_day": True}, AGAIN: {}, IMPORT: {}}
