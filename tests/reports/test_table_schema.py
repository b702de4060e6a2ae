"""The data package of a file of cases: sound by the specification, and true of a file that is read here."""

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from registry.intake import flat
from registry.reports import case_template, table_schema

EXAMPLE = json.loads((Path(__file__).parents[1] / "examples" / "case.json").read_text())
OF_TYPE = {
    "string": {"required", "pattern", "enum", "maxLength"},
    "integer": {"required", "minimum", "maximum"},
    "number": {"required", "minimum", "maximum"},
    "boolean": {"required"},
    "yearmonth": {"required"},
}
"""The constraints that Table Schema has for these types, as far as they are used."""


@pytest.fixture(scope="module")
def package() -> Any:
    return json.loads(table_schema.data_package())


@pytest.fixture(scope="module")
def fields(package: Any) -> dict[str, Any]:
    return {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}


def fits(field: Mapping[str, Any], text: str) -> bool:
    """Whether a validator of Table Schema takes this cell."""
    limits = field.get("constraints", {})
    match field["type"]:
        case "integer" | "number":
            number = int(text) if field["type"] == "integer" else float(text)
            return bool(limits["minimum"] <= number <= limits["maximum"])
        case "boolean":
            return text in (*field["trueValues"], *field["falseValues"])
        case "yearmonth":
            return bool(re.fullmatch(r"\d{4}-\d{2}", text))
        case _:
            known = "enum" not in limits or text in limits["enum"]
            return known and bool(re.fullmatch(limits.get("pattern", ".*"), text))


def test_the_package_has_what_the_specification_wants(package: Any) -> None:
    (resource,) = package["resources"]
    assert package["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert re.fullmatch(r"[a-z0-9._/-]+", resource["name"])
    assert not Path(resource["path"]).is_absolute()
    assert resource["schema"]["primaryKey"] == ["local_case_id"]
    assert resource["schema"]["missingValues"] == ["", "unknown"]


def test_every_column_of_the_template_is_a_sound_field(fields: dict[str, Any]) -> None:
    assert list(fields) == case_template.names()
    for field in fields.values():
        assert field.keys() <= {"name", "type", "title", "description", "constraints", "trueValues", "falseValues"}
        assert field["title"]
        assert field.get("constraints", {}).keys() <= OF_TYPE[field["type"]], field
        re.compile(field.get("constraints", {}).get("pattern", ""))


def test_only_what_every_case_must_say_is_required(fields: dict[str, Any]) -> None:
    required = [name for name, field in fields.items() if field.get("constraints", {}).get("required")]
    assert required == ["local_case_id", "object_kind"]


def test_the_example_case_as_a_file_fits_its_fields(fields: dict[str, Any]) -> None:
    said = flat.said_of(EXAMPLE)
    assert len(said) > 50
    assert [name for name, text in said.items() if text != "unknown" and not fits(fields[name], text)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("local_case_id", "no spaces"),
        ("sex", "F"),
        ("age_years", "90"),
        ("intended_uses", "simulation, teaching"),
        ("time_1_minutes", "4"),
        ("time_1_from", "25:00"),
        ("order_month", "03/2026"),
    ],
)
def test_what_is_wrong_does_not_fit(fields: dict[str, Any], name: str, text: str) -> None:
    assert not fits(fields[name], text)


def test_the_header_is_that_of_the_template(fields: dict[str, Any]) -> None:
    (header,) = csv.reader(io.StringIO(case_template.csv_template()))
    assert header == list(fields)
