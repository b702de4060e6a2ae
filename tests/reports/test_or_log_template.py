"""The template of an OR log is read as it is, without being told which column is which."""

import io
from pathlib import Path

import python_calamine

from registry.intake.or_log import Encounter, survey
from registry.intake.or_log_options import TEMPLATE, find_columns, read_options
from registry.intake.sources.opening import open_table
from registry.reports import or_log_template
from registry.reports.or_log_template import EXAMPLE


def test_each_of_its_columns_is_known_by_its_header(tmp_path: Path) -> None:
    for name, content in (
        ("log.csv", or_log_template.csv_template().encode()),
        ("log.xlsx", or_log_template.xlsx_template()),
    ):
        (tmp_path / name).write_bytes(content)
        table = open_table(tmp_path / name)
        assert table.header == list(TEMPLATE.values())
        assert find_columns(table, read_options({})).at == {role: place for place, role in enumerate(TEMPLATE)}


def test_a_row_written_as_the_example_is_an_encounter(tmp_path: Path) -> None:
    line = ",".join(EXAMPLE.get(role, "") for role in TEMPLATE)
    (tmp_path / "log.csv").write_text(or_log_template.csv_template() + line + "\n")
    (found,) = survey(tmp_path / "log.csv", read_options({})).encounters()
    assert isinstance(found, Encounter)
    assert found.times == {"in_room": 137, "incision_closure": 73}


def test_the_workbook_says_what_each_column_holds_and_is_the_same_each_time() -> None:
    content = or_log_template.xlsx_template()
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["or log", "read me"]
    about = book.get_sheet_by_name("read me").to_python()
    assert [row[0] for row in about[1 : len(TEMPLATE) + 1]] == list(TEMPLATE.values())
    assert content == or_log_template.xlsx_template()
