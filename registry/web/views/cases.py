"""The cases of a site: the list, one case with its history, and what may be done with it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import cases, outcomes, writing
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake import flat
from registry.intake.report import CaseReport
from registry.intake.restate import PREFETCH, laid_by_row, report_of
from registry.models import Case, Deployment, Draft
from registry.models.case import due_on
from registry.permissions import ASSESS, READ_CASES, RECORD, SUBMIT
from registry.vocabulary.workflow import CaseState, Channel, PrivacyMode
from registry.web.case_form import ASSESSMENT, OUTCOME, Section, closed_up, rows_of
from registry.web.case_list import CaseFilter, draft_lines, lines
from registry.web.described import Difference, described, differing, effort_grid
from registry.web.forms.section import Offered, SectionForm, typed_in
from registry.web.history import SHOWN, history_of
from registry.web.judged import Placed
from registry.web.sentences import for_a_form
from registry.web.views.common import SiteRequest, at_site, named

A_PAGE = 50
OF_OUTCOME = ("procedure", "no_procedure_reason", "or_log_number")


@at_site(READ_CASES)
@require_safe
def all_cases(request: SiteRequest) -> HttpResponse:
    """The site's cases, newest first, as the query of the address asks; above them the drafts that somebody began."""
    asked = CaseFilter(request.GET)
    page = Paginator(asked.cases(request.site), A_PAGE).get_page(request.GET.get("page"))
    drafts: Iterable[Draft] = ()
    if SUBMIT in request.verbs:
        drafts = (
            Draft.objects.visible_to(request.user)
            .filter(site=request.site)
            .select_related("owner", "case")
            .order_by("-changed_at", "-id")
        )
    context = {
        "filter": asked,
        "page": page,
        "lines": lines(page.object_list),  # type: ignore[arg-type]  # a sliced queryset is one still
        "drafts": draft_lines(drafts),
        "may_submit": SUBMIT in request.verbs,
    }
    return render(request, "strata/cases/all.html", context)


def _cases(request: SiteRequest) -> QuerySet[Case]:
    found = Case.objects.visible_to(request.user).filter(site=request.site)
    return found.select_related("site", "procedure").prefetch_related(*PREFETCH)


@at_site(READ_CASES)
@require_safe
def case(request: SiteRequest, public_id: str) -> HttpResponse:
    """All that is recorded of a case, what is still to come, and its history; `?history=all` shows the whole of it."""
    row = named(_cases(request), public_id)
    report = report_of(row)
    entries = history_of(row)
    shown = entries if request.GET.get("history") == "all" else entries[:SHOWN]
    withdrawn = row.state == CaseState.WITHDRAWN
    context = {
        "case": row,
        "parts": described(report),
        "grid": effort_grid(report),
        "entries": shown,
        "more": len(entries) - len(shown),
        "to_come": "" if withdrawn else _to_come(row),
        "or_log_number": _log_number(row),
        "withdrawn": withdrawn,
        "comes_back": writing.comes_back(row),
        "may_submit": SUBMIT in request.verbs and not withdrawn,
        "may_reinstate": SUBMIT in request.verbs and withdrawn,
        "may_record": RECORD in request.verbs and not withdrawn,
        "may_assess": ASSESS in request.verbs and not withdrawn and not row.is_control,
    }
    return render(request, "strata/cases/one.html", context)


def _to_come(row: Case) -> str:
    """What is still wanted of the case, in words; nothing for a complete one."""
    procedure: Any = getattr(row, "procedure", None)
    if row.is_control or row.no_procedure_reason or row.print_decision == "cancelled":
        return ""
    if procedure is not None and procedure.times.all():
        return ""
    month = procedure.performed_month if procedure else row.order_month
    due = due_on(month, by_year=_safe_harbor())
    what = _("the OR time") if procedure else _("the procedure and its OR time")
    late = timezone.now().date() > due
    said = _("Waiting for %(what)s, overdue since %(due)s.") if late else _("Waiting for %(what)s, due by %(due)s.")
    return said % {"what": what, "due": f"{due:%-d %B %Y}"}


def _log_number(row: Case) -> str:
    """Whether the OR-log number of the case is recorded, in words; nothing where the registry keeps none."""
    if row.encounter_digest or row.encounters.exists():
        return _("OR-log number: recorded, as a keyed hash alone.")
    return "" if _safe_harbor() else _("OR-log number: not recorded.")


def _safe_harbor() -> bool:
    return Deployment.objects.values_list("privacy_mode", flat=True).get() == PrivacyMode.SAFE_HARBOR


@at_site(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: SiteRequest, public_id: str) -> HttpResponse:
    """The procedure of a case and its OR times, or why there was none, recorded when they are known."""
    row = named(_cases(request), public_id)
    recorded = flat.said_of(report_of(row))

    def record(report: Mapping[str, Any], seen: int) -> writing.Submitted:
        return outcomes.record_procedure(row, _of_outcome(report), by=request.user, via=Channel.FORM, revision=seen)

    return _asked(request, row, OUTCOME, recorded, record, _("Record the outcome"), seen=row.revision)


