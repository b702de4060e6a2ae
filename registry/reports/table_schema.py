"""The columns of a file of cases as a data package (frictionless Table Schema, version 1), made from the data dictionary."""

import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.intake import flat
from registry.intake.typed import UNKNOWN
from registry.models import Case
from registry.models.case import DICTIONARY_VERSION
from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, WholeNumber
from registry.reports.case_template import names, words_of

CLOCK_TIME = r"([01]?\d|2[0-3]):[0-5]\d(\+1)?"
MISSING = ("", UNKNOWN)
"""An empty cell says nothing and `unknown` that nobody knows: to a reader of the schema both are no value."""


def data_package() -> str:
    """`datapackage.json` for a file with the columns of the template."""
    schema = {
        "fields": [field_of(column) for name in names() if (column := flat.column(name))],
        "missingValues": list(MISSING),
        "primaryKey": ["local_case_id"],
    }
    resource = {
        "name": "cases",
        "path": "cases.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
    package = {
        "profile": "tabular-data-package",
        "name": "strata-cases",
        "title": "Cases of medical 3D printing at the point of care, one row a case",
        "version": f"{DICTIONARY_VERSION}.0.0",
        "resources": [resource],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def field_of(column: flat.Column) -> dict[str, Any]:
    """The field of one column: its type, what it is called, and within which limits its values are."""
    title, more = words_of(column)
    kind, constraints, beside = _kind(column)
    if column.section == "case" and column.field in Case.CONTROL_REQUIRED:
        constraints = {"required": True, **constraints}
    said = {"name": column.name, "type": kind, "title": title, "description": more, **beside}
    return {name: value for name, value in {**said, "constraints": constraints}.items() if value}


def _kind(column: flat.Column) -> tuple[str, dict[str, Any], dict[str, Any]]:  # noqa: PLR0911 - one line a kind of field
    """Type, constraints, and what else a field of this type says."""
    match flat.model_field(column):
        case None:
            return "string", {"pattern": CLOCK_TIME} if column.field in flat.CLOCK_TIMES else {}, {}
        case Choice() as field:
            return "string", {"enum": field.words}, {}
        case ArrayField() as field:
            one = "|".join(field.words) if isinstance(field, ChoiceList) else r"[1-9]\d?"
            return "string", {"pattern": rf"({one})(; ?({one}))*"}, {}
        case WholeNumber() if column.field == "age_years":
            return "string", {"pattern": r"[0-8]?\d|90\+"}, {}
        case WholeNumber() as field:
            return "integer", {"minimum": field.low, "maximum": field.high}, {}
        case Amount() as field:
            return "number", {"minimum": _plain(field.low), "maximum": _plain(field.high)}, {}
        case Month():
            return "yearmonth", {}, {}
        case models.BooleanField():
            return "boolean", {}, {"trueValues": ["yes"], "falseValues": ["no"]}
        case Pattern() as field if field.pattern:
            return "string", {"pattern": field.pattern, "maxLength": field.max_length}, {}
        case field:
            return "string", {"maxLength": field.max_length}, {}


def _plain(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
