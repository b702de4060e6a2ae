"""The OR log's reader: every clear row becomes an encounter, every doubtful one a problem that names the place and the fix."""

import codecs
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import InvalidReport, Problem
from registry.intake.or_log import Encounter, encounter_digest, survey
from registry.intake.or_log_options import read_options
from registry.management import demo

REAL_LOG = Path(demo.__file__).parent / "or_log_2022q1.csv"
HEADER = "Encounter ID,Service,CPT Code,Wheels In,Start Time,End Time,Wheels Out"
PODIATRY = "10001,Podiatry,28110,01/31/22 07:05 AM,01/31/22 07:32 AM,01/31/22 09:05 AM,01/31/22 09:17 AM"


def read(tmp_path: Path, content: str | bytes, **options: Any) -> list[Encounter | Problem]:
    path = tmp_path / "log.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(survey(path, read_options(options)).encounters())


def one(tmp_path: Path, *moments: str, **options: Any) -> Encounter | Problem:
    (found,) = read(tmp_path, "Encounter ID;Wheels In;Wheels Out\n1;" + ";".join(moments), **options)
    return found


def refusal(tmp_path: Path, content: str | bytes, **options: Any) -> Problem:
    with pytest.raises(InvalidReport) as caught:
        read(tmp_path, content, **options)
    return caught.value.problems[0]


def test_the_real_log_is_read_to_the_last_row():
    log = survey(REAL_LOG, read_options({}))
    encounters = [found for found in log.encounters() if isinstance(found, Encounter)]
    assert log.rows == len(encounters) == len({found.number for found in encounters}) == 2172
    assert encounters[0] == Encounter(
        2, "10001", date(2022, 1, 1), "cpt", "28110", "Podiatry", {"in_room": 132, "incision_closure": 93}
    )
    assert {found.month for found in encounters} == {date(2022, 1, 1), date(2022, 2, 1), date(2022, 3, 1)}


@pytest.mark.parametrize(
    ("wheels_in", "wheels_out"),
    [
        ("01/31/22 07:05 AM", "01/31/22 09:17 AM"),
        ("1/31/2022 7:05", "1/31/2022 9:17"),
        ("31/01/2022 07:05", "31/01/2022 09:17"),
        ("31.01.2022 07:05", "31.01.2022 09:17"),
        ("03.01.2022 07:05:00", "03.01.2022 09:17:29"),
        ("2022-01-31 07:05", "2022-01-31 09:17"),
        ("2022-01-31T07:05:10-05:00", "2022-01-31T09:17:10-05:00"),
        ("2022-01-31T12:05Z", "2022-01-31T09:17-05:00"),
        ("2022-01-31 07:05:00.000", "2022-01-31 09:17:00.000"),
        ("31-JAN-22 07:05", "31-JAN-22 09:17"),
        ("202201310705", "202201310917"),
        ("20220131 0705", "20220131 0917"),
        ("01/31/2022 11:05 PM", "02/01/2022 01:17 AM"),
    ],
)
def test_a_moment_is_read_however_it_is_written(tmp_path, wheels_in, wheels_out):
    found = one(tmp_path, wheels_in, wheels_out)
    assert isinstance(found, Encounter)
    assert (found.month, found.times) == (date(2022, 1, 1), {"in_room": 132})


def test_clock_times_alone_take_their_day_from_the_date_column(tmp_path):
    (found,) = read(tmp_path, "Encounter,Date,Wheels In,Wheels Out\n1,2022-01-31,07:05,0917\n")
    assert isinstance(found, Encounter)
    assert (found.month, found.times) == (date(2022, 1, 1), {"in_room": 132})


def test_the_night_the_clocks_change_is_counted_right_when_the_log_says_its_offset(tmp_path):
    found = one(tmp_path, "2022-03-13T01:30-05:00", "2022-03-13T03:30-04:00")
    assert isinstance(found, Encounter)
    assert found.times == {"in_room": 60}


def test_minutes_may_be_given_instead_of_clock_times(tmp_path):
    columns = {"encounter": "nr", "date": "dag", "minutes": "minuten", "code_system": "local", "code": "verrichting"}
    (found,) = read(tmp_path, "nr\tdag\tverrichting\tminuten\n7\t2022-02\tA-1\t95.0\n", columns=columns)
    assert found == Encounter(2, "7", date(2022, 2, 1), "local", "A-1", "", {"in_room": 95})


def test_a_day_above_twelve_anywhere_settles_the_order_of_every_date(tmp_path):
    rows = "Encounter;Wheels In;Wheels Out\n1;03/01/22 07:00;03/01/22 08:00\n2;31/01/22 07:00;31/01/22 08:00\n"
    assert [found.month for found in read(tmp_path, rows) if isinstance(found, Encounter)] == [date(2022, 1, 1)] * 2


