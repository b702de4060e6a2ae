"""A text is kept as it was sent, or refused with a problem: by CSV and by XLSX, and in every column of text."""

import csv
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from registry.intake.case_file import survey
from tests.hostile.outcomes import NAMES
from tests.hostile.texts import naughty
from tests.intake.test_check import context, judged

TEXTS = naughty()


def as_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def as_xlsx(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("cases")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write_string(row, column, cell)


def test_there_are_a_few_hundred_of_them() -> None:
    assert len(TEXTS) > 350


@pytest.mark.parametrize("name", NAMES[1:])
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_naughty_text_is_read_as_it_was_written(write: Any, name: str, tmp_path: Path) -> None:
    texts = [text for text in TEXTS if name != "or_log_number" or text.strip()]
    write(tmp_path / "file", [["local_case_id", name], *([f"A{n}", text] for n, text in enumerate(texts))])
    reports = list(survey(tmp_path / "file").reports())
    assert len(reports) == len(texts)
    changed = [
        text
        for text, report in zip(texts, reports, strict=True)
        if not report.problems and _said(report.data, name) not in {text.strip(), _as_excel_keeps(text)}
    ]
    assert changed == []


def _as_excel_keeps(text: str) -> str:
    """XML has one line end."""
    return text.replace("\r\n", "\n").strip()


def _said(data: dict[str, Any], name: str) -> str:
    if name == "part_1_comment":
        return str(data["parts"][0]["comment"])
    return str(data["prints"][0]["printer"]) if name == "print_1_printer" else str(data[name])


@pytest.mark.parametrize("where", ["comment", "local_case_id", "part"])
def test_a_naughty_text_is_believed_as_it_is_or_refused_with_a_problem(where: str) -> None:
    known = context()
    for text in TEXTS:

        def change(data: dict[str, Any], text: str = text) -> None:
            if where == "part":
                data["parts"][0]["comment"] = text
            else:
                data[where] = text

        verdict = judged(change, codes=known.codes)
        if verdict.rows is None:
            assert {problem.code for problem in verdict.errors} <= {"forbidden-character", "too-long", "malformed"}
            assert not any(len(text) > 3 and text in problem.message for problem in verdict.problems)
            continue
        kept = verdict.rows.sections["parts"][0] if where == "part" else verdict.rows.case
        assert kept["comment" if where == "part" else where] == text.strip()
