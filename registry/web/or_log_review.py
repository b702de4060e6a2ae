"""A checked OR log as its page shows it: what it would do, what needs its owner and how that is mended, and the times to be recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.models import Case, Upload, User
from registry.vocabulary.procedures import Clock, ProcedureCodeSystem
from registry.vocabulary.workflow import RowOutcome
from registry.web.uploads import IN_A_FILE

NEXT_DAY, AGAIN, IMPORT = "next_day", "again", "import"
ERROR = "error"
# What can be done about a cause here: the place on this page that says more, or the page of the columns.
_CODES, _TOGETHER, _COLUMNS = "codes", "together", "columns"
REPAIRS = {
    "out-before-in": NEXT_DAY,
    "unmapped-code": _CODES,
    "ambiguous-encounter": _TOGETHER,
    "code-missing": _COLUMNS,
    "unreadable-time": _COLUMNS,
    "date-missing": _COLUMNS,
}
SAID: dict[str, str | Promise] = {
    **IN_A_FILE,
    "out-before-in": gettext_lazy("The end is before the start. Correct the times in the log."),
    "unmapped-code": gettext_lazy("This is no code of your site's procedure map."),
    "other-category": gettext_lazy(
        "The case of this row names another procedure category than the code of the row has. Check that it is this operation."
    ),
    "code-missing": gettext_lazy("No column of the log says which procedure it was."),
}
"""What is said here, where the fix stands beside it."""
ORDERS: dict[str | None, str | Promise] = {
    "mdy": gettext_lazy("Dates are read month first, as 01/31/22."),
    "dmy": gettext_lazy("Dates are read day first, as 31/01/22."),
    None: gettext_lazy("Dates are written so that they can be read in one way only."),
}


@dataclass(frozen=True)
class Cause:
    """One problem, how many rows have it, the first of them, and what mends it here; "" where only the log itself can be mended."""

    message: str
    column: str
    severity: str
    number: int
    rows: Sequence[int]
    repair: str

    @property
    def shown(self) -> str:
        """The first rows, and how many more there are."""
        listed, more = ", ".join(f"{row:,}" for row in self.rows), self.number - len(self.rows)
        return _("%(rows)s and %(more)s more") % {"rows": listed, "more": f"{more:,}"} if more > 0 else listed


@dataclass(frozen=True)
class Code:
    """A code that no map of the site knows, and how many rows have it."""

    system: str
    label: str
    code: str
    rows: int


@dataclass(frozen=True)
class Told:
    """A case and the minutes that would be recorded for it, None for a clock of which the log says nothing."""

    case: Case
    in_room: int | None
    incision_closure: int | None


@dataclass(frozen=True)
class Review:
    """All of a check's page but who reads it."""

    completed: int
    created: int
    figures: Sequence[tuple[int, str]]
    causes: Sequence[Cause]
    codes: Sequence[Code]
    together: Sequence[str]
    told: Sequence[Told]
    order: str
    refused: int
    unmatched: int

    @property
    def has_incisions(self) -> bool:
        """Whether the log tells of any case shown when it was cut."""
        return any(told.incision_closure is not None for told in self.told)

    @property
    def headline(self) -> str:
        """What an import would do, and whether anything needs its owner."""
        parts = []
        if self.completed:
            said = ngettext("%(n)s case gets its OR time", "%(n)s cases get their OR time", self.completed)
            parts.append(said % {"n": f"{self.completed:,}"})
        if self.created:
            said = ngettext("%(n)s encounter becomes a control", "%(n)s encounters become controls", self.created)
            parts.append(said % {"n": f"{self.created:,}"})
        if not parts and not self.refused:
            parts.append(_("Nothing in this log is new"))
        if self.refused:
            said = ngettext("%(n)s row needs you", "%(n)s rows need you", self.refused)
            parts.append(said % {"n": f"{self.refused:,}"})
        return ", ".join(parts)

    @property
    def button(self) -> str:
        """What the button does; "" where there is nothing to record."""
        parts = []
        if self.completed:
            said = ngettext("%(n)s OR time", "%(n)s OR times", self.completed)
            parts.append(said % {"n": f"{self.completed:,}"})
        if self.created:
            said = ngettext("%(n)s control", "%(n)s controls", self.created)
            parts.append(said % {"n": f"{self.created:,}"})
        return _("Record %(what)s") % {"what": _(" and ").join(parts)} if parts else ""

    @property
    def bar(self) -> Sequence[tuple[str, str, str]]:
        """Kind, beginning and length of each part of the bar, in per cent of all rows."""
        ready = self.completed + self.created
        total = max(1, sum(number for number, _words in self.figures))
        parts = (("ready", ready), ("unchanged", total - ready - self.refused), ("needs", self.refused))
        found, at = [], 0.0
        for kind, number in parts:
            found.append((kind, f"{at:.2f}", f"{100 * number / total:.2f}"))
            at += 100 * number / total
        return found


def review_of(upload: Upload, found: Mapping[str, Any], *, reader: User) -> Review:
    """What the check of this upload found, for somebody of its site. One query."""
    counts = {outcome: found["counts"].get(outcome.value, 0) for outcome in RowOutcome}
    words = (
        (RowOutcome.COMPLETED, _("waiting cases get their OR time")),
        (RowOutcome.CREATED, _("encounters become controls")),
        (RowOutcome.UNMATCHED, _("are of no case, and left alone")),
        (RowOutcome.UNCHANGED, _("are known already, and left alone")),
        (RowOutcome.REFUSED, _("need you")),
    )
    return Review(
        completed=counts[RowOutcome.COMPLETED],
        created=counts[RowOutcome.CREATED],
        figures=[(counts[outcome], said) for outcome, said in words if counts[outcome]],
        causes=_causes(upload, found["causes"]),
        codes=[
            Code(system, str(ProcedureCodeSystem(system).label), code, rows) for system, code, rows in found["unmapped"]
        ],
        together=[", ".join(f"{row:,}" for row in rows) for rows in found["together"]],
        told=_told(upload, found["first"], reader),
        order=str(ORDERS[found["order"]]),
        refused=counts[RowOutcome.REFUSED],
        unmatched=counts[RowOutcome.UNMATCHED],
    )


def _causes(upload: Upload, said: Sequence[Any]) -> list[Cause]:
    """Errors before warnings, those of most rows first."""
    found = []
    for severity, code, column, message, number, *rows in said:
        repair = REPAIRS.get(code, "") if severity == ERROR else ""
        if repair == NEXT_DAY and upload.options.get("next_day"):
            repair = ""
        sentence = str(SAID.get(code, message)) if repair != NEXT_DAY else message.partition(". ")[0] + "."
        found.append(Cause(sentence, column, severity, number, rows, repair))
    return sorted(found, key=lambda cause: (cause.severity, -cause.number, cause.message))


def _told(upload: Upload, first: Sequence[Any], reader: User) -> list[Told]:
    cases = Case.objects.visible_to(reader).filter(site=upload.site).in_bulk([case for case, _times in first])
    return [
        Told(cases[case], times.get(Clock.IN_ROOM.value), times.get(Clock.INCISION_CLOSURE.value))
        for case, times in first
        if case in cases
    ]
