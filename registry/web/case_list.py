"""The list of a site's cases, and what one asks of it: every view has an address of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models import Case, Draft, ProcedureTime, Site
from registry.models.case import CaseQuerySet
from registry.vocabulary.clinic import OrganSystem
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import CATEGORY_BY_CODE, Clock, TimeSource
from registry.vocabulary.workflow import CaseState, NoProcedureReason
from registry.web.case_form import sections_of

ANY = ("", _("Any"))
ALL = ("any", _("Any"))
REQUESTS = ("requests", _("All but controls"))
OUTCOMES = (("waiting", _("Waiting for OR time")), ("timed", _("With an OR time")), ("none", _("No procedure")))


class CaseFilter(forms.Form):
    """Which cases: all fields may be left out, and nonsense asks for nothing.

    An id is looked for among all cases, whatever became of them.
    """

    id = forms.CharField(label=_("Case id begins with"), required=False, max_length=32)
    kind = forms.ChoiceField(label=_("What was made"), required=False, choices=[REQUESTS, ALL, *ObjectKind.choices])
    organ = forms.ChoiceField(label=_("Organ system"), required=False, choices=[ANY, *OrganSystem.choices])
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ANY, *OUTCOMES])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *CaseState.choices])
    first = forms.DateField(
        label=_("Ordered from"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, "%Y-%m"),
    )
    last = forms.DateField(
        label=_("Ordered until"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, "%Y-%m"),
    )

    def __init__(self, asked: Mapping[str, Any]) -> None:
        defaults = {"kind": REQUESTS[0], "state": CaseState.SUBMITTED}
        said = {name: asked.get(name) or defaults.get(name, "") for name in self.base_fields}
        if said["id"].strip():
            said |= {name: ALL[0] for name, default in defaults.items() if said[name] == default}
        super().__init__(said, label_suffix="", auto_id="filter_%s")

    def cases(self, site: Site) -> CaseQuerySet:
        """The cases asked for, newest first."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        found = Case.objects.filter(site=site)
        state = asked.get("state", CaseState.SUBMITTED)
        if state != ALL[0]:
            found = found.filter(state=state)
        if "id" in asked:
            found = found.called(asked["id"])
        if asked.get("outcome") == "waiting":
            found = found.waiting()
        return found.filter(_kind(asked), _rest(asked)).order_by("-id")


def _kind(asked: Mapping[str, Any]) -> Q:
    kind = asked.get("kind", REQUESTS[0])
    if kind == ALL[0]:
        return Q()
    return ~Q(object_kind=ObjectKind.NONE) if kind == REQUESTS[0] else Q(object_kind=kind)


def _rest(asked: Mapping[str, Any]) -> Q:
    wanted = Q()
    if "organ" in asked:
        wanted &= Q(organ_system=asked["organ"])
    if asked.get("outcome") == "timed":
        wanted &= Q(Exists(ProcedureTime.objects.filter(procedure__case=OuterRef("pk"))))
    if asked.get("outcome") == "none":
        wanted &= Q(no_procedure_reason__isnull=False)
    if "first" in asked:
        wanted &= Q(order_month__gte=asked["first"])
    if "last" in asked:
        wanted &= Q(order_month__lte=asked["last"])
    return wanted


@dataclass(frozen=True)
class Line:
    """One case of the list."""

    public_id: str
    local_case_id: str
    what: str
    ordered: date | None
    performed: date | None
    outcome: str
    waits: bool
    state: str
    revision: int
    changed_at: Any


def lines(cases: CaseQuerySet) -> list[Line]:
    """The cases as the list shows them: two queries, whatever their number."""
    rows = list(cases.select_related("procedure").prefetch_related("procedure__times"))
    return [_line(case) for case in rows]


def _line(case: Case) -> Line:
    procedure: Any = getattr(case, "procedure", None)
    made = str(ObjectKind(case.object_kind).label)
    what = f"{CATEGORY_BY_CODE[procedure.category].label}, {made.lower()}" if procedure else made
    said, waits = _outcome(case, procedure)
    return Line(
        case.public_id,
        case.local_case_id,
        what,
        case.order_month,
        procedure.performed_month if procedure else None,
        said,
        waits,
        case.state,
        case.revision,
        case.changed_at,
    )


def _outcome(case: Case, procedure: Any) -> tuple[str, bool]:
    """What is known of the operation, and whether something is still to come."""
    if case.no_procedure_reason:
        return str(_("None: %(why)s")) % {"why": str(NoProcedureReason(case.no_procedure_reason).label).lower()}, False
    times = list(procedure.times.all()) if procedure else []
    if times:
        order = list(Clock.values), list(TimeSource.values)
        best = min(times, key=lambda time: (order[0].index(time.clock), order[1].index(time.source)))
        clock = str(Clock(best.clock).label).partition(" (")[0].lower()
        return f"{best.minutes:,} min {clock}", False
    return "", case.state == CaseState.SUBMITTED and case.print_decision != "cancelled"


@dataclass(frozen=True)
class DraftLine:
    """One draft above the list: what it is about, whose it is, and which sections say something."""

    public_id: str
    title: str
    owner: str
    changed_at: datetime
    said: str


def draft_lines(drafts: Iterable[Draft]) -> list[DraftLine]:
    """The drafts as the page shows them; expects owner and case on the queryset."""
    return [
        DraftLine(
            draft.public_id, _title(draft), draft.owner.name or draft.owner.label, draft.changed_at, _sections(draft)
        )
        for draft in drafts
    ]


def _title(draft: Draft) -> str:
    name = draft.data.get("local_case_id", "")
    if draft.case is not None:
        return gettext("Amendment of %(id)s") % {"id": draft.case.local_case_id}
    if draft.data.get("object_kind") == ObjectKind.NONE:
        return gettext("Control case %(id)s") % {"id": name} if name else gettext("Control case without an id yet")
    return gettext("Case %(id)s") % {"id": name} if name else gettext("Case without an id yet")


def _sections(draft: Draft) -> str:
    found = [
        str(section.title)
        for section in sections_of(draft.data)
        if any(section.has(name) for name in draft.data if name != "object_kind")
    ]
    return ", ".join(found) or gettext("nothing filled in yet")
