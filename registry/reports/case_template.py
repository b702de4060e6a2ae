"""The template of a file of whole cases, made from the data dictionary: empty columns, and what may stand in each."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from registry.intake import flat
from registry.intake.case_file import EXAMPLE_ID, KEY
from registry.intake.sections import PROCEDURE, SECTIONS, TIMES
from registry.intake.typed import UNKNOWN
from registry.models import Case, Material, Printer, Site
from registry.models.fields import Choice, Month
from registry.reports.data_dictionary import kind_of
from registry.reports.writers import csv_text
from registry.vocabulary.fields import hint, label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup

ROWS = {"imaging": 2, "parts": 3, "guides": 1, "prints": 1, "codes": 4, "times": 2, "assessments": 1}
"""So many rows of each list a template has; a file may have more."""
ROOM = 2_000
"""Rows for which the workbook offers words to choose from."""
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook of the same columns is the same to the byte
EXAMPLE = {
    "local_case_id": EXAMPLE_ID,
    "object_kind": "anatomic_model",
    "order_month": "2026-02",
    "age_years": "54",
    "sex": "female",
    "organ_system": "head_neck_cmf",
    "complexity": "intermediate",
    "intended_uses": "preop_planning; simulation",
    "ordering_services": "omfs",
    "print_decision": "printed",
    "exclusions_attested": "yes",
    "or_log_number": "88213",
    "imaging_1_modality": "CT",
    "imaging_1_slice_mm": "0.625",
    "part_1_region": "head",
    "part_1_subregion": "face",
    "part_1_structure": "bone",
    "part_1_laterality": "midline",
    "print_1_printer": "the label of your printer",
    "print_1_materials": "the name of your material",
    "print_1_parts": "1",
    "print_1_scale_percent": "100",
    "print_1_copies": "1",
    "print_1_outcome": "success",
    "print_1_sterilisation": "steam_134",
    "effort_segmentation_non_clinician": "2:30",
    "effort_cad_non_clinician": "90",
    "effort_prep_postprocess_non_clinician": "unknown",
    "procedure_performed_month": "2026-03",
    "procedure_category": "orthognathic_two_jaw",
    "procedure_used_in_or": "sterile_field",
    "time_1_clock": "in_room",
    "time_1_from": "08:14",
    "time_1_to": "14:25",
    "time_1_source": "or_log",
}
"""A case as a person might write it, with `unknown`, a list and lengths of time in it."""
README = (
    "The first row of cases is an example. It may stay: it is known by its id and is never recorded.",
    "One row is one case. Take columns out that you do not need; further rows of a list go on with _2, _3 …",
    "An empty cell says nothing: a case that is recorded already keeps what it has.",
    "unknown says that nobody knows. 0 is zero.",
    "local_case_id is an id made up by you: no record number, no name, no date.",
    "Lists in one cell are parted by semicolons: preop_planning; simulation.",
    "A control (object_kind none) needs local_case_id, object_kind, procedure_performed_month, procedure_category and one time.",
    "Words are taken as codes or as labels, in any case. Lengths of time may be 150, 2:30 or 2.5h.",
)


def names(rows: Mapping[str, int] | None = None) -> list[str]:
    """The columns of a template, in the order in which a person fills them in."""
    return [column.name for column in flat.columns(rows or ROWS)]


def csv_template() -> str:
    """The header line alone."""
    return csv_text(names(), [])


def xlsx_template(site: Site | None = None) -> bytes:
    """A workbook with the header, words to choose from, and the dictionary; the site's printers and materials are offered."""
    offered: dict[str, list[str]] = {}
    if site is not None:
        offered["printer"] = _labels(Printer.objects.filter(site=site, active=True), "label")
        offered[flat.MATERIALS] = _labels(Material.objects.filter(site=site), "name")
    printer, material = (next(iter(offered.get(name, [])), "") for name in ("printer", flat.MATERIALS))
    own = {"print_1_printer": printer, "print_1_materials": material}
    return _workbook([EXAMPLE | {name: said for name, said in own.items() if said}], names(), offered)