def test_dates_that_may_be_read_two_ways_are_refused_until_the_site_says_which(tmp_path):
    rows = "Encounter;Wheels In;Wheels Out\n1;03/01/22 07:00;03/01/22 08:00\n"
    problem = refusal(tmp_path, rows)
    assert (problem.code, problem.column) == ("ambiguous-dates", "Wheels In")
    assert "day_order" in problem.message
    (american,) = read(tmp_path, rows, day_order="mdy")
    (european,) = read(tmp_path, rows, day_order="dmy")
    assert isinstance(american, Encounter)
    assert isinstance(european, Encounter)
    assert (american.month, european.month) == (date(2022, 3, 1), date(2022, 1, 1))


def test_dates_in_two_orders_are_refused(tmp_path):
    rows = "Encounter;Wheels In;Wheels Out\n1;13/01/22 07:00;13/01/22 08:00\n2;01/13/22 07:00;01/13/22 08:00\n"
    assert refusal(tmp_path, rows).code == "mixed-dates"


def test_out_before_in_offers_the_next_day_and_takes_it_when_told(tmp_path):
    rows = "Encounter,Date,Wheels In,Wheels Out\n1,2022-01-31,23:30,01:10\n"
    (problem,) = read(tmp_path, rows)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.row, problem.column) == ("out-before-in", 2, "Wheels Out")
    assert "next_day" in problem.message
    (found,) = read(tmp_path, rows, next_day=True)
    assert isinstance(found, Encounter)
    assert (found.month, found.times) == (date(2022, 1, 1), {"in_room": 100})


def test_an_operation_past_midnight_keeps_its_incision_on_the_right_day(tmp_path):
    row = "1,Podiatry,28110,2022-01-31 23:30,00:10,00:40,01:10"
    (found,) = read(tmp_path, f"{HEADER}\n{row}\n", next_day=True)
    assert isinstance(found, Encounter)
    assert found.times == {"in_room": 100, "incision_closure": 30}


def test_a_number_with_two_different_times_is_listed_and_never_guessed(tmp_path):
    written = [("1", "08:00"), ("2", "08:00"), ("1", "09:00")]
    rows = "Encounter;Wheels In;Wheels Out\n" + "".join(
        f"{nr};2022-01-31 07:00;2022-01-31 {out}\n" for nr, out in written
    )
    first, second, third = read(tmp_path, rows)
    assert isinstance(second, Encounter)
    assert [(p.code, p.row) for p in (first, third) if isinstance(p, Problem)] == [
        ("ambiguous-encounter", 2),
        ("ambiguous-encounter", 4),
    ]


def test_a_number_with_two_procedures_says_so(tmp_path):
    rows = f"{HEADER}\n{PODIATRY}\n{PODIATRY.replace('28110', '28055')}\n"
    assert [found.several_procedures for found in read(tmp_path, rows) if isinstance(found, Encounter)] == [True, True]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (PODIATRY.replace("10001", ""), "encounter-missing", "Encounter ID"),
        (PODIATRY.replace("10001", "1.23E+11"), "shortened-number", "Encounter ID"),
        (PODIATRY.replace("10001", "9" * 65), "encounter-missing", "Encounter ID"),
        (PODIATRY.replace("07:05 AM", "13:05 AM"), "unreadable-time", "Wheels In"),
        (PODIATRY.replace("01/31/22 09:17 AM", "Mar-02"), "unreadable-time", "Wheels Out"),
        (PODIATRY.replace("01/31/22 09:17 AM", "02/30/22 09:17 AM"), "unreadable-time", "Wheels Out"),
        (PODIATRY.replace("01/31/22 09:17 AM", ""), "time-missing", "Wheels Out"),
        (PODIATRY.replace("07:32 AM", "07:01 AM"), "outside-the-room", "Start Time"),
        (PODIATRY.replace("01/31/22 09:17 AM", "02/02/22 09:17 AM"), "minutes-out-of-range", "Wheels Out"),
        ("10001,Podiatry,28110,,,,", "date-missing", None),
        (PODIATRY + ",more", "wrong-number-of-cells", None),
        ("10001,Podiatry", "wrong-number-of-cells", None),
        ('10001,"Podi"atry,28110', "malformed-row", None),
    ],
)
def test_a_row_we_cannot_believe_is_named_with_its_line_and_column(tmp_path, row, code, column):
    found = [
        p for p in read(tmp_path, f"{HEADER}\n{PODIATRY.replace('10001', '1')}\n{row}\n") if isinstance(p, Problem)
    ]
    assert [(p.code, p.row, p.column) for p in found] == [(code, 3, column)]


def test_blank_lines_and_trailing_delimiters_do_not_matter(tmp_path):
    rows = f"\n{HEADER},\r\n\r\n{PODIATRY},\r\n , ,\r\n"
    (found,) = read(tmp_path, rows)
    assert isinstance(found, Encounter)
    assert found.row == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_usual_encodings_delimiters_and_line_ends_are_understood(tmp_path, encoding, delimiter, end):
    rows = f"{HEADER}\n{PODIATRY.replace('Podiatry', 'Orthopédie')}\n".replace(",", delimiter).replace("\n", end)
    (found,) = read(tmp_path, rows.encode(encoding))
    assert isinstance(found, Encounter)
    assert (found.service, found.times["in_room"]) == ("Orthopédie", 132)


