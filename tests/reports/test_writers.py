"""Files open without running anything, and come back as they went."""

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from registry.reports.writers import CsvFile, XlsxFile, guard, plain, unguard

SIGNS = [
    "=",
    "+",
    "-",
    "@",
    "|",
    "%",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "\t=",
    "\r=",
    "\n=",
    "  =",
    "\u00a0=",
    "\u200b=",
    "\ufeff=",
]
FORMULAS = [*(f"{sign}1+1" for sign in SIGNS), "@SUM(A1)", "=cmd|' /C calc'!A0"]
MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_could_be_a_formula_is_marked(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "RX-0042", "Müller", "3 = 4", "0559T"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert guard(text) == text


@given(st.text())
def test_what_goes_out_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_a_csv_file_read_again_gives_the_same_texts(rows: list[list[str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        with CsvFile(path, ["a", "b"]) as file:
            for row in rows:
                file.row(row)
        with path.open(encoding="utf-8-sig", newline="") as again:
            read = list(csv.reader(again))
    assert [[unguard(cell) for cell in row] for row in read[1:]] == rows


def test_numbers_are_written_as_numbers_even_when_negative() -> None:
    assert [
        plain(value)
        for value in (-3, 1.5, Decimal("2.50"), Fraction(1, 2), Fraction(4, 2), date(2026, 3, 1), True, None)
    ] == [
        "-3",
        "1.5",
        "2.50",
        "0.5",
        "2",
        "2026-03-01",
        "yes",
        "",
    ]


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        plain(float("nan"))


def test_the_checksum_and_row_count_belong_to_the_file(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "x.csv"
    with CsvFile(path, ["a"]) as file:
        file.row(["1"])
        file.row([2])
    written = file.written()
    assert (written.rows, written.sha256) == (2, hashlib.sha256(path.read_bytes()).hexdigest())


def _book(path: Path) -> XlsxFile:
    with XlsxFile(path, title="T", as_of=MOMENT) as book:
        book.sheet("One", ["text", "number"], [(text, -2) for text in [*FORMULAS, "http://example.org"]])
        book.sheet("Empty", ["nothing"], [])
    return book


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    _book(tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_workbook_keeps_texts_and_numbers_apart(tmp_path: Path) -> None:
    _book(tmp_path / "x.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_name("One").to_python()
    assert rows[0] == ["text", "number"]
    assert rows[1] == ["=1+1", -2.0]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = _book(tmp_path / "a.xlsx").written(), _book(tmp_path / "b.xlsx").written()
    assert first == second


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path) -> None:
    with XlsxFile(tmp_path / "x.xlsx", title="T", as_of=MOMENT) as book:
        assert book.sheet("Cases", ["n"], ([n] for n in range(7)), limit=4) == 7
    sheets = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx"))
    assert [len(sheets.get_sheet_by_name(name).to_python()) for name in sheets.sheet_names] == [4, 4, 2]
