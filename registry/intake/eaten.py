"""What spreadsheets do to ids and codes: dates and rounded numbers in their place, zeros lost. Seen and told, never guessed back."""

import re

from registry.errors import Problem
from registry.intake import flat

# As Excel, LibreOffice and SAS shorten a number: 1.23E+11, 1,23E+11, 1E+11, 1.23E11. An id such as 24E001 is none.
SHORTENED = re.compile(r"\d[.,]\d+[Ee][+-]?\d{1,3}|\d+[Ee]\+\d{1,3}", re.ASCII)
_MONTH = (
    "[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec"
    "|Jän|Mrz|Mär|Mai|Okt|Dez|janv|févr|mars|avr|mai|juin|juil|août|sept|déc|ene|abr|ago|dic|mrt|mei|okt|fev|dez|gen|mag|giu|lug|ott"
)
# 2-Mar, 02-Mar-26, 02. Mrz, Mar-02, Mrz 26, 2026-03-02, 3/2/26, 02.03.2026; MAR-02 is nobody's date.
DATED = re.compile(
    rf"\d{{1,2}}(?:-|\. ?| )(?:{_MONTH})\.?(?:[- ](?:\d{{2}}|\d{{4}}))?"
    rf"|(?:{_MONTH})\.?[- ]\d{{2}}"
    r"|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"
    r"|\d{1,2}/\d{1,2}/(?:\d{2}|\d{4})|\d{1,2}\.\d{1,2}\.\d{4}",
    re.ASCII,
)
# Billing codes have five places: 0559T, 00100.
ZEROS_LOST = re.compile(r"\d{1,3}[A-Z]|\d{1,4}", re.ASCII)
FIELDS = frozenset({"local_case_id", "or_log_number", "code", "procedure_code", "indication_code"})
"""The fields of ids and codes, in which a date or a rounded number is never meant."""

_SENTENCES = {
    "shortened-number": "A spreadsheet has shortened this number (as in 1.2E+11). Format the column as text, and write it again.",
    "date-in-cell": "The spreadsheet has made a date of this cell. Format the column as text, and write it again.",
    "zeros-lost": "The code has lost its leading zeros, as numbers do in a spreadsheet. Write all five places, as in 0559T.",
}


def problem_of(code: str, row: int, column: str) -> Problem:
    """What to do about a cell that a spreadsheet has changed."""
    return Problem(code, "", _SENTENCES[code], row=row, column=column)


def may_be_eaten(name: str) -> bool:
    """Whether this column of `intake.flat` is one of ids or codes."""
    at = flat.column(name)
    return at is not None and at.field in FIELDS


def eaten(name: str, text: str) -> str:
    """The code of what a spreadsheet has done to this text of a column of `intake.flat`; "" where it has done nothing that can be seen."""
    if not may_be_eaten(name):
        return ""
    if SHORTENED.fullmatch(text):
        return "shortened-number"
    if DATED.fullmatch(text):
        return "date-in-cell"
    at = flat.column(name)
    return "zeros-lost" if at and at.section == "codes" and ZEROS_LOST.fullmatch(text) else ""
