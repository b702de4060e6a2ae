"""A header as wide as nobody's: refused or told of at a bounded cost."""

from pathlib import Path

import pytest

from registry.errors import InvalidReport
from registry.intake.case_file import MOST_REFUSED, survey
from registry.intake.sources.opening import open_table
from registry.intake.sources.table import MOST_COLUMNS
from tests.case_files import xlsx_of


def headed(tmp_path: Path, names: list[str], ending: str) -> Path:
    path = tmp_path / f"wide.{ending}"
    if ending == "csv":
        path.write_text(",".join(names) + "\n1\n")
    else:
        xlsx_of(names, [["1"]], path)
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_header_of_thousands_of_columns_is_refused_and_one_of_the_most_is_read(ending: str, tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(MOST_COLUMNS + 1)]
    with pytest.raises(InvalidReport) as caught:
        open_table(headed(tmp_path, names, ending))
    assert [(problem.code, problem.row) for problem in caught.value.problems] == [("too-many-columns", 1)]
    assert len(open_table(headed(tmp_path, names[:-1], ending)).header) == MOST_COLUMNS


def test_no_more_strange_columns_are_looked_into_than_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "registry.intake.case_file.get_close_matches", lambda name, *_rest: asked.append(name) or ["local_case_id"]
    )
    with pytest.raises(InvalidReport) as caught:
        survey(headed(tmp_path, [f"strange{number}" for number in range(MOST_COLUMNS)], "csv"))
    assert len(caught.value.problems) == len(asked) == MOST_REFUSED


def test_each_repeated_column_is_told_once_more_than_it_may_stand(tmp_path: Path) -> None:
    with pytest.raises(InvalidReport) as caught:
        survey(headed(tmp_path, ["local_case_id", "sex", "object_kind", "sex", "sex"], "csv"))
    assert [(problem.code, problem.column) for problem in caught.value.problems] == [("column-twice", "sex")] * 2
