"""What an act changed of a case, in words: each row before and after, with the labels of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from registry.models import Material, Printer, Site
from registry.vocabulary.fields import FIELDS, label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.vocabulary.procedures import Clock, TimeSource
from registry.vocabulary.workflow import CaseState
from registry.web.case_form import LISTS
from registry.web.described import NOT_ASKED, UNKNOWN_WORD, in_words

Row = Mapping[str, Any]
MATERIAL = "registry_printmaterial"
SECTION_OF = {
    "registry_case": "case",
    "registry_imagingsource": "imaging",
    "registry_anatomicpart": "parts",
    "registry_guide": "guides",
    "registry_print": "prints",
    "registry_effort": "effort",
    "registry_appliedcode": "codes",
    "registry_procedure": "procedure",
    "registry_proceduretime": "times",
    "registry_userassessment": "assessments",
}
"""Table to the section of a report whose words its columns have."""
SAID_BY_NAME = {"effort": ("activity", "staff"), "codes": ("code",), "times": ("clock", "source")}


@dataclass(frozen=True)
class Change:
    """What was changed, and what it said before and after; empty where there was nothing before, or is nothing after.

    The same on both sides: that it was recorded is all that is known.
    """

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Names:
    """How the printers and materials of a site are called, and which number each print of the case has, by key."""

    printers: Mapping[int, str]
    materials: Mapping[int, str]
    prints: Mapping[int, int]

    @classmethod
    def of(cls, site: Site, prints: Mapping[int, int]) -> "Names":
        """Two queries."""
        printers = dict(Printer.objects.filter(site=site).values_list("pk", "label"))
        return cls(printers, dict(Material.objects.filter(site=site).values_list("pk", "name")), prints)


def changes(table: str, before: Row | None, after: Row | None, names: Names) -> list[Change]:
    """The changes of one row: of each field that says something else, or of the row as a whole where it came or went."""
    if table == MATERIAL:
        return _of_material(before, after, names)
    section = SECTION_OF[table]
    row = before or after or {}
    called = _called(section, row)
    if before is None or after is None:
        said = [(name, _said(section, name, row, names)) for name in FIELDS[section]]
        told = [(str(label(section, name)).rstrip("."), words) for name, words in said if words not in ("", NOT_ASKED)]
        whole = "; ".join(f"{what}: {words}" for what, words in told)
        return [Change(called, whole if before else "", whole if after else "")]
    if section == "case" and before["revision"] == after["revision"]:
        return _of_number(after)
    found = []
    # What history does not keep of a row (free text, hashes) cannot be compared.
    for name in (name for name in FIELDS[section] if name in before or name == "printer"):
        texts = [_said(section, name, each, names) for each in (before, after)]
        if texts[0] != texts[1]:
            what = f"{called}, {_lower(label(section, name))}" if called else label(section, name)
            found.append(Change(what, *texts))
    return found


def _of_number(after: Row) -> list[Change]:
    """Only the OR-log number of a case changes without a new revision; a withdrawn case gave it to another."""
    words = gettext("recorded")
    return [] if after["state"] == CaseState.WITHDRAWN else [Change(gettext("OR-log number"), words, words)]


def _of_material(before: Row | None, after: Row | None, names: Names) -> list[Change]:
    row = before or after or {}
    number = names.prints.get(row["print_id"])
    name = names.materials.get(row["material_id"], "")
    if before and after and before["material_id"] == after["material_id"]:
        return []
    what = f"Print {number}, material" if number else "Material"
    return [Change(what, name if before else "", name if after else "")]


def _called(section: str, row: Row) -> str:
    """What tells this row from the others of its list; empty for the case itself."""
    if section == "case":
        return ""
    if section == "procedure":
        return "Procedure"
    if section == "effort":
        return f"Effort, {_lower(EffortActivity(row['activity']).label)}, {_lower(StaffGroup(row['staff']).label)}"
    if section == "times":
        clock = str(Clock(row["clock"]).label).partition(" (")[0]
        return f"OR time, {_lower(clock)}, {TimeSource(row['source']).label}"
    one = str(LISTS[section][1]).capitalize()
    return f"{one} {row['code']}" if section == "codes" else f"{one} {row['number']}"


def _said(section: str, name: str, row: Row, names: Names) -> str:
    """One field in words; empty for what history does not keep and for what the name of the row has said."""
    if section == "prints" and name == "printer":
        return names.printers.get(row["printer_id"], "")
    if name not in row or name in SAID_BY_NAME.get(section, ()):
        return ""
    value = row[name]
    if name == "confirmed" and not value:
        return ""
    if value is None and (name in row.get("unknown_fields", ()) or section == "effort"):
        return UNKNOWN_WORD
    if value in (None, "", []):
        return NOT_ASKED
    return in_words(section, name, _plain(value))


def _plain(value: Any) -> Any:
    """Numbers as people write them: a row has 7.50 where its image has 7.5."""
    if isinstance(value, float | Decimal):
        return format(Decimal(str(value)).normalize(), "f")
    return value


def _lower(words: Any) -> str:
    """With a small first letter, for the middle of a sentence; abbreviations keep theirs."""
    text = str(words)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
