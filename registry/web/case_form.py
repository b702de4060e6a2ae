"""The case form in sections: which columns of a report stand in which, in how many rows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.intake import flat, typed
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup

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
LISTS: dict[str, tuple[Words, Words]] = {
    "imaging": (_("Imaging"), _("image source")),
    "parts": (_("Anatomic parts, the dominant one first"), _("part")),
    "guides": (_("Guides"), _("guide")),
    "prints": (_("Prints"), _("print")),
    "codes": (_("Codes"), _("code")),
    "times": (_("OR times"), _("time")),
    "assessments": (_("Assessments"), _("assessment")),
}
"""What a list is called, and one of its rows."""


def sections_of(data: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of a draft: one for a control, all for a case with a print."""
    return (CONTROL,) if data.get("object_kind") == "none" else PRINTED


def rows_of(data: Mapping[str, str], more: Iterable[str] = ()) -> dict[str, int]:
    """How many rows of each list the form shows: those filled in, and one further where it was asked for."""
    found = dict(LEAST)
    if data.get("object_kind") in {"anatomic_guide", "both"}:
        found["guides"] = 1
    if data.get("print_decision") in {"digital_only", "cancelled"}:
        found["prints"] = 0
    for name in data:
        column = flat.column(name)
        if column is not None and column.number:
            found[column.section] = max(found[column.section], column.number)
    for section in more:
        if section in found:
            found[section] = min(found[section] + 1, flat.most_of(section))
    return found


def without_row(texts: Mapping[str, str], section: str, number: int) -> dict[str, str]:
    """The texts without this row of the list; later rows move up, and prints name the parts by their new numbers."""
    kept: dict[str, str] = {}
    for name, text in texts.items():
        column = flat.column(name)
        if column is None or column.section != section or column.number < number:
            moved = section == "parts" and column is not None and (column.section, column.field) == ("prints", "parts")
            kept[name] = _numbers_without(text, number) if moved else text
        elif column.number > number:
            kept[flat.row_name(section, column.number - 1, column.field)] = text
    return kept


def _numbers_without(text: str, gone: int) -> str:
    """Numbers of parts, less the one that is gone; what is no list of numbers stays as it was typed."""
    numbers = typed.listed(text.replace(",", ";"))
    if not all(re.fullmatch(r"\d{1,2}", number, re.ASCII) for number in numbers):
        return text
    stay = [int(number) for number in numbers if int(number) != gone]
    return "; ".join(str(number - (number > gone)) for number in stay)


def closed_up(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without empty rows before filled ones, in lists where the place of a row says nothing."""
    kept = dict(texts)
    for section in ("codes", "times"):
        said = [column for name, text in kept.items() if text.strip() and (column := flat.column(name))]
        filled = {column.number for column in said if column.section == section}
        for number in range(max(filled, default=0), 0, -1):
            if number not in filled:
                kept = without_row(kept, section, number)
    return kept
