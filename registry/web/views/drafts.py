"""The case form: a draft, section by section, saved as it was typed, then checked as a whole and submitted."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.actions import drafts
from registry.errors import Conflict, InvalidReport
from registry.models import Case, Draft
from registry.permissions import SUBMIT
from registry.vocabulary.workflow import Channel
from registry.web.case_form import CONTROL, Judged, Section, judged, rows_of, sections_of, without_row
from registry.web.described import described, effort_grid
from registry.web.forms.section import Offered, SectionForm, typed_in
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
    """A draft that says what is recorded of the case, open at its check."""
    case = named(Case.objects.visible_to(request.user).filter(site=request.site).select_related("site"), public_id)
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
    """Every name of the section that the form had is said anew; those it did not have stay."""
    sent = request.POST
    rows = rows_of(dict.fromkeys(sent, "x"))
    texts = typed_in(here.names(rows), sent)
    remove, _colon, number = sent.get("remove", "").partition(":")
    if remove in here.lists and number.isdecimal():
        texts = without_row(texts, remove, int(number))
    version = int(sent["version"]) if sent.get("version", "").isdecimal() else 0
    names = [name for name in here.names(rows) if name not in _fixed(draft)]
    texts = {name: text for name, text in texts.items() if name not in _fixed(draft)}
    marks = " ".join(sorted({*draft.data.get(drafts.SAVED, "").split(), here.key}))
    said, replaced = {**texts, drafts.SAVED: marks}, [*names, drafts.SAVED]
    try:
        saved = drafts.save(draft, said, names=replaced, version=version, by=request.user)
    except Conflict as refusal:
        return _conflict(request, draft, here, texts, refusal)
    if "HX-Request" in request.headers:
        return render(request, "strata/cases/saved.html", {"draft": saved})
    return redirect(_next(request, saved, here))


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
    request: SiteRequest, draft: Draft, here: Section, texts: dict[str, str], refusal: Conflict
) -> HttpResponse:
    """Both values of every input that differs: what was typed here, and what is saved."""
    now = named(_of(request), draft.public_id)
    form = SectionForm(here, {**now.data, **texts}, rows_of({**now.data, **texts}), offered=Offered.of(request.site))
    differing = [
        (form[name].label, text, now.data.get(name, ""))
        for name, text in texts.items()
        if name in form.fields and text != now.data.get(name, "")
    ]
    context = {"draft": now, "section": here, "differing": differing, "message": refusal.message, "texts": texts}
    template = "strata/cases/conflict_line.html" if "HX-Request" in request.headers else "strata/cases/conflict.html"
    return render(request, template, context, status=409)


def _shown(request: SiteRequest, draft: Draft, here: Section) -> HttpResponse:
    verdict = judged(draft, request.site)
    problems = verdict.of(here) if here.key in verdict.saved else []
    more = [request.GET["more"]] if request.GET.get("more") in here.lists else []
    rows, offered = rows_of(draft.data, more), Offered.of(request.site)
    form = SectionForm(here, draft.data, rows, offered=offered, problems=problems, fixed=_fixed(draft))
    return render(request, "strata/cases/section.html", {"form": form, **_frame(draft, verdict, here.key)})


def _frame(draft: Draft, verdict: Judged, here: str) -> dict[str, Any]:
    name = draft.data.get("local_case_id", "")
    return {
        "draft": draft,
        "verdict": verdict,
        "here": here,
        "title": name or (_("New control case") if verdict.sections == (CONTROL,) else _("New case")),
    }


@at_site(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SiteRequest, public_id: str) -> HttpResponse:
    """The draft as a whole, with everything that is wrong with it; POST submits it."""
    draft = named(_of(request), public_id)
    refused: list[str] = []
    if request.method == "POST":
        try:
            done = drafts.submit(draft, by=request.user, via=Channel.FORM)
        except InvalidReport:
            pass  # the page says what
        except Conflict as refusal:
            refused.append(refusal.message)
        else:
            messages.success(request, _("Case %(id)s is recorded.") % {"id": done.case.local_case_id})
            for warning in done.warnings:
                messages.warning(request, warning.message)
            return redirect("case", request.site.code, done.case.public_id)
    verdict = judged(draft, request.site)
    context = {
        "refused": refused,
        "parts": described(verdict.report),
        "grid": effort_grid(verdict.report),
        "by_section": [(each, verdict.of(each)) for each in verdict.sections if verdict.of(each)],
        **_frame(draft, verdict, CHECK),
    }
    return render(request, "strata/cases/check.html", context, status=422 if request.method == "POST" else 200)


@at_site(SUBMIT)
@require_POST
def discard(request: SiteRequest, public_id: str) -> HttpResponse:
    """The draft is gone."""
    drafts.discard(named(_of(request), public_id), by=request.user)
    messages.success(request, _("The draft is discarded."))
    return redirect("cases", request.site.code)


@at_site(SUBMIT)
@require_GET
def first(request: SiteRequest, public_id: str) -> HttpResponse:
    """The draft, at its first section."""
    draft = named(_of(request), public_id)
    return redirect("draft", request.site.code, draft.public_id, sections_of(draft.data)[0].key)
