"""The template of an OR log: the columns that are read without being told which is which."""

import io

from registry.intake.or_log_options import NAMES, TEMPLATE
from registry.reports.case_template import MADE
from registry.reports.writers import csv_text

EXAMPLE = {
    "encounter": "EXAMPLE",
    "wheels_in": "2026-03-02 08:14",
    "incision": "2026-03-02 08:52",
    "closure": "2026-03-02 10:05",
    "wheels_out": "2026-03-02 10:31",
}
"""What a row may look like; it is on the sheet to read, and in no row that is sent."""
README = (
    "One row is one operation. A log as your OR system exports it will do as well: you say which column is which.",
    "Give the encounter number, or your site's case id where the log has it: a row without a case of yours is left alone.",
    "Times may have their day with them, as 2026-03-02 08:14; else give the date in a column of its own.",
    "Only one of the two pairs of times is needed: wheels in and out, or incision and closure.",
    "Of the number only a keyed hash is kept, of the times only the minutes. The file is deleted once it is read.",
)


def csv_template() -> str:
    """The header line alone."""
    return csv_text(list(TEMPLATE.values()), [])


def xlsx_template() -> bytes:
    """A workbook with the header, what each column holds, and what to know; all cells are text, so that no number is shortened."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        page, about = book.add_worksheet("or log"), book.add_worksheet("read me")
        page.freeze_panes(1, 1)
        about.set_column(0, 0, 26)
        about.set_column(1, 2, 34)
        about.write_row(0, 0, ["column", "what it holds", "for example"], head)
        for place, (role, header) in enumerate(TEMPLATE.items()):
            page.set_column(place, place, max(18, len(header) + 2), text)
            page.write_string(0, place, header, head)
            page.write_comment(0, place, NAMES[role].capitalize())
            about.write_row(place + 1, 0, [header, NAMES[role], EXAMPLE.get(role, "")], text)
        about.write_column(len(TEMPLATE) + 2, 0, README)
    return out.getvalue()
