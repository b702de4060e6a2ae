"""What would become of the rows of a file, said without writing: the same as what becomes of them when they are imported."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registry.actions import cases, judging
from registry.intake import case_file
from registry.intake.plan import of_header
from registry.models import Case, Printer
from tests.case_files import csv_of, read
from tests.people import People

EXAMPLES = Path(__file__).parent.parent / "examples"
EXAMPLE = json.loads((EXAMPLES / "case.json").read_text())
CONTROL = json.loads((EXAMPLES / "control.json").read_text())


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def called(local_id: str, report: dict[str, Any] = EXAMPLE, **changes: Any) -> dict[str, Any]:
    return {**report, "local_case_id": local_id, **changes}


def judged(people: People, content: str, tmp_path: Path) -> list[judging.Verdict]:
    path = tmp_path / "file.csv"
    path.write_text(content)
    file = case_file.survey(path)
    return judging.judge(file, list(file.records()), site=people.site)


def test_a_row_is_said_to_be_created_amended_unchanged_or_refused_and_nothing_is_written(
    them: People, tmp_path: Path
) -> None:
    read(them, csv_of([called("A"), called("B")]))
    content = csv_of([called("A"), called("B", age_years=35), called("C"), called("D", CONTROL), called("E", sex="?!")])
    verdicts = judged(them, content, tmp_path)
    assert [str(verdict.outcome) for verdict in verdicts] == ["unchanged", "amended", "created", "created", "refused"]
    assert [verdict.row for verdict in verdicts] == [2, 3, 4, 5, 6]
    assert [(problem.row, problem.column, problem.code) for problem in verdicts[4].problems] == [
        (6, "sex", "not-a-choice")
    ]
    assert Case.objects.count() == 2


def test_a_row_of_a_withdrawn_case_is_said_to_be_refused(them: People, tmp_path: Path) -> None:
    read(them, csv_of([called("A")]))
    cases.withdraw(Case.objects.get(), reason="wrong patient", by=them.alice, via="form")
    verdicts = judged(them, csv_of([called("A"), called("A")]), tmp_path)
    assert [problem.code for verdict in verdicts for problem in verdict.problems] == [
        "case-withdrawn",
        "duplicate-in-file",
    ]


def test_ids_that_are_the_same_as_the_plan_reads_them_are_the_same(them: People, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(csv_of([called("A"), called("B"), called("C")]))
    header = path.read_text().splitlines()[0].split(",")
    plan = replace(of_header(header, header), values={"local_case_id": {"c": "A"}}, cells={3: {"local_case_id": " A"}})
    file = case_file.survey(path, plan)
    assert file.repeated == {3, 4}


def test_slices_judged_ahead_are_judged_again_when_the_site_has_changed(them: People, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(csv_of([called(name) for name in "ABCDEF"]))
    file = case_file.survey(path)
    judges = judging.Judges(file)
    before = judges.at(them.site)
    slices = judges.slices(file.records(), 2)
    clean = [len(judges.clean(next(slices), judges.at(them.site)).places)]
    Printer.objects.filter(site=them.site, label="SLA bench").update(label="renamed")
    assert judges.at(them.site) is not before
    clean += [len(judges.clean(each, judges.at(them.site)).places) for each in slices]
    assert clean == [2, 0, 0]
