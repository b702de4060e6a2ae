"""A workbook is read like a text file, whatever it holds, and one that means harm is refused before it is unfolded."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from registry.errors import InvalidReport
from registry.intake.sources import unfolding
from registry.intake.sources.opening import open_table
from registry.intake.sources.table import DATE, FORMULA_ERROR, Record

Fill = Callable[[Any], None]


def made(path: Path, fill: Fill, **options: Any) -> Path:
    with xlsxwriter.Workbook(path / "file.xlsx", {"default_date_format": "yyyy-mm-dd", **options}) as book:
        fill(book)
    return path / "file.xlsx"


def sheet(*rows: list[Any], name: str = "cases") -> Fill:
    def fill(book: Any) -> None:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)

    return fill


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part of its archive written anew."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def records(path: Path) -> list[Record]:
    return list(open_table(path).records())


def refusal(path: Path) -> str:
    with pytest.raises(InvalidReport) as caught:
        records(path)
    return caught.value.problems[0].code


SHEET = "xl/worksheets/sheet1.xml"


def test_every_kind_of_cell_is_the_text_somebody_would_type(tmp_path: Path) -> None:
    cells = [150.0, 0.1 + 0.2, 1e-7, True, False, "as it is", time(2, 30), 123456789012]

    def fill(book: Any) -> None:
        page = book.add_worksheet("cases")
        page.write_row(0, 0, ["a"] * 9)
        page.write_row(1, 0, cells)
        page.write_datetime(1, 8, timedelta(hours=26, minutes=5), book.add_format({"num_format": "[h]:mm"}))

    (record,) = records(made(tmp_path, fill))
    texts = ["150", "0.3", "0.0000001", "yes", "no", "as it is", "02:30", "123456789012", "26:05"]
    assert (record.row, record.cells) == (2, texts)


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_date_is_its_day_and_its_time_if_it_has_one_whatever_year_the_workbook_counts_from(
    from_1904: bool, tmp_path: Path
) -> None:
    rows = sheet(["a", "b"], [date(2026, 3, 17), datetime(2026, 3, 17, 12, 4)])
    (record,) = records(made(tmp_path, rows, date_1904=from_1904))
    assert (record.cells, record.odd) == (["2026-03-17", "2026-03-17 12:04:00"], {0: DATE, 1: DATE})


def test_a_formula_is_its_value_and_its_error_is_told(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("cases")
        page.write_row(2, 1, ["a", "b", "c"])
        for column, (formula, value) in enumerate([("=1+1", 2), ("=1/0", "#DIV/0!"), ('="x"', "x")], 1):
            page.write_formula(3, column, formula, None, value)

    table = open_table(made(tmp_path, fill))
    (record,) = table.records()
    assert (table.header, table.header_row, record.row) == (["a", "b", "c"], 3, 4)
    assert (record.cells, record.odd) == (["2", "", "x"], {1: FORMULA_ERROR})


def test_the_sheet_called_cases_is_read_or_else_the_first_with_a_header(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("empty")
        book.add_worksheet("log").write_row(0, 0, ["of the log"])

    path = made(tmp_path, fill)
    assert open_table(path).header == ["of the log"]

    def named(book: Any) -> None:
        fill(book)
        book.add_worksheet("Cases ").write_row(0, 0, ["of the cases"])

    assert open_table(made(tmp_path, named)).header == ["of the cases"]


def test_a_header_of_merged_cells_has_its_text_in_the_first(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("cases")
        page.merge_range(0, 0, 0, 1, "both")
        page.write_row(1, 0, ["1", "2"])

    assert open_table(made(tmp_path, fill)).header == ["both", ""]


@pytest.mark.parametrize("size", [4, 60, 1000, 3000])
def test_a_truncated_workbook_is_refused(size: int, tmp_path: Path) -> None:
    path = made(tmp_path, sheet(["a"], ["b"]))
    path.write_bytes(path.read_bytes()[:size])
    assert refusal(path) == "unreadable-workbook"


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(path) == "unreadable-workbook"


def test_a_workbook_without_a_header_is_refused(tmp_path: Path) -> None:
    assert refusal(made(tmp_path, sheet())) == "empty-file"


def test_a_cell_far_out_in_an_empty_sheet_is_refused_before_the_sheet_is_laid_out(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("cases")
        page.write(0, 0, "local_case_id")
        page.write(999_999, 16_383, "far")

    assert refusal(made(tmp_path, fill)) == "workbook-too-large"


def test_a_styled_empty_cell_far_out_harms_nothing(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("cases")
        page.write_row(0, 0, ["a"])
        page.write_row(1, 0, ["b"])
        page.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    assert [record.cells for record in records(made(tmp_path, fill))] == [["b"]]


def test_a_row_that_says_it_is_far_down_is_believed_before_it_is_laid_out(tmp_path: Path) -> None:
    path = made(tmp_path, sheet(["a"], ["b"]))
    far = with_part(path, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999"').replace(b'r="A2"', b""))
    assert refusal(far) == "too-many-rows"


def test_a_workbook_that_unfolds_to_more_than_we_bear_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(unfolding, "MOST_BYTES", 1_000_000)
    path = made(tmp_path, sheet(["a"], ["b"]))
    bomb = with_part(path, SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + b" " * 2_000_000))
    assert bomb.stat().st_size < 10_000
    assert refusal(bomb) == "workbook-too-large"


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path, sheet(["a"], ["b"]))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    content = path.read_bytes()
    told, less = size.to_bytes(4, "little"), (size - 200).to_bytes(4, "little")
    assert told in content
    path.write_bytes(content.replace(told, less))
    assert refusal(path) == "unreadable-workbook"


def test_a_declared_document_type_is_refused(tmp_path: Path) -> None:
    declaration = b'?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = made(tmp_path, sheet(["a"], ["b"]))
    assert refusal(with_part(path, SHEET, lambda xml: xml.replace(b"?>", declaration, 1))) == "unreadable-workbook"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_part_that_is_no_xml_is_refused(part: str, tmp_path: Path) -> None:
    path = made(tmp_path, sheet(["a"], ["b"]))
    assert refusal(with_part(path, part, lambda xml: xml[: len(xml) // 2])) == "unreadable-workbook"


def test_a_zip_with_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(unfolding.MOST_PARTS + 1):
            archive.writestr(f"{number}.txt", "")
    path.write_bytes(out.getvalue())
    assert refusal(path) == "workbook-too-large"


@pytest.mark.parametrize(("seconds", "text"), [(9045, "2:31"), (9029, "2:30"), (9000, "2:30")])
def test_a_duration_is_rounded_to_the_minute(seconds: int, text: str, tmp_path: Path) -> None:
    path = tmp_path / "times.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("cases")
        page.write_string(0, 0, "time")
        page.write_datetime(1, 0, timedelta(seconds=seconds), book.add_format({"num_format": "[h]:mm:ss"}))
    assert [record.cells for record in records(path)] == [[text]]
