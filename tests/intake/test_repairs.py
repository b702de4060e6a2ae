"""Repairs of a file: each a change of its plan that the next check reads by, and nothing else."""

from typing import Any

import pytest

from registry.errors import InvalidReport
from registry.intake import repairs
from registry.intake.plan import LEAVE, Plan, Taken, read_plan

WORDS = {"ct": "CT", "mri": "MRI", "ultrasound": "Ultrasound", "cbct": "Cone-beam CT"}
PLAN = Plan(
    (
        Taken("Id", "local_case_id"),
        Taken("Area", "procedure_category"),
        Taken("In", "time_1_from"),
        Taken("Out", "time_1_to"),
        Taken("Sex", "sex"),
    )
)


def said(plan: Plan, *cells: str, row: int = 2) -> dict[str, str]:
    return plan.texts(row, cells)


def made(kind: str, **more: Any) -> dict[str, Any]:
    return repairs.read({"kind": kind, **more})


def test_a_word_is_read_as_another_in_every_row_whatever_its_letters() -> None:
    plan = repairs.apply(PLAN, made("use", name="procedure_category", text="Knee", instead="tka"))
    assert [said(plan, "A", word)["procedure_category"] for word in ("knee", "KNEE", "hip")] == ["tka", "tka", "hip"]
    assert said(PLAN, "A", "knee")["procedure_category"] == "knee"


def test_a_word_that_a_repair_put_is_mended_by_another() -> None:
    first = repairs.apply(PLAN, made("use", name="procedure_category", text="knee", instead="kne"))
    plan = repairs.apply(first, made("use", name="procedure_category", text="kne", instead="tka"))
    assert said(plan, "A", "knee")["procedure_category"] == "tka"


def test_an_end_before_its_start_is_the_next_day() -> None:
    plan = repairs.apply(PLAN, made("next_day"))
    assert said(plan, "A", "", "22:00", "01:00")["time_1_to"] == "01:00+1"
    assert said(plan, "A", "", "08:00", "09:00")["time_1_to"] == "09:00"


def test_what_is_empty_is_unknown_and_what_is_not_stays() -> None:
    plan = repairs.apply(PLAN, made("unknown", name="sex"))
    assert said(plan, "A")["sex"] == "unknown"
    assert said(plan, "A", "", "", "", "male")["sex"] == "male"


def test_rows_are_left_out_and_written_over_and_later_words_stand() -> None:
    some = [
        made("leave_out", rows=[9, 7, 9], cause="x"),
        made("write", cells={2: {"sex": "male", "procedure_category": "tka"}}),
        made("write", cells={"2": {"sex": "female"}, "3": {"sex": ""}}),
        made("known", known="leave"),
    ]
    plan = repairs.applied(PLAN, some)
    assert plan.left_out == {7, 9}
    assert said(plan, "A", "hip", "", "", "x") == {
        "local_case_id": "A",
        "procedure_category": "tka",
        "sex": "female",
    }
    assert "sex" not in said(plan, "A", "", "", "", "male", row=3)
    assert plan.known == LEAVE
    assert repairs.is_settled(some)
    assert not repairs.is_settled(some[:3])
    assert read_plan(plan.as_json()) == plan


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "poem"},
        {"kind": "use", "name": "sex", "text": "a"},
        {"kind": "use", "name": "sex", "text": "a", "instead": " "},
        {"kind": "use", "name": "sex", "text": "a", "instead": "b\0"},
        {"kind": "use", "name": "nose", "text": "a", "instead": "b"},
        {"kind": "unknown", "name": ""},
        {"kind": "leave_out", "rows": ["x"]},
        {"kind": "write", "cells": {"2": {"nose": "a"}}},
        {"kind": "write", "cells": [2]},
        {"kind": "known"},
    ],
)
def test_what_is_no_repair_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidReport):
        repairs.read(asked)


@pytest.mark.parametrize(
    ("text", "near"),
    [("ultrasond", ["ultrasound"]), ("MR", ["mri"]), ("Cone beam CT", ["cbct"]), ("banana", []), ("", [])],
)
def test_the_nearest_words_are_those_most_alike_by_word_or_label(text: str, near: list[str]) -> None:
    assert repairs.nearest(text, WORDS)[: len(near) or 1] == near


def test_a_cell_of_several_words_is_mended_word_by_word_or_not_at_all() -> None:
    assert repairs.near_in_a_list("CT; ultrasond", WORDS) == ["ct; ultrasound"]
    assert repairs.near_in_a_list("CT; banana", WORDS) == []


def test_the_words_of_a_column_are_those_of_its_list_of_the_site_or_none() -> None:
    site = {"printer": ["J750"], "materials": ["Vero"], "code": ["0559T"]}
    assert repairs.words_for("print_1_printer", site) == {"J750": "J750"}
    assert repairs.words_for("code_2_code", site) == {"0559T": "0559T"}
    assert repairs.words_for("sex", site)["unknown"]
    assert repairs.words_for("age_years", site) == {}
    assert repairs.words_for("local_case_id", site) == {}
