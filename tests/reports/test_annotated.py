"""The owner's own file back: marked, with a Problems column that nobody reads when it comes again, and nothing in it that runs."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from registry.intake import case_file
from registry.intake.plan import Plan, Taken, of_header
from registry.reports import annotated

HEAD = ["local_case_id", "object_kind", "code_1_code", "time_1_minutes"]
ROWS = [["A", "none", "0559T", "=1+1"], ["B", "none", "0123", "3"], ["C", "none", "0560T", "-15"]]


@dataclass
class Row:
    row: int
    cells: list[str]
    problems: Sequence[tuple[str, str, str]]


WRONG = [Row(3, ROWS[1], [("code_1_code", "No such code.", "error"), ("time_1_minutes", "Too short.", "warning")])]


def text_file(folder: Path, head: list[str] = HEAD) -> Path:
    path = folder / "cases.csv"
    path.write_text("\n".join(";".join(row) for row in [head, *ROWS]))
    return path


def book_of(folder: Path) -> Path:
    path = folder / "cases.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        first, page = book.add_worksheet("read me"), book.add_worksheet("cases")
        first.write_row(0, 0, ["kept", 7.5])
        first.write_datetime(1, 0, date(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_row(0, 0, [*HEAD, "procedure_performed_month"])
        for number, row in enumerate(ROWS, 1):
            page.write_row(number, 0, row)
            page.write_datetime(number, 4, date(2026, 3, 17), book.add_format({"num_format": "yyyy-mm-dd"}))
        book.add_worksheet("last").write_string(0, 0, "x")
    return path


def plan_of(header: list[str] = HEAD) -> Plan:
    return of_header(header, ["" if name == "Problems" else name for name in header])


def sheet(data: bytes, folder: Path, name: str = "cases") -> list[list[Any]]:
    path = folder / "back.xlsx"
    path.write_bytes(data)
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_a_text_file_comes_back_as_a_workbook_whose_text_is_text(tmp_path: Path) -> None:
    data = annotated.workbook(text_file(tmp_path), plan_of(), WRONG, rows=3)
    assert sheet(data, tmp_path) == [
        [*HEAD, "Problems"],
        ["A", "none", "0559T", "=1+1", ""],
        ["B", "none", "0123", "3", "Code: No such code.\nCheck: Minutes: Too short."],
        ["C", "none", "0560T", "-15", ""],
    ]
    with zipfile.ZipFile(tmp_path / "back.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        comments = parts.read("xl/comments1.xml")
    assert comments.count(b"<comment ") == 2
    assert b'ref="C3"' in comments


def test_a_workbook_comes_back_with_its_sheets_in_order_and_days_as_days(tmp_path: Path) -> None:
    path = book_of(tmp_path)
    plan = plan_of([*HEAD, "procedure_performed_month"])
    data = annotated.workbook(path, plan, WRONG, rows=3)
    (tmp_path / "back.xlsx").write_bytes(data)
    assert CalamineWorkbook.from_path(tmp_path / "back.xlsx").sheet_names == ["read me", "cases", "last"]
    assert sheet(data, tmp_path, "read me") == [["kept", 7.5], [date(2026, 3, 1), ""]]
    rows = sheet(data, tmp_path)
    assert rows[2][:5] == ["B", "none", "0123", "3", date(2026, 3, 17)]


def test_the_csv_runs_nothing_and_says_numbers_as_numbers(tmp_path: Path) -> None:
    text = "".join(annotated.csv_lines(text_file(tmp_path), plan_of(), WRONG))
    lines = text.splitlines()
    assert lines[0] == '\ufeff"local_case_id","object_kind","code_1_code","time_1_minutes","Problems"'
    assert lines[1] == '"A","none","0559T","\'=1+1",""'
    assert lines[-1] == '"C","none","0560T","-15",""'


def test_the_problems_column_is_not_read_when_the_file_comes_back_and_is_written_anew(tmp_path: Path) -> None:
    given = "".join(annotated.csv_lines(text_file(tmp_path), plan_of(), WRONG))
    again = tmp_path / "again.csv"
    again.write_text(given, encoding="utf-8")
    file = case_file.survey(again)
    assert file.plan.names == ("local_case_id", "object_kind", "code_1_code", "time_1_minutes", "")
    twice = "".join(annotated.csv_lines(again, file.plan, []))
    assert twice.splitlines()[0].count("Problems") == 1


def test_what_was_mended_is_written_as_mended_and_rows_left_out_stay_out(tmp_path: Path) -> None:
    plan = Plan(
        tuple(Taken(name, name) for name in HEAD),
        values={"code_1_code": {"0123": "0559T"}},
        cells={4: {"time_1_minutes": "150"}},
        left_out=frozenset({2}),
    )
    rows = sheet(annotated.workbook(text_file(tmp_path), plan, [], rows=3), tmp_path)
    assert [row[:4] for row in rows[1:]] == [["B", "none", "0559T", "3"], ["C", "none", "0560T", "150"]]


def test_a_workbook_of_a_long_file_has_the_rows_that_need_their_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotated, "WHOLE", 2)
    rows = sheet(annotated.workbook(text_file(tmp_path), plan_of(), WRONG, rows=3), tmp_path)
    assert [row[0] for row in rows] == ["local_case_id", "B"]
