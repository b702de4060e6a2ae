"""The work-list: cases whose OR time nobody has recorded yet, those that wait longest first."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from registry.errors import Problem
from registry.intake import flat
from registry.intake.report import CaseReport
from registry.models import Case, Deployment, Site
from registry.models.case import CaseQuerySet, due_on, first_not_overdue
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import CATEGORY_BY_CODE
from registry.vocabulary.workflow import PrivacyMode

SOON = timedelta(days=7)
# What a row of the list asks, and the name it has in a report on one line.
NAMES = {
    "from": flat.row_name("times", 1, "from"),
    "to": flat.row_name("times", 1, "to"),
    "minutes": flat.row_name("times", 1, "minutes"),
    "source": flat.row_name("times", 1, "source"),
    "category": flat.procedure_name("category"),
    "month": flat.procedure_name("performed_month"),
}
MINUTES = "procedure.times[0].minutes"
ALWAYS = {flat.row_name("times", 1, "clock"): "in_room"}


NOTHING = dict.fromkeys(NAMES, "")


@dataclass(frozen=True)
class Waiting:
    """One case of the list: when its operation was, or its order while none is recorded, and by when its time is due.

    `typed` and `wrong` say what was typed into its inputs and what is wrong there; `problems` are all sentences.
    """

    public_id: str
    local_case_id: str
    what: str
    month: date
    has_procedure: bool
    due: date
    today: date
    typed: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    wrong: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    problems: tuple[str, ...] = ()

    @property
    def month_text(self) -> str:
        """What the input for the month shows: what was typed there, else the month of the order."""
        return self.typed["month"] or f"{self.month:%Y-%m}"

    @property
    def days(self) -> int:
        """Until it is due; negative once it is overdue."""
        return (self.due - self.today).days

    @property
    def tag(self) -> str:
        return "failed" if self.days < 0 else "needs-you" if self.due - self.today <= SOON else "done"


def waiting_cases(site: Site) -> CaseQuerySet:
    """The cases of the site that wait for an OR time, by the month in which they stand."""
    cases = Case.objects.filter(site=site).waiting()
    return cases.annotate(month=Coalesce("procedure__performed_month", "order_month")).order_by("month", "id")


def overdue(cases: CaseQuerySet) -> CaseQuerySet:
    """Those whose OR time should be here by now."""
    return cases.filter(month__lt=first_not_overdue(timezone.now().date(), by_year=_by_year()))  # type: ignore[misc]  # annotated above


@dataclass(frozen=True)
class Asked:
    """Which part of the list somebody looks at: the overdue ones alone, and those of which id."""

    late: bool
    id: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """As the query of the list's address says."""
        return cls(query.get("show") == "overdue", query.get("id", "").strip())

    @property
    def narrow(self) -> bool:
        """Whether the list may be empty while something waits."""
        return self.late or bool(self.id)

    def parts(self, site: Site) -> dict[str, CaseQuerySet]:
        """The waiting cases of this id by the pill that shows them."""
        found = waiting_cases(site).called(self.id)
        return {"all": found, "overdue": overdue(found)}

    def cases(self, site: Site) -> CaseQuerySet:
        """The cases that the list shows."""
        return self.parts(site)["overdue" if self.late else "all"]


def count(site: Site) -> int:
    """How many cases of the site wait."""
    return Case.objects.filter(site=site).waiting().count()


def rows(cases: CaseQuerySet) -> list[Waiting]:
    """The cases as the list shows them."""
    names = ("public_id", "local_case_id", "object_kind", "procedure__category", "month")
    today, by_year = timezone.now().date(), _by_year()
    return [
        Waiting(
            public_id, local_id, _what(kind, category), month, bool(category), due_on(month, by_year=by_year), today
        )
        for public_id, local_id, kind, category, month in cases.values_list(*names)
    ]


def report_of(typed: Mapping[str, str], case: Waiting) -> CaseReport:
    """What somebody typed in this row, as the report of an outcome; what the registry knows of the procedure is not asked again."""
    texts = {name: typed.get(short, "") for short, name in NAMES.items()}
    if case.has_procedure:
        texts[NAMES["category"]] = texts[NAMES["month"]] = ""
    report = flat.read(ALWAYS | texts)
    if not any(texts[NAMES[short]].strip() for short in ("from", "to", "minutes")):
        return replace(report, problems=(Problem("time-missing", MINUTES, "Type both clock times, or the minutes."),))
    return report


def _by_year() -> bool:
    return Deployment.objects.values_list("privacy_mode", flat=True).get() == PrivacyMode.SAFE_HARBOR


def _what(kind: str, category: str | None) -> str:
    made = str(ObjectKind(kind).label)
    return f"{CATEGORY_BY_CODE[category].label}, {made.lower()}" if category else made
