import codecs
from pathlib import Path

import pytest

from registry.reports.writers import CsvFile, guard, unguard


@pytest.mark.parametrize("text", ["'", "'=1+1", "''", "'t Hooft"])
def test_an_apostrophe_of_the_text_itself_comes_back(text: str) -> None:
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text


def test_a_csv_file_begins_with_the_byte_order_mark_that_excel_needs(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "x.csv", ["a"]) as file:
        file.row(["Müller"])
    assert (tmp_path / "x.csv").read_bytes() == codecs.BOM_UTF8 + '"a"\r\n"Müller"\r\n'.encode()
