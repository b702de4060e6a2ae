"""A report on one line, as files and forms say it, and back again."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registry.intake import flat
from registry.intake.sections import CASE, PROCEDURE, SECTIONS, TIMES
from registry.vocabulary.fields import FIELDS, label
from registry.web.case_form import closed_up

EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / name).read_text(), parse_float=Decimal)


@pytest.mark.parametrize("name", ["case.json", "control.json"])
def test_an_example_said_on_one_line_is_the_same_report_again(name: str) -> None:
    report = example(name)
    assert flat.read(flat.said_of(report)).data == report


def test_every_field_of_a_report_has_a_column_and_a_label() -> None:
    columns = flat.columns(dict.fromkeys(flat.ONE_OF, 1))
    said = {(column.section, column.field) for column in columns}
    for section in (CASE, PROCEDURE, TIMES, *SECTIONS.values()):
        for field in section.reported:
            if section.name != "effort":
                assert (section.name, field) in said
            assert label(section.name, field)
    assert all(FIELDS[column.section].get(column.field) for column in columns if column.section != "effort")
    assert sum(column.section == "effort" for column in columns) == 8


def test_every_column_is_found_by_its_name() -> None:
    for column in flat.columns(dict.fromkeys(flat.ONE_OF, 2)):
        assert flat.column(column.name) == column


@pytest.mark.parametrize(
    "name",
    [
        "",
        "age",
        "print_0_printer",
        "print_6_printer",
        "print_1_colour",
        "effort_cad",
        "imaging_modality",
        "PRINT_1_PRINTER",
    ],
)
def test_a_name_that_is_no_column_is_a_stranger(name: str) -> None:
    assert flat.strangers([name]) == [name]


def test_empty_says_nothing_unknown_is_null_and_zero_is_zero() -> None:
    said = {"effort_cad_clinician": " ", "effort_cad_non_clinician": "unknown", "effort_consultation_clinician": "0"}
    assert flat.read(said | {"sex": "?"}).data == {
        "sex": None,
        "effort": [
            {"activity": "consultation", "staff": "clinician", "minutes": 0},
            {"activity": "cad", "staff": "non_clinician", "minutes": None},
        ],
    }


def test_unknown_is_a_word_where_the_vocabulary_has_it() -> None:
    assert flat.read({"no_procedure_reason": "Unknown", "code_1_claim": "unknown"}).data == {
        "no_procedure_reason": "unknown",
        "codes": [{"claim": "unknown"}],
    }


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("150", 150),
        ("2:30", 150),
        ("2.5h", 150),
        ("2,5 h", 150),
        ("2 h 30", 150),
        ("150 min", 150),
        ("0", 0),
        ("1:75", "1:75"),
        ("2.33h", "2.33h"),
    ],
)
def test_a_length_of_time_may_be_typed_in_several_ways(typed: str, minutes: Any) -> None:
    assert flat.read({"effort_cad_clinician": typed}).data["effort"][0]["minutes"] == minutes


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("9.5", "9.5"),
        ("9:30", "9.5"),
        ("9.5h", "9.5"),
        ("9,5 h", "9.5"),
        ("9 h 30", "9.5"),
        ("570 min", "9.5"),
        ("9:20", "9.33"),
        ("9", "9"),
        ("-1", "-1"),
    ],
)
def test_machine_time_is_typed_in_the_same_ways_and_a_plain_number_is_hours(typed: str, hours: str) -> None:
    report = flat.read({"print_1_print_hours": typed})
    assert (report.data["prints"][0]["print_hours"], report.problems) == (Decimal(hours), ())


def test_a_length_of_time_that_is_not_understood_is_told_how_it_would_be() -> None:
    texts = {"effort_cad_clinician": "forty", "time_1_minutes": "an hour", "print_2_print_hours": "over night"}
    report = flat.read({**texts, "effort_consultation_clinician": "5"})
    assert {
        flat.name_at(problem.path, report.data, report.numbers): problem.message for problem in report.problems
    } == {
        "effort_cad_clinician": "Write the minutes as 150, 2:30 or 2.5h.",
        "time_1_minutes": "Write the minutes as 150, 2:30 or 2.5h.",
        "print_2_print_hours": "Write the hours as 9.5, 9:30 or 9.5h.",
    }


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("organ_system", "Gastrointestinal and hepatobiliary", "gi_hepatobiliary"),
        ("organ_system", "NEURO", "neuro"),
        ("organ_system", "liver", "liver"),
        ("order_month", "2/2026", "2026-02"),
        ("order_month", "2026-02-14", "2026-02-14"),
        ("age_years", "34.0", 34),
        ("age_years", "90+", "90+"),
        ("poc_attestation", "Yes", True),
        ("poc_attestation", "perhaps", "perhaps"),
        ("intended_uses", "preop_planning; Making a tool or guide", ["preop_planning", "tool_fabrication"]),
        ("comment", "unknown", "unknown"),
    ],
)
def test_texts_are_understood_by_the_field_they_are_for(name: str, typed: str, value: Any) -> None:
    assert flat.read({name: typed}).data == {name: value}


def test_two_clock_times_become_minutes_and_are_dropped() -> None:
    said = {"time_1_clock": "in_room", "time_1_from": "08:14", "time_1_to": "10:31", "time_1_source": "or_log"}
    assert flat.read(said).data["procedure"]["times"] == [{"clock": "in_room", "source": "or_log", "minutes": 137}]
    assert flat.read({**said, "time_1_to": "01:20+1"}).data["procedure"]["times"][0]["minutes"] == 1026


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("08:14", "", "time-missing"),
        ("10:31", "08:14", "out-before-in"),
        ("8", "10:31", "unreadable-time"),
        ("25:00", "26:00", "unreadable-time"),
    ],
)
def test_clock_times_that_give_no_minutes_are_a_problem_of_the_minutes(start: str, end: str, code: str) -> None:
    report = flat.read({"time_1_clock": "in_room", "time_1_from": start, "time_1_to": end})
    assert [(problem.code, problem.path) for problem in report.problems] == [(code, "procedure.times[0].minutes")]


def test_a_row_left_out_before_another_is_an_empty_row() -> None:
    assert flat.read({"part_2_region": "head"}).data == {"parts": [{}, {"region": "head"}]}


def test_rows_known_by_what_they_say_have_no_empty_ones_between() -> None:
    said = {"code_3_code": "0559T", "time_2_clock": "in_room"}
    assert flat.read(said).data == {"codes": [{"code": "0559T"}], "procedure": {"times": [{"clock": "in_room"}]}}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("age_years", "age_years"),
        ("prints[1].scale_percent", "print_2_scale_percent"),
        ("prints", "print_1_printer"),
        ("procedure.category", "procedure_category"),
        ("procedure.procedure_code", "procedure_code"),
        ("procedure.times[0].minutes", "time_1_minutes"),
        ("procedure.times", "time_1_clock"),
        ("effort[0].minutes", "effort_cad_clinician"),
        ("codes[0]", "code_1_code"),
        ("procedure", ""),
        ("", ""),
    ],
)
def test_a_problem_is_placed_in_the_column_that_says_it(path: str, name: str) -> None:
    report = {"effort": [{"activity": "cad", "staff": "clinician", "minutes": -1}]}
    assert flat.name_at(path, report) == name


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        ({"code_1_code": "A", "code_4_code": "B"}, {"code_1_code": "A", "code_2_code": "B"}),
        ({"time_4_minutes": "90"}, {"time_1_minutes": "90"}),
        ({"code_2_code": "A", "code_5_code": "B", "sex": "x"}, {"code_1_code": "A", "code_2_code": "B", "sex": "x"}),
        ({"part_1_region": "head", "part_3_region": "neck"}, {"part_1_region": "head", "part_3_region": "neck"}),
    ],
)
def test_gaps_of_any_width_are_closed_and_no_row_is_lost(typed: dict[str, str], closed: dict[str, str]) -> None:
    assert closed_up(typed) == closed


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1,25", "1.25"), ("1,2500", "1.2500"), ("1.250", "1.250"), ("1,250", "1,250"), ("1,2,5", "1,2,5")],
)
def test_a_comma_that_may_part_thousands_is_no_decimal_comma(typed: str, amount: str) -> None:
    said = flat.read({"print_1_material_cost": typed}).data["prints"][0]["material_cost"]
    assert str(said) == amount
    assert isinstance(said, str) is ("," in amount)
