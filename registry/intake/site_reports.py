"""A site's equipment and procedure map, read from a body field by field, as a case is."""

from typing import Any

from registry.errors import InvalidReport
from registry.intake.context import Context
from registry.intake.sections import Reading, Section, read_row
from registry.models import Material, Printer, ProcedureMap, Site

MOST_ENTRIES = 2000
_PRINTER = ("label", "manufacturer", "model", "process")
_MATERIAL = ("name", "material_class", "biocompatible")
_ENTRY = ("code_system", "code", "category")
PRINTER = Section("printer", Printer, 1, _PRINTER, _PRINTER)
MATERIAL = Section("material", Material, 1, _MATERIAL, ("name", "material_class"))
ENTRY = Section("entries", ProcedureMap, MOST_ENTRIES, _ENTRY, _ENTRY)


def read_one(section: Section, body: dict[str, Any], *, site: Site) -> dict[str, Any]:
    """The believed columns of one printer or material. Raises `InvalidReport` with every place."""
    reading = _reading(site)
    row = read_row(section, body, "", reading)
    if reading.problems:
        raise InvalidReport(reading.problems)
    return row


def read_map(body: dict[str, Any], *, site: Site) -> dict[tuple[str, str], str]:
    """(code system, code) → category of `{"entries": […]}`, at least one. Raises `InvalidReport` with every place."""
    reading = _reading(site)
    for name in body:
        if name != "entries":
            reading.refuse("unknown-field", "", "Send entries alone.")
    sent = body.get("entries")
    if not isinstance(sent, list) or not sent:
        reading.refuse("required", "entries", 'Send a list of {"code_system", "code", "category"}.')
        sent = []
    elif len(sent) > MOST_ENTRIES:
        reading.refuse("too-many", "entries", f"Send at most {MOST_ENTRIES} in one request; codes not sent stay.")
        sent = []
    found: dict[tuple[str, str], str] = {}
    for index, item in enumerate(sent):
        row = read_row(ENTRY, item, f"entries[{index}]", reading)
        key = (row.get("code_system", ""), row.get("code", ""))
        if all(key) and key in found:
            reading.refuse("said-twice", f"entries[{index}]", "Another entry already has this code.")
        found[key] = row.get("category", "")
    if reading.problems:
        raise InvalidReport(reading.problems)
    return found


def _reading(site: Site) -> Reading:
    context = Context.of(site)
    return Reading(context.mode, context.today)
