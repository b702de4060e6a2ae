"""The work-list of cases that wait for their OR time: type two clock times or the minutes, save, go on."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import outcomes
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake import flat
from registry.models import Case
from registry.permissions import RECORD
from registry.vocabulary.procedures import CATEGORIES, TimeSource
from registry.vocabulary.workflow import Channel, NoProcedureReason
from registry.web import waiting
from registry.web.sentences import for_a_form
from registry.web.views.common import SiteRequest, at_site, named

A_PAGE = 20
ROW, WHY = "strata/waiting_row.html", "strata/waiting_not_done.html"
TITLES = {ROW: gettext_lazy("Record the OR time"), WHY: gettext_lazy("Record that it was not done")}
SHORT = {name: short for short, name in waiting.NAMES.items()}


@at_site(RECORD)
@require_safe
def work_list(request: SiteRequest) -> HttpResponse:
    """The cases that wait, longest first; `?show=overdue` those that should be known by now, `?id=` those whose id begins so."""
    asked = waiting.Asked.of(request.GET)
    page = Paginator(asked.cases(request.site), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_counts(request, asked),
        "page": page,
        "rows": waiting.rows(page.object_list),  # type: ignore[arg-type]  # a sliced queryset is one still
        "done": _saved(request),
        **_offered(),
    }
    return render(request, "strata/waiting.html", context)


def _counts(request: SiteRequest, asked: waiting.Asked) -> dict[str, Any]:
    """How many wait, for the heading and the pills, each with its address, which keeps the id that is sought."""
    numbers = {key: cases.count() for key, cases in asked.parts(request.site).items()}
    shown = "overdue" if asked.late else "all"
    labels = {"all": _("All"), "overdue": _("Overdue")}
    sought = {"id": asked.id} if asked.id else {}
    pills = [(f"?{urlencode({'show': key, **sought})}", labels[key], numbers[key], key == shown) for key in numbers]
    return {"asked": asked, "pills": pills, "found": numbers[shown]}


@at_site(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SiteRequest, public_id: str) -> HttpResponse:
    """One row of the list; POST records the OR time, and the row says so in place, or what is wrong with it."""
    case, row = _case(request, public_id)
    if request.method != "POST":
        return _shown(request, row, ROW)
    report = waiting.report_of(request.POST.dict(), row)
    try:
        if report.problems:
            raise InvalidReport(report.problems)
        done = outcomes.record_procedure(
            case, {"procedure": report.data["procedure"]}, by=request.user, via=Channel.FORM, revision=case.revision
        )
    except InvalidReport as refusal:
        return _refused(request, row, refusal.problems, report.data)
    minutes = next(line["minutes"] for line in report.data["procedure"]["times"])
    return _done(request, row, f"{minutes:,} minutes", done.warnings)


@at_site(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def not_done(request: SiteRequest, public_id: str) -> HttpResponse:
    """Asks why there was no procedure; POST records the reason, and the case waits for nothing any more."""
    case, row = _case(request, public_id)
    if request.method != "POST":
        return _shown(request, row, WHY)
    reason = request.POST.get("reason", "")
    if reason not in NoProcedureReason.values:
        return _shown(request, replace(row, problems=(_("Choose why there was no procedure."),)), WHY)
    try:
        said = {"no_procedure_reason": reason}
        done = outcomes.record_procedure(case, said, by=request.user, via=Channel.FORM, revision=case.revision)
    except InvalidReport as refusal:
        return _shown(request, replace(row, problems=tuple(for_a_form(each) for each in refusal.problems)), WHY)
    why = str(NoProcedureReason(reason).label)
    return _done(request, row, why[:1].lower() + why[1:], done.warnings)


def _saved(request: SiteRequest) -> Case | None:
    """The case of which the page says that it was just saved."""
    public_id = request.GET.get("done", "").replace("\0", "")
    return Case.objects.filter(site=request.site, public_id=public_id).first() if public_id else None


def _case(request: SiteRequest, public_id: str) -> tuple[Case, waiting.Waiting]:
    """The case, and its row of the list. Raises `Conflict` for one that waits no more; another site's is not found."""
    case = named(Case.objects.visible_to(request.user).filter(site=request.site).select_related("site"), public_id)
    rows = waiting.rows(waiting.waiting_cases(request.site).filter(pk=case.pk))
    if not rows:
        raise Conflict(
            _("%(case)s waits no more: open it to see what is recorded.") % {"case": case.local_case_id}, "case-changed"
        )
    return case, rows[0]


def _placed(problems: Iterable[Problem], report: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by the input it belongs to."""
    names = {SHORT.get(flat.name_at(problem.path, report), ""): for_a_form(problem) for problem in problems}
    return waiting.NOTHING | names


def _offered() -> dict[str, Any]:
    return {
        "categories": sorted(str(category.label) for category in CATEGORIES),
        "sources": TimeSource.choices,
    }


def _refused(
    request: SiteRequest, row: waiting.Waiting, problems: Iterable[Problem], report: dict[str, Any]
) -> HttpResponse:
    said = tuple(for_a_form(problem) for problem in problems)
    typed = waiting.NOTHING | {name: str(text) for name, text in request.POST.items() if name in waiting.NAMES}
    row = replace(row, typed=typed, wrong=_placed(problems, report), problems=said)
    return _shown(request, row, ROW)


def _shown(request: SiteRequest, row: waiting.Waiting, part: str) -> HttpResponse:
    """The row with this part, in its place in the list, or as a page of its own where there is no script."""
    template = part if "HX-Request" in request.headers else "strata/waiting_one.html"
    context = {"row": row, "part": part, "title": TITLES[part], "reasons": NoProcedureReason.choices, **_offered()}
    return render(request, template, context, status=422 if row.problems else 200)


def _done(request: SiteRequest, row: waiting.Waiting, what: str, warnings: list[Problem]) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('waiting', args=[request.site.code])}?done={row.public_id}")
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    context = {
        **_counts(request, waiting.Asked.of(QueryDict(page.query))),
        "waits": waiting.count(request.site),
        "row": row,
        "what": what,
        "warnings": [problem.message for problem in warnings],
    }
    return render(request, "strata/waiting_done.html", context)
