"""Which rows of a file are certainly clean, said by columns: just those of which the row-wise check has nothing to say."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registry.intake import case_file, flat
from registry.intake.by_columns import asking
from registry.intake.by_columns.clean import Clean, Judge
from registry.intake.by_columns.fields import Remembered
from registry.intake.case_file import CaseFile
from registry.intake.check import check_one
from registry.intake.context import Context
from registry.intake.lines import ALL, digest_of, line
from registry.intake.plan import Plan, Taken, of_header
from registry.intake.usual import Usual
from tests.case_files import csv_of
from tests.intake.test_check import CASE, CONTROL, context


def file_of(content: str, folder: Path, plan: Plan | None = None) -> CaseFile:
    path = folder / "cases.csv"
    path.write_text(content)
    return case_file.survey(path, plan)


def judged(file: CaseFile, within: Context, size: int = 1_000) -> list[tuple[int, str]]:
    """Row and digest of every clean row, after each was compared with the row-wise check."""
    judge, records, found = Judge(file, within), list(file.records()), []
    for start in range(0, len(records), size):
        batch = records[start : start + size]
        clean = judge.clean(batch)
        for at, place in enumerate(clean.places):
            verdict = check_one(file.report(batch[place]), within)
            assert verdict.problems == []
            assert verdict.rows is not None
            assert clean.digests[at] == digest_of(verdict.rows)
            assert lines_of(clean, at) == {
                name: [line(name, row) for row in _rows(verdict.rows, name)]
                for name in ALL
                if _rows(verdict.rows, name)
            }
            found.append((batch[place].row, clean.digests[at]))
    return found


def _rows(believed: Any, section: str) -> list[dict[str, Any]]:
    if section == "case":
        return [believed.case]
    if section == "procedure":
        return [believed.procedure] if believed.procedure is not None else []
    return (
        sorted(believed.rows(section), key=lambda row: line(section, row))
        if section == "effort"
        else believed.rows(section)
    )


def lines_of(clean: Clean, at: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for (section, _), texts in sorted(clean.lines.items()):
        if texts[at]:
            found.setdefault(section, []).append(texts[at])
    return found


def varied(count: int) -> list[dict[str, Any]]:
    """Cases with rows of every list, now more, now fewer, and controls between them."""
    cases = []
    for number in range(count):
        data = copy.deepcopy(CONTROL if number % 5 == 4 else CASE)
        data["local_case_id"] = f"V{number}"
        if number % 5 == 1:
            del data["assessments"], data["guides"], data["codes"]
            data["object_kind"] = "anatomic_model"
        if number % 5 == 2:
            data["prints"][0] |= {"parts": [2], "volume_cm3": 12.5 + number}
            data["imaging"] = data["imaging"][:1]
            data["sex"] = None
        if number % 5 == 3:
            data["procedure"] |= {"procedure_code_system": "cpt", "procedure_code": "21141"}
            del data["procedure"]["category"], data["procedure"]["times"]
        cases.append(data)
    return cases


def test_clean_rows_are_believed_as_the_row_wise_check_believes_them(tmp_path: Path) -> None:
    assert len(judged(file_of(csv_of(varied(20)), tmp_path), context(), size=7)) == 20


@pytest.mark.parametrize("name", [name for row in [flat.said_of(CASE)] for name in row if name != "local_case_id"])
def test_no_row_is_clean_that_the_row_wise_check_refuses(name: str, tmp_path: Path) -> None:
    """Every column of the example, written wrong, left empty, said to be unknown, and said with a word of another row."""
    said = flat.said_of(CASE)
    texts = [
        "~",
        "",
        "unknown",
        "0",
        "5001",
        "-1",
        "none",
        "yes",
        "2026-12",
        "2019-01",
        "bilateral",
        "1; 9",
        said[name],
    ]
    rows = [said | {name: text, "local_case_id": f"R{number}"} for number, text in enumerate(texts)]
    content = "\n".join([",".join(said), *(",".join(f'"{row[each]}"' for each in said) for row in rows)])
    file, within = file_of(content, tmp_path), context()
    clean = {row for row, _ in judged(file, within)}
    believed = {record.row for record in file.records() if not check_one(file.report(record), within).problems}
    assert clean == believed


def test_a_warning_is_a_matter_for_the_row_wise_check(tmp_path: Path) -> None:
    within = context(usual=Usual(lambda _category, _clock: [100 + number for number in range(30)]))
    fast = copy.deepcopy(CASE)
    fast["procedure"]["times"] = [{"clock": "in_room", "minutes": 110, "source": "or_log"}]
    slow = fast | {
        "local_case_id": "SLOW",
        "procedure": fast["procedure"] | {"times": [fast["procedure"]["times"][0] | {"minutes": 900}]},
    }
    assert [row for row, _ in judged(file_of(csv_of([fast, slow]), tmp_path), within)] == [2]


def test_rows_that_cannot_be_read_as_columns_are_left_to_the_row_wise_check(tmp_path: Path) -> None:
    head, first = csv_of([CASE]).splitlines()
    short = first.replace("EXAMPLE-001", "SHORT").rsplit(",", 1)[0]
    long, repeated = first.replace("EXAMPLE-001", "LONG") + ",more", first
    file = file_of(f"{head}\n{first}\n{short}\n{long}\n{repeated}", tmp_path)
    assert [row for row, _ in judged(file, context())] == [2, 3]


def planned(content: str, folder: Path, **changes: Any) -> CaseFile:
    header = content.splitlines()[0].split(",")
    return file_of(content, folder, replace(of_header(header, header), **changes))


def test_what_is_said_of_all_rows_is_said_of_those_it_fits(tmp_path: Path) -> None:
    cases = varied(10)
    for data in cases:
        data.pop("sex", None)
    file = planned(
        csv_of(cases), tmp_path, of_all={"sex": "female", "print_1_optical": "opaque", "appropriateness": "7"}
    )
    assert len(judged(file, context())) == 10


def test_what_the_owner_wrote_over_texts_and_cells_is_read(tmp_path: Path) -> None:
    values, cells = {"sex": {"f": "female"}}, {3: {"sex": "male"}}
    content = csv_of(varied(4)).replace(",female,", ",F,")
    file = planned(content, tmp_path, values=values, cells=cells)
    assert [row for row, _ in judged(file, context())] == [2, 4, 5]


def test_clock_times_are_minutes_and_an_end_before_its_start_was_on_the_next_day(tmp_path: Path) -> None:
    said = {name: text for name, text in flat.said_of(CONTROL).items() if name != "time_1_minutes"}
    rows = [("08:14", "10:31"), ("23:00", "01:10"), ("x", "10:00"), ("", "")]
    names = [*said, "time_1_from", "time_1_to"]
    lines = [",".join([*(said | {"local_case_id": f"C{place}"}).values(), *row]) for place, row in enumerate(rows)]
    content = "\n".join([",".join(names), *lines])
    assert [row for row, _ in judged(planned(content, tmp_path, next_day=True), context())] == [2, 3]
    assert [row for row, _ in judged(planned(content, tmp_path), context())] == [2]


def test_columns_of_one_name_are_read_together(tmp_path: Path) -> None:
    said = flat.said_of(CASE) | {"intended_uses": "1"}
    names = [*said, "more"]
    columns = [Taken(name, name) for name in said] + [Taken("more", "intended_uses", "checked:tool_fabrication")]
    at = names.index("intended_uses")
    columns[at] = Taken("intended_uses", "intended_uses", "checked:preop_planning")
    rows = [[*said.values(), more] for more in ("1", "0")]
    rows[1][names.index("local_case_id")] = "OTHER"
    content = "\n".join([",".join(names), *(",".join(f'"{cell}"' for cell in row) for row in rows)])
    found = judged(file_of(content, tmp_path, Plan(tuple(columns))), context())
    assert len({digest for _, digest in found}) == 2


def test_a_rule_is_asked_once_for_each_set_of_values_that_it_looked_at(tmp_path: Path) -> None:
    asked = []

    def rule(believed: Any, _context: Context, reading: Any) -> None:
        asked.append(believed.case["sex"])
        if believed.case["sex"] == "male" and believed.case.get("age_years") == 35:
            reading.refuse("x", "age_years", "x")

    cases = [
        CASE | {"local_case_id": f"Q{number}", "sex": sex, "age_years": 30 + number}
        for number, sex in enumerate(["female"] * 4 + ["male"] * 4)
    ]
    file = file_of(csv_of(cases), tmp_path)
    judge = Judge(file, context())
    judge._questions = [asking.Question(rule, context())]
    assert judge.clean(list(file.records())).places == [0, 1, 2, 3, 4, 6, 7]
    assert asked == ["female", "male", "male", "male", "male"]


def test_a_rule_that_puts_something_where_nothing_may_be_found_fails(tmp_path: Path) -> None:
    def rule(believed: Any, _context: Context, _reading: Any) -> None:
        believed.case["sex"] = "female"

    file = file_of(csv_of([CASE]), tmp_path)
    judge = Judge(file, context())
    judge._questions = [asking.Question(rule, context())]
    with pytest.raises(TypeError, match="FOUND"):
        judge.clean(list(file.records()))


def test_what_is_remembered_of_a_column_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.intake.by_columns.fields.MOST_REMEMBERED", 3)
    remembered = Remembered(str)
    assert [remembered[number] for number in range(10)] == [str(number) for number in range(10)]
    assert len(remembered) <= 3


def test_a_long_file_is_judged_alike_when_nothing_can_be_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.intake.by_columns.fields.MOST_REMEMBERED", 1)
    monkeypatch.setattr(asking, "MOST_LEARNED", 1)
    assert len(judged(file_of(csv_of(varied(20)), tmp_path), context(), size=6)) == 20


def test_a_digest_does_not_depend_on_the_order_in_which_a_list_was_said(tmp_path: Path) -> None:
    other = copy.deepcopy(CASE) | {
        "codes": CASE["codes"][::-1],
        "effort": CASE["effort"][::-1],
        "local_case_id": "SAME-ID",
    }
    same = CASE | {"local_case_id": "SAME-ID"}
    found: Sequence[Any] = [judged(file_of(csv_of([data]), tmp_path), context())[0][1] for data in (same, other)]
    assert found[0] == found[1]
