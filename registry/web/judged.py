"""A draft as the registry would judge it now: each problem at its input, and how far each section of the form is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.actions.drafts import SAVED
from registry.actions.writing import WITHDRAWN, comes_back
from registry.errors import Problem
from registry.intake import flat, typed
from registry.intake.check import check
from registry.intake.report import CaseReport
from registry.models import Case, Draft, Site
from registry.models.fields import ChoiceList
from registry.vocabulary.fields import label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.vocabulary.workflow import CaseState
from registry.web.case_form import LISTS, Section, Words, rows_of, sections_of
from registry.web.sentences import for_a_form

MUST_BE_KNOWN = frozenset(
    "order_month organ_system intended_uses ordering_services print_decision exclusions_attested".split()
)
"""Of every case but a control these are known; the check takes no "unknown" for them."""
NOT_STARTED, IN_PROGRESS, COMPLETE, NEEDS_YOU = "not_started", "in_progress", "complete", "needs_you"
NOTHING = "nothing"
STATES: dict[str, tuple[Words, str]] = {
    NOT_STARTED: (_("Not started"), "cancelled"),
    IN_PROGRESS: (_("In progress"), "running"),
    COMPLETE: (_("Completed"), "done"),
    NOTHING: (_("Nothing entered"), "cancelled"),
    NEEDS_YOU: (_("Needs you"), "needs-you"),
}
"""How far a section is, in a word, and the tag that colours it."""


def called(column: flat.Column) -> str:
    """What an input asks for where it stands alone: "Age in years", "Print 2: Printer", "Consultation, clinician"."""
    if column.section == "effort":
        activity, staff = column.field.split()
        return f"{EffortActivity(activity).label}, {str(StaffGroup(staff).label).lower()}"
    said = label(column.section, column.field)
    return f"{str(LISTS[column.section][1]).capitalize()} {column.number}: {said}" if column.number else said


def may_be_unknown(column: flat.Column) -> bool:
    """Whether a report may say that nobody knows: the column takes null, and its vocabulary has no word for it."""
    field = flat.model_field(column)
    words = getattr(field, "words", ())
    return field is not None and field.null and typed.UNKNOWN not in words and column.field not in MUST_BE_KNOWN


def has_boxes(column: flat.Column) -> bool:
    """Whether the input is a list of boxes to tick."""
    return column.field == flat.MATERIALS or isinstance(flat.model_field(column), ChoiceList)


@dataclass(frozen=True)
class Placed:
    """A problem at the input it belongs to; `name` is "" where it belongs to no single one."""

    name: str
    problem: Problem

    @property
    def label(self) -> str:
        """What the input asks for; empty where there is none."""
        column = flat.column(self.name)
        return called(column) if column else ""

    @property
    def target(self) -> str:
        """The id of the input, of the first box where there are several; empty where there is none."""
        column = flat.column(self.name)
        return f"id_{self.name}{'_0' if has_boxes(column) else ''}" if column else ""

    @property
    def words(self) -> str:
        """What is wrong, and what to do."""
        column = flat.column(self.name)
        return for_a_form(self.problem, may_be_unknown=column is not None and may_be_unknown(column))


@dataclass(frozen=True)
class Task:
    """How far a section is: an entry of the task list."""

    section: Section
    state: str

    @property
    def word(self) -> Words:
        return STATES[self.state][0]

    @property
    def tag(self) -> str:
        return STATES[self.state][1]


@dataclass(frozen=True)
class Judged:
    """A draft as the registry would judge it now, its problems in the order of the form."""

    sections: tuple[Section, ...]
    saved: frozenset[str]
    data: Mapping[str, str]
    report: Mapping[str, Any]
    problems: tuple[Placed, ...]

    @property
    def errors(self) -> list[Placed]:
        return [placed for placed in self.problems if placed.problem.severity == "error"]

    def of(self, section: Section) -> list[Placed]:
        """The problems of one section; those that belong to none stand with the first."""
        first = section is self.sections[0]
        return [
            placed
            for placed in self.problems
            if section.has(placed.name) or (first and not any(each.has(placed.name) for each in self.sections))
        ]

    def errors_of(self, section: Section) -> list[Placed]:
        return [placed for placed in self.of(section) if placed.problem.severity == "error"]

    @property
    def tasks(self) -> list[Task]:
        return [Task(section, self._state(section)) for section in self.sections]

    def _state(self, section: Section) -> str:
        begun = any(section.has(name) and name != "object_kind" for name in self.data)
        if section.key not in self.saved:
            return IN_PROGRESS if begun else NOT_STARTED
        if self.errors_of(section):
            return NEEDS_YOU
        return COMPLETE if begun else NOTHING

    @property
    def complete(self) -> int:
        return sum(task.state == COMPLETE for task in self.tasks)


def judged(draft: Draft, site: Site) -> Judged:
    """The draft, read and judged by the check of every door, and by whether its id is free; each problem at its input."""
    report = flat.read(draft.data)
    verdict = check([report], site=site)[0]
    sections, rows = sections_of(draft.data), rows_of(draft.data)
    place = {name: n for n, name in enumerate(name for section in sections for name in section.names(rows))}
    problems = [*verdict.problems, *(() if draft.case_id else _taken(report, site))]
    placed = [Placed(_name_at(problem.path, report), problem) for problem in problems]
    placed.sort(key=lambda each: place.get(each.name, -1))
    # Whoever amends a case has said all of it once.
    saved = {section.key for section in sections} if draft.case_id else draft.data.get(SAVED, "").split()
    return Judged(sections, frozenset(saved), draft.data, report.data, tuple(placed))


def _taken(report: CaseReport, site: Site) -> Iterator[Problem]:
    """What a new case is refused for when it is submitted: another bears its id. One query."""
    known = Case.objects.filter(site=site, local_case_id=report.local_case_id or "").first()
    if known is None or comes_back(known):
        return
    if known.state == CaseState.WITHDRAWN:
        yield WITHDRAWN
    else:
        yield Problem("case-exists", "local_case_id", "A case with this id is recorded already.")


def _name_at(path: str, report: CaseReport) -> str:
    """The input to begin with: a procedure that is missing begins with its month."""
    name = flat.name_at(path, report.data, report.numbers)
    return name or (flat.procedure_name("performed_month") if path == "procedure" else "")
