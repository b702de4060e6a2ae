"""Values of a kind nobody expects at a place: a refusal that names it, never a 500, and nothing changed."""

from typing import Any

import pytest

from tests.api.conftest import Caller


@pytest.mark.parametrize("name", ["clock", "source"])
@pytest.mark.parametrize("value", [[], {}], ids=["list", "object"])
def test_an_or_time_whose_clock_or_source_is_no_word_is_refused(
    alice: Caller, example: dict[str, Any], name: str, value: Any
) -> None:
    case = alice.post("cases", example).json()["id"]
    time = {"clock": "in_room", "minutes": 60, "source": "chart", name: value}
    assert alice.post(f"cases/{case}/or-times", time).status_code == 422
    example["procedure"]["times"][0][name] = value
    assert alice.post("cases", example).status_code == 422
    assert alice.put("cases/by-local-id/EXAMPLE-001", example).status_code == 422


@pytest.mark.parametrize("month", ["0000-01", "1999-12", "9999-12"])
def test_a_month_outside_the_registrys_time_is_refused(alice: Caller, example: dict[str, Any], month: str) -> None:
    example["order_month"] = month
    answer = alice.post("cases", example)
    assert answer.status_code == 422
    assert "/order_month" in {fault["pointer"] for fault in answer.json()["errors"]}


@pytest.mark.parametrize("name", [" A-1", "A-1 "])
def test_a_blank_beside_the_case_id_is_refused_each_time(alice: Caller, example: dict[str, Any], name: str) -> None:
    example["local_case_id"] = name
    assert [alice.post("cases", example).status_code for _ in range(2)] == [422, 422]


def test_a_null_procedure_takes_no_recorded_time_away(alice: Caller, example: dict[str, Any]) -> None:
    case = alice.post("cases", example).json()["id"]
    assert alice.put(f"cases/{case}/procedure", {"procedure": None}).status_code == 422
    assert alice.put("cases/by-local-id/EXAMPLE-001", {**example, "procedure": None}).status_code == 200
    assert len(alice.get(f"cases/{case}").json()["procedure"]["times"]) == 2
