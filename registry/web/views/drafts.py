"""The case form: a draft, section by section, saved as it was typed, then checked as a whole and submitted."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import drafts, writing
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake import flat
from registry.intake.restate import PREFETCH, report_of
from registry.models import Case, Draft
from registry.permissions import SUBMIT
from registry.vocabulary.workflow import Channel
from registry.web.case_form import CONTROL, Section, closed_up, rows_of, sections_of, without_row
from registry.web.described import Difference, described, differing, effort_grid
from registry.web.forms.section import Offered, SectionForm, typed_in
from registry.web.judged import Judged, judged
from registry.web.sentences import for_a_form
from registry.web.views.common import SiteRequest, at_site, named

BEGINNINGS = {"control": {"object_kind": "none"}, "print": {}}
CHECK = "check"


def _of(request: SiteRequest) -> QuerySet[Draft]:
    return Draft.objects.visible_to(request.user).filter(site=request.site).select_related("site", "owner", "case")


@at_site(SUBMIT)
@require_POST
def new(request: SiteRequest) -> HttpResponse:
    """A new draft, of a case with a print or of a control, open at its first section."""
    draft = drafts.begin(request.site, by=request.user, data=BEGINNINGS.get(request.POST.get("kind", "")))
    return redirect("draft", request.site.code, draft.public_id, sections_of(draft.data)[0].key)


@at_site(SUBMIT)
@require_POST
def amend(request: SiteRequest, public_id: str) -> HttpResponse:
    """A draft that says what is recorded of the case, open at its first section; the one there is, if it began from the case as it is."""
    case = named(Case.objects.visible_to(request.user).filter(site=request.site).select_related("site"), public_id)
    draft = _of(request).filter(case=case, case_revision=case.revision).order_by("-id").first()
    if draft is None:
        try:
            draft = drafts.draft_of(case, by=request.user)
        except Conflict as refusal:
            messages.error(request, refusal.message)
            return redirect("case", request.site.code, case.public_id)
    return redirect("draft", request.site.code, draft.public_id, sections_of(draft.data)[0].key)


@at_site(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SiteRequest, public_id: str, section: str) -> HttpResponse:
    """One section of a draft. POST saves what was typed, believable or not, and goes where the button says."""
    draft = named(_of(request), public_id)
    here = next((each for each in sections_of(draft.data) if each.key == section), None)
    if here is None:
        raise Http404
    if request.method == "POST":
        return _saved(request, draft, here)
    return _shown(request, draft, here)


def _saved(request: SiteRequest, draft: Draft, here: Section) -> HttpResponse:
    """Every name of the section that the form had is said anew; those it did not have stay.

    What saves itself while somebody types keeps the rows in their places, and tells nobody yet what is wrong.
    """
    by_itself, rows = "HX-Request" in request.headers, rows_of(dict.fromkeys(request.POST, "x"))
    names = [name for name in here.names(rows) if name not in _fixed(draft)]
    typed = typed_in(names, request.POST)
    texts = typed if by_itself else _after_button(request, here, typed)
    marks = {} if by_itself else {drafts.SAVED: " ".join(sorted({*draft.data.get(drafts.SAVED, "").split(), here.key}))}
    version = request.POST.get("version", "")
    # What saved itself a moment ago, and what is sent now, may be the same: then nobody overwrites anything.
    known = str(draft.version) == version or not differing(typed, draft.data, names)
    try:
        saved = drafts.save(
            draft, texts | marks, names=[*names, *marks], version=draft.version if known else 0, by=request.user
        )
    except Conflict:
        return _conflict(request, draft, here, typed, names)
    if by_itself:
        return render(request, "strata/cases/saved.html", {"draft": saved})
    return redirect(_next(request, saved, here))


def _after_button(request: SiteRequest, here: Section, typed: dict[str, str]) -> dict[str, str]:
    """What was typed, less the row whose button was pressed, and without gaps between rows."""
    remove, _colon, number = request.POST.get("remove", "").partition(":")
    if remove in here.lists and re.fullmatch(r"\d{1,2}", number, re.ASCII):
        typed = without_row(typed, remove, int(number))
    return closed_up(typed)


def _fixed(draft: Draft) -> tuple[str, ...]:
    """What an amendment cannot change: the id by which the site knows the case."""
    return ("local_case_id",) if draft.case_id else ()


def _next(request: SiteRequest, draft: Draft, here: Section) -> str:
    """Where the pressed button leads: the same section with a row more or less, or the section after this."""
    address = reverse("draft", args=[request.site.code, draft.public_id, here.key])
    if (more := request.POST.get("add", "")) in here.lists:
        return f"{address}?more={more}#list-{more}"
    if "remove" in request.POST or request.POST.get("go") == "stay":
        return address
    sections = sections_of(draft.data)
    # The kind may just have made a control of it, or the other way round.
    place = next((place for place, each in enumerate(sections) if each.key == here.key), -1)
    if place + 1 < len(sections):
        return reverse("draft", args=[request.site.code, draft.public_id, sections[place + 1].key])
    return reverse("draft-check", args=[request.site.code, draft.public_id])


def _conflict(
    request: SiteRequest, draft: Draft, here: Section, typed: dict[str, str], names: Iterable[str]
) -> HttpResponse:
    """Both values of every input that differs: what was typed here, and what is saved."""
    now = named(_of(request), draft.public_id)
    context = {"draft": now, "section": here, "lines": differing(typed, now.data, names), "texts": typed}
    template = "strata/cases/conflict_line.html" if "HX-Request" in request.headers else "strata/cases/conflict.html"
    return render(request, template, context, status=409)


def _shown(request: SiteRequest, draft: Draft, here: Section) -> HttpResponse:
    verdict = judged(draft, request.site)
    # Whoever comes from the check wants to see what is wrong, saved or not.
    tell = here.key in verdict.saved or "problems" in request.GET
    more = [request.GET["more"]] if request.GET.get("more") in here.lists else []
    rows, offered = rows_of(draft.data, more), Offered.of(request.site)
    problems = verdict.errors_of(here) if tell else []
    form = SectionForm(here, draft.data, rows, offered=offered, problems=problems, fixed=_fixed(draft))
    return render(request, "strata/cases/section.html", {"form": form, **_frame(draft, verdict, here.key)})


def _frame(draft: Draft, verdict: Judged, here: str) -> dict[str, Any]:
    name = draft.data.get("local_case_id", "")
    new = _("New control case") if verdict.sections == (CONTROL,) else _("New case")
    title = _("Case %(id)s") % {"id": name} if name else new
    return {"draft": draft, "verdict": verdict, "here": here, "title": title}


@at_site(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SiteRequest, public_id: str) -> HttpResponse:
    """The draft as a whole, with everything that is wrong with it; POST submits it."""
    draft = named(_of(request), public_id)
    if request.method != "POST":
        return _checked(request, draft)
    try:
        done = drafts.submit(draft, by=request.user, via=Channel.FORM, reason=request.POST.get("reason", ""))
    except InvalidReport as refusal:
        wrong = [problem.message for problem in refusal.problems if problem.path == "reason"]
        return _checked(request, draft, wrong=wrong, status=422)
    except Conflict as refusal:
        return _checked(request, draft, refusal=refusal, status=409)
    say = _("Case %(id)s amended.") if draft.case_id else _("Case %(id)s submitted.")
    if draft.case_id and done.result == writing.UNCHANGED:
        say = _("Nothing was changed.")
    messages.success(request, say % {"id": done.case.local_case_id})
    for warning in done.warnings:
        messages.warning(request, for_a_form(warning))
    return redirect("case", request.site.code, done.case.public_id)


def _checked(
    request: SiteRequest, draft: Draft, *, refusal: Conflict | None = None, wrong: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    """`wrong`: what is wrong with the reason that was given."""
    verdict = judged(draft, request.site)
    changed = _changed(draft) if draft.case_id else []
    context = {
        "refusal": for_a_form(Problem(refusal.code, "", refusal.message)) if refusal else "",
        "moved_on": changed if refusal and refusal.code == "case-changed" else [],
        "changed": changed,
        "reason": request.POST.get("reason", "").replace("\0", ""),
        "wrong": wrong,
        "refused": status == 422,
        "parts": described(verdict.report),
        "grid": effort_grid(verdict.report),
        "by_section": [(each, verdict.of(each)) for each in verdict.sections if verdict.of(each)],
        **_frame(draft, verdict, CHECK),
    }
    return render(request, "strata/cases/check.html", context, status=status)


def _changed(draft: Draft) -> list[Difference]:
    """Where the draft is not what its case says by now: what is recorded, and what the draft says."""
    case = Case.objects.prefetch_related(*PREFETCH).get(drafts=draft)
    recorded = flat.said_of(report_of(case))
    return differing(recorded, draft.data, {*draft.data, *recorded})


@at_site(SUBMIT)
@require_POST
def discard(request: SiteRequest, public_id: str) -> HttpResponse:
    """The draft is gone."""
    drafts.discard(named(_of(request), public_id), by=request.user)
    messages.success(request, _("The draft is discarded."))
    return redirect("cases", request.site.code)


@at_site(SUBMIT)
@require_safe
def first(request: SiteRequest, public_id: str) -> HttpResponse:
    """The draft, at its first section."""
    draft = named(_of(request), public_id)
    return redirect("draft", request.site.code, draft.public_id, sections_of(draft.data)[0].key)
