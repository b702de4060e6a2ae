from datetime import date
from typing import Any

import pytest

from registry.intake.or_log import Encounter
from registry.intake.restate import overlaid
from tests.intake.test_check import codes_at, context, judged
from tests.intake.test_or_log import one


@pytest.mark.parametrize("years", [90, 91])
def test_an_age_above_89_is_refused_even_by_one_year(years: int) -> None:
    verdict = judged(lambda c: c.update(age_years=years))
    assert ("age-over-89", "age_years") in codes_at(verdict)
    assert verdict.rows is None


@pytest.mark.parametrize("years", [0, 89])
def test_the_youngest_and_the_oldest_exact_age_are_kept(years: int) -> None:
    rows = judged(lambda c: c.update(age_years=years)).rows
    assert rows is not None
    assert rows.case["age_years"] == years


def test_the_present_month_is_accepted_on_its_first_day_and_the_next_is_not() -> None:
    def order(month: str) -> set[tuple[str, str]]:
        return codes_at(judged(lambda c: (c.update(order_month=month), c.pop("procedure")), today=date(2026, 11, 1)))

    assert ("month-out-of-range", "order_month") not in order("2026-11")
    assert ("month-out-of-range", "order_month") in order("2026-12")


@pytest.mark.parametrize(("month", "refused"), [("2026-05", False), ("2026-06", True)])
def test_a_code_is_valid_to_the_end_of_its_last_month(month: str, refused: bool) -> None:
    known = context()
    known.codes["0559T"].effective_to = date(2026, 5, 31)
    found = judged(lambda c: c.update(codes=[{"code": "0559T", "units": 1, "applied_month": month}]), codes=known.codes)
    assert (("code-no-longer-valid", "codes[0].applied_month") in codes_at(found)) is refused


def test_the_units_of_further_guides_follow_their_count() -> None:
    def change(data: dict[str, Any]) -> None:
        data["guides"][0]["count"] = 4
        data["guides"] = data["guides"][:1]
        data["codes"] = [
            {"code": "0561T", "units": 1, "applied_month": "2026-03"},
            {"code": "0562T", "units": 3, "applied_month": "2026-03"},
        ]

    assert "units-differ" not in {code for code, _ in codes_at(judged(change))}


@pytest.mark.parametrize(("months", "years", "agree"), [(18, 1, True), (18, 2, False), (11, 0, True), (11, 1, False)])
def test_months_of_age_are_whole_years_and_a_rest(months: int, years: int, agree: bool) -> None:
    verdict = judged(lambda c: c.update(age_months=months, age_years=years))
    assert (("age-contradicts", "age_months") not in codes_at(verdict)) is agree


def test_times_are_compared_within_one_source_only() -> None:
    def change(data: dict[str, Any]) -> None:
        data["procedure"]["times"] = [
            {"clock": "in_room", "minutes": 100, "source": "or_log"},
            {"clock": "incision_closure", "minutes": 120, "source": "chart"},
        ]

    assert judged(change).problems == []


@pytest.mark.parametrize(
    ("wheels_in", "wheels_out", "minutes"),
    [
        ("2022-01-31 12:15 AM", "2022-01-31 1:15 AM", 60),
        ("2022-01-31 11:30 AM", "2022-01-31 12:15 PM", 45),
        ("2022-01-31 12:00 AM", "2022-01-31 12:00 PM", 720),
    ],
)
def test_twelve_is_midnight_in_the_morning_and_noon_after_it(tmp_path, wheels_in, wheels_out, minutes):
    found = one(tmp_path, wheels_in, wheels_out)
    assert isinstance(found, Encounter)
    assert found.times == {"in_room": minutes}


@pytest.mark.parametrize(("out", "minutes"), [("09:17:29", 132), ("09:17:30", 133), ("09:17:59", 133)])
def test_half_a_minute_and_more_is_a_minute(tmp_path, out, minutes):
    found = one(tmp_path, "2022-01-31 07:05:00", f"2022-01-31 {out}")
    assert isinstance(found, Encounter)
    assert found.times == {"in_room": minutes}


def test_another_procedure_code_takes_the_category_of_the_old_one_away() -> None:
    recorded = {"procedure": {"performed_month": "2026-03", "procedure_code": "27130", "category": "tha", "times": []}}
    other = overlaid(recorded, {"procedure": {"procedure_code": "21141", "procedure_code_system": "cpt"}})
    assert "category" not in other["procedure"]
    both = overlaid(recorded, {"procedure": {"procedure_code": "21141", "category": "tka"}})
    assert both["procedure"]["category"] == "tka"
    assert overlaid(recorded, {"procedure": {"used_in_or": None}})["procedure"]["category"] == "tha"
