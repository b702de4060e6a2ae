"""An OR log in other clothes: a workbook with dates and times as cells, and rows known by the site's own case id."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.errors import Problem
from registry.intake.or_log import Encounter, survey
from registry.intake.or_log_options import read_options

HEADER = ["OR Log Number", "Date", "Wheels In", "Wheels Out", "CPT"]
FORMATS = {"default_date_format": "yyyy-mm-dd hh:mm"}


def workbook(path: Path, *rows: list[Any], header: list[str] = HEADER) -> Path:
    with xlsxwriter.Workbook(path / "log.xlsx", FORMATS) as book:
        page = book.add_worksheet("Export")
        clock = book.add_format({"num_format": "hh:mm"})
        page.write_row(0, 0, header)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, time):
                    page.write_datetime(number, place, value, clock)
                elif isinstance(value, str) and value.startswith("="):
                    page.write_formula(number, place, value, value="#REF!")
                else:
                    page.write(number, place, value)
    return path / "log.xlsx"


def read(path: Path, **options: Any) -> list[Encounter | Problem]:
    return list(survey(path, read_options(options)).encounters())


def known(tmp_path: Path, *rows: str, header: str = "Print case ID,Encounter,Wheels In,Wheels Out") -> list[Any]:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([header, *rows]))
    return [
        (item.number, item.case_id) if isinstance(item, Encounter) else (item.code, item.row) for item in read(path)
    ]


def test_dates_and_times_of_a_workbook_are_read_as_cells(tmp_path):
    dated = [10001, date(2022, 1, 3), datetime(2022, 1, 3, 7, 5), datetime(2022, 1, 3, 9, 17, 20), 28110]
    clocks = [10002, date(2022, 1, 3), time(7, 5), time(9, 17), "28110"]
    found = read(workbook(tmp_path, dated, clocks))
    assert [(item.number, item.month, item.code, item.times) for item in found if isinstance(item, Encounter)] == [
        ("10001", date(2022, 1, 1), "28110", {"in_room": 132}),
        ("10002", date(2022, 1, 1), "28110", {"in_room": 132}),
    ]


def test_dates_as_cells_are_never_read_in_two_ways(tmp_path):
    (item,) = read(workbook(tmp_path, [1, date(2022, 2, 1), time(7, 5), time(9, 17), ""]))
    assert isinstance(item, Encounter)
    assert item.month == date(2022, 2, 1)


def test_the_error_of_a_formula_is_a_problem_of_its_cell(tmp_path):
    (item,) = read(workbook(tmp_path, [1, date(2022, 2, 1), time(7, 5), "=A1+#REF!", ""]))
    assert isinstance(item, Problem)
    assert (item.code, item.row, item.column) == ("formula-error", 2, "Wheels Out")


def test_a_row_may_be_known_by_the_sites_own_case_id(tmp_path):
    times = "2022-01-31 07:05,2022-01-31 09:17"
    rows = [f"P-1,,{times}", f",77,{times}", f"P-3,78,{times}", f",,{times}"]
    assert known(tmp_path, *rows) == [("", "P-1"), ("77", ""), ("78", "P-3"), ("encounter-missing", 5)]


def test_a_log_needs_no_encounter_number_where_it_has_case_ids(tmp_path):
    rows = ["P-1,2022-01-31 07:05,2022-01-31 09:17"]
    assert known(tmp_path, *rows, header="Print case ID,Wheels In,Wheels Out") == [("", "P-1")]


def test_a_case_id_on_rows_with_different_times_is_listed_and_never_guessed(tmp_path):
    rows = ["P-1,77,2022-01-31 07:05,2022-01-31 09:17", "P-1,78,2022-02-28 07:05,2022-02-28 09:17"]
    assert known(tmp_path, *rows) == [("ambiguous-encounter", 2), ("ambiguous-encounter", 3)]