def workbook_of(said: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook in the form of the template that says these rows by the names of `intake.flat`."""
    rows = {section: max(1, _most(said, section)) for section in flat.ONE_OF}
    return _workbook(said, names(rows), {})


def _labels(rows: Any, name: str) -> list[str]:
    return list(rows.order_by(name).values_list(name, flat=True))


def _most(said: Sequence[Mapping[str, str]], section: str) -> int:
    columns = (flat.column(name) for row in said for name in row)
    return max((column.number for column in columns if column and column.section == section), default=0)


def _workbook(said: Sequence[Mapping[str, str]], header: Sequence[str], offered: Mapping[str, list[str]]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    # A printer may be called =1+1: no text is a formula, a link or a number.
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        book.set_properties({"created": MADE})
        # Excel would make dates of months and numbers of codes: every cell is text.
        example = book.add_format({"num_format": "@", "italic": True, "font_color": "#5a6b7b"})
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        page, words = book.add_worksheet("cases"), book.add_worksheet("words")
        page.freeze_panes(1, 1)
        for place, name in enumerate(header):
            page.set_column(place, place, max(12, len(name) + 2), text)
            page.write_string(0, place, name, head)
            page.write_comment(0, place, _about(name))
            if choices := _choices(name, offered):
                words.write_column(0, place, choices)
                column = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
                source = f"=words!{column}$1:{column}${len(choices)}"
                options = {"validate": "list", "source": source, "error_type": "warning"}
                page.data_validation(1, place, ROOM, place, options)
        for number, row in enumerate(said, 1):
            for place, name in enumerate(header):
                if row.get(name):
                    style = example if row.get(KEY) == EXAMPLE_ID else text
                    page.write_string(number, place, row[name], style)
        words.hide()
        _write_dictionary(book, header, head)
        read_me = book.add_worksheet("read me")
        read_me.set_column(0, 0, 110)
        read_me.write_column(0, 0, README)
    return out.getvalue()


DICTIONARY = {"column": 34, "label": 44, "must be said": 34, "what may stand in it": 90, "hint": 60}
"""Headings of the dictionary's sheet and the widths of its columns."""


def _write_dictionary(book: Any, header: Sequence[str], head: Any) -> None:
    page = book.add_worksheet("dictionary")
    page.freeze_panes(1, 1)
    for place, (title, width) in enumerate(DICTIONARY.items()):
        page.set_column(place, place, width)
        page.write_string(0, place, title, head)
    for number, name in enumerate(header, 1):
        column = flat.column(name)
        if column is not None:
            title, more = words_of(column)
            page.write_row(number, 0, [name, title, _needed(column), _kind(column), more])


def words_of(column: flat.Column) -> tuple[str, str]:
    """Label and hint; those of an effort name its activity and its staff group."""
    if column.section == "effort":
        activity, staff = column.field.split()
        who = f"{EffortActivity(activity).label}, {StaffGroup(staff).label}"
        return f"{label('effort', 'minutes')}: {who}", hint("effort", "minutes")
    return label(column.section, column.field), hint(column.section, column.field)


def _needed(column: flat.Column) -> str:
    """When the column must be said: always, for every case but a control, or as soon as its row says anything."""
    if column.section == "case" and column.field in Case.REQUIRED:
        return "yes" if column.field in Case.CONTROL_REQUIRED else "yes, but not for a control"
    section = {"procedure": PROCEDURE, "times": TIMES, **SECTIONS}.get(column.section)
    if section is None or column.field not in (*section.required, *section.extra):
        return ""
    return (
        f"if {flat.ONE_OF[column.section]} {column.number} is described"
        if column.number
        else "if there was a procedure"
    )


def _kind(column: flat.Column) -> str:
    field = flat.model_field(column)
    if column.field == flat.MATERIALS:
        return "names of materials of the site, parted by semicolons"
    if column.section == "prints" and column.field == "printer":
        return "the label of a printer of the site"
    return (
        kind_of(field).replace("`", "") + (", or unknown" if is_unknowable(column) else "")
        if field is not None
        else "a clock time"
    )


def is_unknowable(column: flat.Column) -> bool:
    """Whether `unknown` may stand in this column beside the field's own words: null says it, and no word does."""
    field = flat.model_field(column)
    return field is not None and field.null and UNKNOWN not in getattr(field, "words", ())


def _about(name: str) -> str:
    column = flat.column(name)
    return "\n".join(part for part in words_of(column) if part) if column else ""


def _choices(name: str, offered: Mapping[str, list[str]]) -> list[str]:
    column = flat.column(name)
    if column is None:
        return []
    field = flat.model_field(column)
    unknown = [UNKNOWN] if is_unknowable(column) else []
    if isinstance(field, Choice):
        return field.words + unknown
    if field is not None and field.get_internal_type() == "BooleanField":
        return ["yes", "no", *unknown]
    return offered.get(column.field, []) if not isinstance(field, Month) else []
