"""The case report as a REDCap data dictionary, made from our own: a site builds the form in its REDCap and sends us its raw export.

Variables bear the names of `intake.flat` and choices our words as codes, so that the export needs no matching but of its checkboxes,
which REDCap gives one column a choice (`intended_uses___simulation`).
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.intake import flat
from registry.intake.typed import UNKNOWN
from registry.models import Case
from registry.models.fields import Amount, Choice, ChoiceList, WholeNumber
from registry.reports.case_template import is_unknowable, names, words_of
from registry.reports.writers import csv_text
from registry.vocabulary.manufacturing import ObjectKind

HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
NOT_A_CONTROL = f"[object_kind] <> '{ObjectKind.NONE.value}'"
FORMS = {
    "case": "Case",
    "imaging": "Imaging source",
    "parts": "Part",
    "guides": "Guide",
    "prints": "Print",
    "effort": "Effort",
    "codes": "Code",
    "procedure": "Procedure",
    "times": "OR time",
    "assessments": "Assessment",
}
MISSING_CODE = f"In the project's additional customizations, set the missing data code: {UNKNOWN}, Unknown"


def dictionary() -> str:
    """The dictionary as CSV, ready to be uploaded to a REDCap project."""
    columns = [column for name in names() if (column := flat.column(name))]
    lines, last = [], ("", 0)
    for column in columns:
        at = (column.section, column.number)
        row = row_of(column)
        if at != last:
            row["Section Header"] = f"{FORMS[column.section]} {column.number or ''}".strip()
        lines.append([row.get(title, "") for title in HEADER])
        last = at
    return csv_text(list(HEADER), lines)


def row_of(column: flat.Column) -> dict[str, str]:
    """What the dictionary says of one variable, by its heading."""
    title, more = words_of(column)
    required = column.section == "case" and column.field in Case.REQUIRED
    return {
        "Variable / Field Name": column.name,
        "Form Name": column.section,
        "Field Label": title,
        "Field Note": MISSING_CODE if column.name == "local_case_id" else more,
        "Identifier?": "y" if column.field == "or_log_number" else "",
        "Branching Logic (Show field only if...)": " and ".join(_shown_if(column)),
        "Required Field?": "y" if required else "",
        **_typed(column),
    }


def _typed(column: flat.Column) -> dict[str, str]:
    """Type of the field, its choices or its validation. Only a number may be `unknown` by a missing data code: a choice has the word."""
    no_code = {"Field Annotation": "@NOMISSING"}
    match flat.model_field(column):
        case Choice() | ChoiceList() | models.BooleanField() as field:
            return {**_choices("checkbox" if isinstance(field, ChoiceList) else "dropdown", field, column), **no_code}
        case WholeNumber() as field if column.field != "age_years":
            return _number("integer", field.low, field.high, column)
        case Amount() as field:
            return _number("number", field.low, field.high, column)
        case ArrayField() | None:
            return {"Field Type": "text", **no_code}
        case field:
            longest = f"@CHARLIMIT={field.max_length}" if field.max_length else ""
            return {"Field Type": "text", "Field Annotation": f"{longest} @NOMISSING".strip()}


def _labels(field: Any) -> Mapping[str, Any]:
    """By code, what a choice is called."""
    if isinstance(field, models.BooleanField):
        return {"yes": "Yes", "no": "No"}
    labels = field.labels if isinstance(field, ChoiceList) else dict(field.flatchoices)
    return {word: labels.get(word, word) for word in field.words}


def _choices(kind: str, field: Any, column: flat.Column) -> dict[str, str]:
    offered = {**_labels(field), **({UNKNOWN: "Unknown"} if is_unknowable(column) else {})}
    # A comma parts a code from its label once; a bar would begin the next choice.
    said = " | ".join(f"{code}, {str(label).replace('|', '/')}" for code, label in offered.items())
    return {"Field Type": kind, "Choices, Calculations, OR Slider Labels": said}


def _number(kind: str, low: Any, high: Any, column: flat.Column) -> dict[str, str]:
    return {
        "Field Type": "text",
        "Text Validation Type OR Show Slider Number": kind,
        "Text Validation Min": str(low),
        "Text Validation Max": str(high),
        "Field Annotation": "" if is_unknowable(column) else "@NOMISSING",
    }


def _shown_if(column: flat.Column) -> list[str]:
    """A control says nothing of a print; a further row of a list is shown once the one before it is begun."""
    shown = []
    of_control = column.section in {"procedure", "times"} or column.field in Case.CONTROL_REPORTED
    if not of_control and column.field != "or_log_number":
        shown.append(NOT_A_CONTROL)
    if column.number > 1:
        first = flat.row_name(column.section, column.number - 1, flat.fields_of(column.section)[0])
        shown.append(f"[{first}] <> ''")
    return shown
