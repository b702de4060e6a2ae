"""Which column of a held file of cases is which, and the matchings that a site remembers."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import column_maps, uploads
from registry.errors import Conflict, InvalidReport
from registry.intake import flat
from registry.intake.matching.identifiers import look_like_days, look_like_record_numbers, masked
from registry.intake.matching.proposing import Certainty, Proposed
from registry.intake.plan import Taken
from registry.models import ColumnMap, Upload
from registry.permissions import UPLOAD
from registry.vocabulary.workflow import Channel, JobState, UploadKind
from registry.web.forms.matching import KEY, MatchForm
from registry.web.matching import HeldFile, look
from registry.web.matching_words import AS_WRITTEN, ASKS, FLAGS, Options, conversion_label, example, fields
from registry.web.views.common import SiteRequest, at_site, named

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])
SAMPLES, LONGEST_SAMPLE = 3, 32
FEW = 60
"""Of so many columns the page may be written anew at every choice."""


@dataclass(frozen=True)
class Row:
    """A column as its line of the page shows it."""

    column: Proposed
    taken: Taken
    options: str
    samples: str
    conversions: list[tuple[str, str]]
    conversion: str
    asks: str
    example: str
    warning: str
    flag: str
    is_sure: bool
    error: str
    conversion_error: str

    @property
    def is_as_written(self) -> bool:
        """Its texts are ours already, so that the conversions need not be seen."""
        return self.conversion == AS_WRITTEN

    @property
    def is_matched(self) -> bool:
        """By our own name, as remembered, or as the field calls it, and not changed since."""
        return self.taken.name == self.column.name and self.column.certainty == Certainty.MATCHED


@at_site(UPLOAD)
@READ_AND_SEND
def match(request: SiteRequest, public_id: str) -> HttpResponse:
    """The columns of a held file of cases and what they are taken for; POST lets the file be checked, or remembers and leaves."""
    row = named(_of(request), public_id)
    if row.kind != UploadKind.CASES or row.state != JobState.HELD:
        return redirect("upload", request.site.code, row.public_id)
    said = request.POST if request.method == "POST" else None
    try:
        file = look(row, sheet=(said or request.GET).get("sheet", ""))
    except InvalidReport as refusal:
        return render(
            request, "strata/uploads/unreadable.html", {"upload": row, "refusal": refusal.problems}, status=422
        )
    is_judged = said is not None and "again" not in said and "leave" not in said
    form = MatchForm(file, said, name=row.name, is_judged=is_judged)
    if said is not None and "leave" in said:
        return _left(request, form, said.get("remember", ""))
    if is_judged and form.is_valid() and _matched(request, row, form):
        return redirect("upload", request.site.code, row.public_id)
    return _page(request, row, file, form)


def _of(request: SiteRequest) -> Any:
    return Upload.objects.visible_to(request.user).filter(site=request.site).select_related("site")


def _page(request: SiteRequest, row: Upload, file: HeldFile, form: MatchForm) -> HttpResponse:
    options = Options(fields(_numbers(form), file.proposal.clocks))
    rows = [_row(form, column, options) for column in file.proposal.columns]
    off = [each for each in rows if each.column.flag]
    open_ = [each for each in rows if not each.column.flag and (not each.column.name or each.column.asks)]
    groups = [
        ("choose", open_),
        ("matched", [each for each in rows if each not in off and each not in open_]),
        ("off", off),
    ]
    context = {
        "upload": row,
        "file": file,
        "form": form,
        "groups": [(kind, listed) for kind, listed in groups if listed],
        "lacking": form.lacking,
        "of": len(rows),
        "matched": sum(bool(taken.name) for taken in form.taken),
        "asked": [(each.name, form[f"all_{each.name}"]) for each in form.asked],
        "renews": len(rows) <= FEW,
        "summary": form.summary,
    }
    return render(request, "strata/uploads/match.html", context, status=422 if form.summary else 200)


def _row(form: MatchForm, column: Proposed, options: Options) -> Row:
    taken, asks, file = form.taken[column.place], form.asks(column), form.file
    shown = [text[:LONGEST_SAMPLE] for text in column.texts[:SAMPLES]]
    is_id = taken.name == KEY and (look_like_record_numbers(column.texts) or look_like_days(column.texts))
    warning = _("These look like record numbers or days. Use ids made up by you.") if is_id else ""
    values = file.proposal.plan.values.get(taken.name, {})
    return Row(
        column=column,
        taken=taken,
        options=options.of(taken.name),
        samples=", ".join(masked(text) if column.flag else text for text in shown),
        conversions=[(each, conversion_label("" if each == AS_WRITTEN else each)) for each in form.offered(column)],
        conversion="" if asks else taken.conversion or AS_WRITTEN,
        asks=str(ASKS[asks]) if asks else "",
        example=example(taken.conversion, column.texts, values) if taken.name and not column.flag else "",
        warning=warning,
        flag=str(FLAGS[column.flag]) if column.flag else "",
        is_sure=form.is_sure(column),
        error=form.places.get(f"column_{column.place}", ""),
        conversion_error=form.places.get(f"conversion_{column.place}", ""),
    )


def _numbers(form: MatchForm) -> dict[str, int]:
    """So many rows of each list may be chosen: those that are named, and one more."""
    named_rows = [at for taken in form.taken if (at := flat.column(taken.name)) and at.number]
    highest = {
        section: max((at.number for at in named_rows if at.section == section), default=0) for section in flat.ONE_OF
    }
    return {section: min(number + 1, flat.most_of(section)) for section, number in highest.items()}


def _matched(request: SiteRequest, row: Upload, form: MatchForm) -> bool:
    """The file waits for its check, and its matching is remembered where it has a name."""
    plan, name = form.plan(), form.cleaned_data["remember"]
    try:
        uploads.match(row, plan, by=request.user, via=Channel.FORM)
        if name.strip():
            column_maps.remember(request.site, name, plan, by=request.user, via=Channel.FORM)
    except InvalidReport as refusal:
        for problem in refusal.problems:
            form.places.setdefault("columns", problem.message)
        return False
    return True


def _left(request: SiteRequest, form: MatchForm, name: str) -> HttpResponse:
    """The matching as far as it has come is remembered; the file goes on waiting."""
    with suppress(InvalidReport):
        kept = column_maps.remember(
            request.site,
            name or str(form.initial["remember"]) or _("Cases"),
            form.plan(),
            by=request.user,
            via=Channel.FORM,
        )
        messages.success(request, _("The matching “%(name)s” is saved. The file waits for you.") % {"name": kept.name})
    return redirect("uploads", request.site.code)


@at_site(UPLOAD)
@require_safe
def matchings(request: SiteRequest) -> HttpResponse:
    """The matchings that the site remembers."""
    return render(request, "strata/uploads/matchings.html", {"rows": _maps(request)})


@at_site(UPLOAD)
@READ_AND_SEND
def matching(request: SiteRequest, public_id: str) -> HttpResponse:
    """POST renames a matching, or forgets it."""
    row = named(_maps(request), public_id)
    if request.method != "POST":
        return redirect("matchings", request.site.code)
    try:
        if "forget" in request.POST:
            column_maps.forget(row, by=request.user, via=Channel.FORM)
            messages.success(request, _("The matching “%(name)s” is forgotten.") % {"name": row.name})
        else:
            column_maps.rename(row, request.POST.get("name", ""), by=request.user, via=Channel.FORM)
    except InvalidReport as refusal:
        messages.warning(request, refusal.problems[0].message)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    return redirect("matchings", request.site.code)


def _maps(request: SiteRequest) -> Any:
    rows = ColumnMap.objects.visible_to(request.user).filter(site=request.site, kind=UploadKind.CASES)
    return rows.select_related("site").order_by("name")
