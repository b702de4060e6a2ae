"""The REDCap data dictionary: in REDCap's own form, and its raw export is read back as the same case."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from registry.intake import case_file, flat
from registry.intake.conversions import CHECKED
from registry.intake.matching.proposing import propose
from registry.intake.matching.shapes import SiteWords
from registry.intake.plan import Plan, Taken
from registry.reports import case_template, redcap
from tests.case_files import csv_of

EXAMPLES = Path(__file__).parents[1] / "examples"
NAME, KIND, CHOICES, SHOWN = redcap.HEADER[0], redcap.HEADER[3], redcap.HEADER[5], redcap.HEADER[11]


@pytest.fixture(scope="module")
def variables() -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(redcap.dictionary()))
    return {row[NAME]: row for row in rows}


def codes(variable: dict[str, str]) -> list[str]:
    return [choice.partition(",")[0].strip() for choice in variable[CHOICES].split("|") if choice.strip()]


def raw_export(variables: dict[str, dict[str, str]], said: dict[str, str]) -> tuple[list[Taken], list[str]]:
    """What REDCap exports as raw data of one record: codes, and a column of 0 or 1 for each box."""
    taken, cells = [], []
    for name, variable in variables.items():
        if variable[KIND] == "checkbox":
            for code in codes(variable):
                taken.append(Taken(f"{name}___{code}", name, f"{CHECKED}{code}"))
                cells.append("1" if code in said.get(name, "").split("; ") else "0")
        else:
            taken.append(Taken(name, name))
            cells.append(said.get(name, ""))
    return taken, cells


def reports(path: Path, plan: Plan | None = None) -> list[Any]:
    return [(report.data, report.problems) for report in case_file.survey(path, plan).reports()]


def test_there_are_the_18_columns_of_redcap_in_its_order() -> None:
    header = redcap.dictionary().splitlines()[0]
    assert next(csv.reader([header])) == list(redcap.HEADER)
    assert len(redcap.HEADER) == 18


def test_every_column_of_the_template_is_a_variable_of_a_form(variables: dict[str, dict[str, str]]) -> None:
    assert list(variables) == case_template.names()
    assert next(iter(variables)) == "local_case_id"  # REDCap takes the first for the record's id
    for name, variable in variables.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name)
        assert "__" not in name
        assert variable[redcap.HEADER[1]] in redcap.FORMS
        assert variable[KIND] in {"text", "dropdown", "checkbox"}
        assert variable[redcap.HEADER[4]]
        assert bool(codes(variable)) == (variable[KIND] != "text")


def test_forms_are_not_interrupted(variables: dict[str, dict[str, str]]) -> None:
    forms = [variable[redcap.HEADER[1]] for variable in variables.values()]
    begun = [form for place, form in enumerate(forms) if not place or forms[place - 1] != form]
    assert len(begun) == len(set(begun))


def test_choices_are_our_words_and_can_be_part_of_a_variables_name(variables: dict[str, dict[str, str]]) -> None:
    for name, variable in variables.items():
        offered = codes(variable)
        assert len(offered) == len(set(offered))
        assert all(re.fullmatch(r"[A-Za-z0-9_.+-]+", code) for code in offered), name
        if variable[KIND] == "checkbox":
            assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in offered), name
    assert codes(variables["sex"]) == ["female", "male", "other", "unknown"]
    assert "simulation" in codes(variables["intended_uses"])


def test_numbers_have_their_limits_and_may_be_unknown_by_the_missing_data_code(
    variables: dict[str, dict[str, str]],
) -> None:
    minutes, copies = variables["effort_cad_clinician"], variables["print_1_copies"]
    assert [minutes[title] for title in redcap.HEADER[7:10]] == ["integer", "0", minutes[redcap.HEADER[9]]]
    assert int(minutes[redcap.HEADER[9]]) > 100
    assert "@NOMISSING" not in minutes[redcap.HEADER[17]]
    assert copies[redcap.HEADER[7]] == "integer"
    assert variables["imaging_1_slice_mm"][redcap.HEADER[7]] == "number"


def test_what_a_control_does_not_say_is_hidden_and_rows_come_one_after_the_other(
    variables: dict[str, dict[str, str]],
) -> None:
    assert variables["organ_system"][SHOWN] == "[object_kind] <> 'none'"
    assert variables["imaging_2_modality"][SHOWN] == "[object_kind] <> 'none' and [imaging_1_modality] <> ''"
    assert variables["age_years"][SHOWN] == variables["time_1_minutes"][SHOWN] == ""
    for variable in variables.values():
        assert set(re.findall(r"\[(\w+)\]", variable[SHOWN])) <= variables.keys()


def test_what_must_be_said_is_required_and_the_number_is_an_identifier(variables: dict[str, dict[str, str]]) -> None:
    required = {name for name, variable in variables.items() if variable[redcap.HEADER[12]] == "y"}
    assert {"local_case_id", "object_kind", "sex", "print_decision"} <= required
    assert [name for name, variable in variables.items() if variable[redcap.HEADER[10]] == "y"] == ["or_log_number"]


@pytest.mark.parametrize("name", ["case.json", "control.json"])
def test_a_raw_export_is_read_back_as_the_same_case_as_a_file_of_ours(
    variables: dict[str, dict[str, str]], tmp_path: Path, name: str
) -> None:
    case = json.loads((EXAMPLES / name).read_text())
    ours = tmp_path / "ours.csv"
    ours.write_text(csv_of([case]))
    taken, cells = raw_export(variables, flat.said_of(case))
    theirs = tmp_path / "redcap.csv"
    with theirs.open("w", newline="") as file:
        csv.writer(file).writerows([[column.header for column in taken], cells])
    assert reports(theirs, Plan(tuple(taken))) == reports(ours)
    assert reports(ours)[0][1] == ()


def test_the_columns_of_a_raw_export_are_matched_without_a_question(variables: dict[str, dict[str, str]]) -> None:
    case = json.loads((EXAMPLES / "case.json").read_text())
    taken, cells = raw_export(variables, flat.said_of(case))
    header = [column.header for column in taken]
    proposed = propose(header, [cells], site_words=SiteWords(), remembered={})
    names = [(column.header, column.name, column.conversion) for column in proposed.plan.columns]
    assert names == [(column.header, column.name, column.conversion) for column in taken]
