"""The case form in sections: which columns of a report stand in which, and how far each is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.actions.drafts import SAVED
from registry.errors import Problem
from registry.intake import flat
from registry.intake.check import check
from registry.models import Draft, Site
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.web.sentences import for_a_form

Words = str | Promise
PROCEDURE = tuple(
    flat.procedure_name(name)
    for name in (
        "performed_month category procedure_code_system procedure_code approach used_in_or surgeon_experience".split()
    )
)


@dataclass(frozen=True)
class Section:
    """One screen of the form: names that stand once, in groups of their own heading, then lists of rows."""

    key: str
    title: Words
    groups: tuple[tuple[Words, tuple[str, ...]], ...] = ()
    lists: tuple[str, ...] = ()

    def names(self, rows: Mapping[str, int]) -> list[str]:
        """Every name of the section, with so many rows of each list."""
        single = [name for _title, names in self.groups for name in names]
        return single + [
            flat.row_name(section, number, field)
            for section in self.lists
            for number in range(1, rows[section] + 1)
            for field in flat.fields_of(section)
        ]

    def has(self, name: str) -> bool:
        column = flat.column(name)
        return column is not None and (
            column.section in self.lists if column.number else any(name in names for _title, names in self.groups)
        )


EFFORT = tuple(flat.effort_name(activity, staff) for staff in StaffGroup.values for activity in EffortActivity.values)
CASE = Section(
    "case",
    _("Case and imaging"),
    (
        (_("The case"), ("local_case_id", "object_kind", "order_month", "print_decision", "print_decision_reason")),
        (_("The patient"), ("age_years", "age_months", "sex")),
        (_("Why"), ("organ_system", "indication_system", "indication_code", "complexity", "appropriateness")),
        (_("For whom and what"), ("ordering_services", "intended_uses")),
        (_("Statements"), ("exclusions_attested", "poc_attestation", "regulatory_pathway", "comment")),
    ),
    ("imaging",),
)
MODEL = Section("model", _("Model, guides and prints"), (), ("parts", "guides", "prints"))
EFFORT_AND_CODES = Section("effort", _("Effort and codes"), ((_("Effort, minutes"), EFFORT),), ("codes",))
OUTCOME = Section(
    "outcome",
    _("Use and OR time"),
    ((_("The procedure"), PROCEDURE), (_("Or none"), ("no_procedure_reason",)), (_("OR log"), ("or_log_number",))),
    ("times",),
)
ASSESSMENT = Section("assessment", _("Assessment"), (), ("assessments",))
CONTROL = Section(
    "control",
    _("Control case"),
    (
        (_("The case"), ("local_case_id", "age_years", "age_months", "sex", "complexity")),
        (_("The procedure"), PROCEDURE),
        (_("OR log"), ("or_log_number",)),
    ),
    ("times",),
)
PRINTED = (CASE, MODEL, EFFORT_AND_CODES, OUTCOME, ASSESSMENT)
LEAST = {"imaging": 1, "parts": 1, "guides": 0, "prints": 1, "codes": 1, "times": 1, "assessments": 1}
"""So many rows of each list are shown where none is filled in."""
NOT_STARTED, COMPLETE, NEEDS_YOU = "not_started", "complete", "needs_you"
STATES = {NOT_STARTED: _("Not started"), COMPLETE: _("Completed"), NEEDS_YOU: _("Needs you")}
TAGS = {NOT_STARTED: "cancelled", COMPLETE: "done", NEEDS_YOU: "needs-you"}


@dataclass(frozen=True)
class Placed:
    """A problem at the input it belongs to; `name` is "" where it belongs to no single one."""

    name: str
    problem: Problem

    @property
    def sentence(self) -> str:
        return for_a_form(self.problem)


@dataclass(frozen=True)
class Task:
    """How far a section is: an entry of the task list."""

    section: Section
    state: str
    errors: int

    @property
    def word(self) -> Words:
        return STATES[self.state]

    @property
    def tag(self) -> str:
        return TAGS[self.state]


@dataclass(frozen=True)
class Judged:
    """A draft as the registry would judge it now."""

    sections: tuple[Section, ...]
    saved: frozenset[str]
    data: Mapping[str, str]
    report: Mapping[str, Any]
    problems: tuple[Placed, ...]

    @property
    def errors(self) -> list[Placed]:
        return [placed for placed in self.problems if placed.problem.severity == "error"]

    @property
    def warnings(self) -> list[Placed]:
        return [placed for placed in self.problems if placed.problem.severity == "warning"]

    def of(self, section: Section) -> list[Placed]:
        """The problems of one section; those that belong to none stand with the first."""
        first = section is self.sections[0]
        return [
            placed
            for placed in self.problems
            if section.has(placed.name) or (first and not any(each.has(placed.name) for each in self.sections))
        ]

    @property
    def tasks(self) -> list[Task]:
        return [self._task(section) for section in self.sections]

    def _task(self, section: Section) -> Task:
        errors = sum(placed.problem.severity == "error" for placed in self.of(section))
        touched = section.key in self.saved or any(section.has(name) for name in self.data)
        if not touched and (section.key not in self.saved):
            return Task(section, NOT_STARTED, errors)
        return Task(section, NEEDS_YOU if errors else COMPLETE, errors)

    @property
    def complete(self) -> int:
        return sum(task.state == COMPLETE for task in self.tasks)


def sections_of(data: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of a draft: one for a control, all for a case with a print."""
    return (CONTROL,) if data.get("object_kind") == "none" else PRINTED


def judged(draft: Draft, site: Site) -> Judged:
    """The draft, read and judged by the check of every door, each problem at its input."""
    report = flat.read(draft.data)
    verdict = check([report], site=site)[0]
    placed = tuple(Placed(flat.name_at(problem.path, report.data), problem) for problem in verdict.problems)
    saved = frozenset(draft.data.get(SAVED, "").split())
    return Judged(sections_of(draft.data), saved, draft.data, report.data, placed)


def rows_of(data: Mapping[str, str], more: Iterable[str] = ()) -> dict[str, int]:
    """How many rows of each list the form shows: those filled in, and one further where it was asked for."""
    found = dict(LEAST)
    if data.get("object_kind") in {"anatomic_guide", "both"}:
        found["guides"] = 1
    for name in data:
        column = flat.column(name)
        if column is not None and column.number:
            found[column.section] = max(found[column.section], column.number)
    for section in more:
        if section in found:
            found[section] = min(found[section] + 1, flat.most_of(section))
    return found


def without_row(texts: Mapping[str, str], section: str, number: int) -> dict[str, str]:
    """The texts without this row of the list; later rows move up."""
    kept: dict[str, str] = {}
    for name, text in texts.items():
        column = flat.column(name)
        if column is None or column.section != section or column.number < number:
            kept[name] = text
        elif column.number > number:
            kept[flat.row_name(section, column.number - 1, column.field)] = text
    return kept