def test_excels_own_word_about_the_delimiter_is_heard(tmp_path):
    (found,) = read(tmp_path, f"sep=;\n{HEADER}\n{PODIATRY}\n".replace(",", ";"))
    assert isinstance(found, Encounter)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\n \r\n", "empty-file"),
        (codecs.BOM_UTF8, "empty-file"),
        (HEADER, "no-rows"),
        (f"{HEADER}\n\n", "no-rows"),
        (b"PK\x03\x04workbook", "unreadable-workbook"),
        (b"\xd0\xcf\x11\xe0old", "not-a-text-file"),
        (b"\x1f\x8bgz", "damaged-archive"),
        (f"{HEADER}\n{PODIATRY}\0\n", "nul-byte"),
        (b"\x00" * 10, "nul-byte"),
        (b"caf\x81\x8d;b\n", "unreadable-encoding"),
        (codecs.BOM_UTF16_LE + b"a", "unreadable-encoding"),
        (HEADER + "\n" + "9" * 1_000_001, "line-too-long"),
        ("a,b,c\n1,2,3\n", "column-missing"),
        (HEADER.replace("Wheels Out", "Gone") + "\n" + PODIATRY, "column-missing"),
        (HEADER.replace("Service", "Wheels In") + "\n" + PODIATRY, "column-twice"),
        ('"Encounter ID,Wheels In', "malformed-header"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_one_clear_reason(tmp_path, content, code):
    problem = refusal(tmp_path, content)
    assert problem.code == code
    assert problem.message.endswith((".", '"'))


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"colums": {}}, "colums"),
        ({"columns": ["Encounter ID"]}, "columns"),
        ({"columns": {"date": ""}}, "columns.date"),
        ({"columns": {"date": 3}}, "columns.date"),
        ({"columns": {"surgeon": "Surgeon"}}, "columns.surgeon"),
        ({"columns": {"start": "a", "incision": "b"}}, "columns.incision"),
        ({"code_system": "service"}, "code_system"),
        ({"day_order": "ymd"}, "day_order"),
        ({"next_day": "yes"}, "next_day"),
        ({"controls_from": "2022-13"}, "controls_from"),
        ({"controls_from": "2022-01"}, "controls_to"),
        ({"controls_from": "2022-03", "controls_to": "2022-01"}, "controls_to"),
        ([], ""),
    ],
)
def test_an_option_we_do_not_understand_is_named(options, path):
    with pytest.raises(InvalidReport) as caught:
        read_options(options)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_only_months_the_site_calls_complete_may_give_controls():
    options = read_options({"controls_from": "2022-01", "controls_to": "2022-02"})
    assert [options.may_be_control(date(2022, month, 1)) for month in (1, 2, 3)] == [True, True, False]
    assert not read_options({}).may_be_control(date(2022, 1, 1))


def test_no_problem_repeats_what_a_cell_said(tmp_path):
    canary = "SMITHJOHN1957"
    bad = [
        f"{canary},{canary},{canary},{canary},{canary},{canary},{canary}",
        f'"{canary}"{canary},1',
        f"{canary},1",
        f"{canary * 9},,,,,,",
    ]
    problems = [p for p in read(tmp_path, "\n".join([HEADER, PODIATRY, *bad])) if isinstance(p, Problem)]
    assert len(problems) == len(bad)
    assert canary not in repr(problems)
    assert canary not in repr(refusal(tmp_path, f"{canary},{canary}\n1,2\n"))


def test_an_encounter_number_is_known_again_at_its_own_site_only():
    here = encounter_digest("10001", site_id=1, key="key")
    assert here == encounter_digest(" 10001 ", site_id=1, key="key")
    assert (
        len({here, encounter_digest("10001", site_id=2, key="key"), encounter_digest("10001", site_id=1, key="other")})
        == 3
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mangled=st.lists(
        st.one_of(
            st.sampled_from(
                [HEADER, PODIATRY, ",", ";", '"', "\r", "\n", "\0", "\ufeff", "sep=;", "01/02/03 4:5", "9" * 70]
            ),
            st.text(max_size=20),
        ),
        max_size=12,
    ),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_whatever_the_file_it_is_refused_or_each_row_is_an_encounter_or_a_problem(tmp_path, mangled, encoding):
    content = "\n".join(mangled).encode(encoding, "replace")
    try:
        found = read(tmp_path, content)
    except InvalidReport:
        return
    assert all(isinstance(row, Encounter | Problem) for row in found)
    assert all(5 <= minutes <= 1440 for row in found if isinstance(row, Encounter) for minutes in row.times.values())
