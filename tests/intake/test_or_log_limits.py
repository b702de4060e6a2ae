"""Where the OR log's reader draws its lines: days that are said, years and offsets that are, cells and lines of bearable length."""

import pytest

from registry.errors import Problem
from registry.intake.or_log import Encounter
from tests.intake.test_or_log import HEADER, PODIATRY, one, read, refusal


def test_a_time_that_says_its_own_day_is_never_moved_to_the_next(tmp_path):
    problem = one(tmp_path, "2022-01-03 09:00", "2022-01-02 10:00", next_day=True)
    assert isinstance(problem, Problem)
    assert problem.code == "end-before-start"


@pytest.mark.parametrize(
    ("wheels_in", "wheels_out"),
    [
        ("9999-12-31 23:00", "01:00"),
        ("9999-12-31 23:00", "9999-12-31 01:00"),
        ("2101-01-03 07:00", "2101-01-03 08:00"),
        ("1989-12-31 07:00", "1989-12-31 08:00"),
        ("0022-01-03 07:00", "0022-01-03 08:00"),
        ("0001-01-01T00:00+05:00", "0001-01-01T02:00+05:00"),
        ("2022-01-03 07:00+99:99", "2022-01-03 08:00+99:99"),
        ("2022-01-03 07:00+05:60", "2022-01-03 08:00+05:60"),
        ("2022-01-03 07:00-12:01", "2022-01-03 08:00-12:01"),
    ],
)
def test_a_year_or_an_offset_that_cannot_be_is_a_problem_of_its_row(tmp_path, wheels_in, wheels_out):
    problem = one(tmp_path, wheels_in, wheels_out, next_day=True)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.row, problem.column) == ("unreadable-time", 2, "Wheels In")


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2022-01-31", []),
        ("2022-01", []),
        ("2022-02-01", [("dates-contradict", "warning")]),
        ("2022-01-30", [("dates-contradict", "warning")]),
        ("2022-05-31", [("dates-contradict", "error")]),
        ("2022-02", [("dates-contradict", "error")]),
    ],
)
def test_a_date_that_its_own_times_contradict_is_told(tmp_path, day, found):
    rows = f"Encounter,Date,Wheels In,Wheels Out\n1,{day},2022-01-31 07:05,2022-01-31 09:17\n"
    (row,) = read(tmp_path, rows)
    told = row.warnings if isinstance(row, Encounter) else [row]
    assert [(problem.code, problem.severity) for problem in told] == found
    assert {(problem.row, problem.column) for problem in told} <= {(2, "Date")}


def test_a_code_is_read_whole_or_refused_and_never_becomes_another(tmp_path):
    (whole,) = read(tmp_path, f"{HEADER}\n{PODIATRY.replace('28110', '28110' + ' ' * 18 + 'XX')}\n")
    assert isinstance(whole, Encounter)
    assert whole.code == "28110" + " " * 18 + "XX"
    (problem,) = read(tmp_path, f"{HEADER}\n{PODIATRY.replace('28110', '2' * 41)}\n")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.column) == ("too-long", "CPT Code")


def test_a_cell_too_long_to_be_read_is_named_so_and_costs_its_own_row_only(tmp_path):
    found = read(tmp_path, f"{HEADER}\n{PODIATRY},{'x' * 200_000}\n{PODIATRY}\n")
    assert isinstance(found[0], Problem)
    assert (found[0].code, found[0].row) == ("too-long", 2)
    assert isinstance(found[1], Encounter)
    assert refusal(tmp_path, f"{HEADER},{'x' * 200_000}\n{PODIATRY}\n").code == "too-long"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("rows", [0, 3, 20_000])
def test_a_line_too_long_or_a_nul_is_named_with_its_own_line(tmp_path, encoding, end, rows):
    before = "".join(line + end for line in [HEADER, *[PODIATRY.replace("Podiatry", "Orthopédie")] * rows])
    long = refusal(tmp_path, (before + "9" * 1_000_001 + end + PODIATRY + end).encode(encoding))
    assert (long.code, long.row) == ("line-too-long", rows + 2)
    nul = refusal(tmp_path, (before + "9\0" + end + PODIATRY + end).encode(encoding))
    assert (nul.code, nul.row) == ("nul-byte", rows + 2)


def test_a_very_short_incision_is_left_out_with_a_warning(tmp_path):
    (found,) = read(tmp_path, f"{HEADER}\n{PODIATRY.replace('09:05 AM', '07:35 AM')}\n")
    assert isinstance(found, Encounter)
    assert found.times == {"in_room": 132}
    assert [(w.code, w.severity) for w in found.warnings] == [("left-out-minutes", "warning")]


def test_a_quotation_mark_that_is_never_closed_costs_one_problem_and_not_the_rows_before_it(tmp_path):
    first, second = read(tmp_path, f'{HEADER}\n{PODIATRY}\n"10002,Podiatry\n{PODIATRY}\n')
    assert isinstance(first, Encounter)
    assert isinstance(second, Problem)
    assert (second.code, second.row) == ("malformed-row", 3)