def _of_outcome(report: Mapping[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in OF_OUTCOME if name in report}


@at_site(ASSESS)
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: SiteRequest, public_id: str) -> HttpResponse:
    """One more assessment of a case by somebody who used it."""
    row = named(_cases(request), public_id)

    def record(report: Mapping[str, Any], seen: int) -> writing.Submitted:
        said = report.get("assessments", [{}])[0]
        return outcomes.record_assessment(row, said, by=request.user, via=Channel.FORM, seen=seen)

    return _asked(request, row, ASSESSMENT, {}, record, _("Add an assessment"), seen=len(row.assessments.all()))


def _asked(
    request: SiteRequest, row: Case, section: Section, recorded: Mapping[str, str], record: Any, title: str, seen: int
) -> HttpResponse:
    """A section of the form for a recorded case: shown, or recorded, or shown with what is wrong.

    `seen` says what the person has seen of the case; the form brings it back, and `record` is told.
    """
    data, problems, moved_on, status = dict(recorded), list[Placed](), list[Difference](), 200
    if request.method == "POST":
        seen = _number(request.POST.get("seen", ""))
        data = closed_up(typed_in(section.names(rows_of(dict.fromkeys(request.POST, "x"))), request.POST))
        report = flat.read(data)
        try:
            if report.problems:
                raise InvalidReport(report.problems)
            done = record(report.data, seen)
        except InvalidReport as refusal:
            errors = [problem for problem in refusal.problems if problem.severity == "error"]
            problems, status = [_placed(problem, section, report.data) for problem in errors], 422
        except Conflict as refusal:
            problems, status = [Placed("", Problem(refusal.code, "", refusal.message))], 409
            if refusal.code == "case-changed":
                # What is recorded now stands on the page, so whoever sends it once more knows what it replaces.
                now = named(_cases(request), row.public_id)
                seen, moved_on = now.revision, _moved_on(now, report.data)
        else:
            return _recorded(request, row, section, done)
    # Where a time is recorded there may be another.
    rows = rows_of(data, ["times"] if section is OUTCOME and flat.row_name("times", 1, "minutes") in data else [])
    form = SectionForm(section, data, rows, offered=Offered.of(request.site), problems=problems)
    context = {"case": row, "form": form, "title": title, "section": section, "seen": seen, "moved_on": moved_on}
    return render(request, "strata/cases/outcome.html", context, status=status)


def _number(text: str) -> int:
    """The number of a hidden input; 0, which nobody has seen, for every other text."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def _moved_on(case: Case, report: Mapping[str, Any]) -> list[Difference]:
    """What recording the outcome of this report would make other than the case says now."""
    recorded = report_of(case)
    then = laid_by_row(recorded, CaseReport(_of_outcome(report))).data
    one, other = flat.said_of(then), flat.said_of(recorded)
    return differing(one, other, {*one, *other})


def _recorded(request: SiteRequest, row: Case, section: Section, done: writing.Submitted) -> HttpResponse:
    if done.result != writing.UNCHANGED:
        said = _("Recorded.")
    elif section is ASSESSMENT:
        said = _("This assessment is recorded. To add another that says the same, open the form again.")
    else:
        said = _("Nothing was changed.")
    messages.success(request, said)
    for warning in done.warnings:
        messages.warning(request, for_a_form(warning))
    return redirect("case", request.site.code, row.public_id)


def _placed(problem: Problem, section: Section, report: Mapping[str, Any]) -> Placed:
    """The problem at its input, also of what the case says elsewhere."""
    path = problem.path
    if section is ASSESSMENT and path.startswith("assessments["):
        # The assessment that is added is the only one of the form, and stands last in the report.
        path = "assessments[0]" + path.partition("]")[2]
    return Placed("" if path.startswith("effort") else flat.name_at(path, report), problem)


@at_site(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SiteRequest, public_id: str) -> HttpResponse:
    """Asks for the reason; POST withdraws the case, which then counts no more and keeps its rows."""
    row = named(_cases(request), public_id)
    return _with_reason(request, row, cases.withdraw, _("Case %(id)s is withdrawn."), "strata/cases/withdraw.html")


@at_site(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: SiteRequest, public_id: str) -> HttpResponse:
    """Asks for the reason; POST reinstates the withdrawn case, which then counts again as it was recorded."""
    row = named(_cases(request), public_id)
    return _with_reason(request, row, cases.reinstate, _("Case %(id)s counts again."), "strata/cases/reinstate.html")


def _with_reason(request: SiteRequest, row: Case, act: Any, said: str, template: str) -> HttpResponse:
    """A form that asks for the reason of an act on the case: shown, or done, or shown with what is wrong."""
    reason, problems = request.POST.get("reason", ""), list[Problem]()
    if request.method == "POST":
        try:
            act(row, reason=reason, by=request.user, via=Channel.FORM)
        except InvalidReport as refusal:
            problems = refusal.problems
        else:
            messages.success(request, said % {"id": row.local_case_id})
            return redirect("case", request.site.code, row.public_id)
    context = {"case": row, "reason": reason, "problems": problems}
    return render(request, template, context, status=422 if problems else 200)
