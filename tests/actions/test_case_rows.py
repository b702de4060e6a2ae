"""A file of whole cases: each row a case, recorded, amended or refused for itself; what a row does not say stays."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions import cases, upload_turns, uploads
from registry.intake.restate import PREFETCH, report_of
from registry.models import AuditEvent, Case, Submission, UploadRow
from tests.case_files import csv_of, read, sent, xlsx_of
from tests.people import People

EXAMPLES = Path(__file__).parent.parent / "examples"
EXAMPLE = json.loads((EXAMPLES / "case.json").read_text())
CONTROL = json.loads((EXAMPLES / "control.json").read_text())
HEAD = "local_case_id,object_kind,procedure_performed_month,procedure_category,time_1_clock,time_1_minutes,time_1_source\r\n"
TIME = "time_1_clock,time_1_minutes,time_1_source"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def line(number: int, minutes: object = 200) -> str:
    return f"C{number},none,2026-03,tka,in_room,{minutes},or_log\r\n"


def recorded(local_id: str = "EXAMPLE-001") -> dict[str, Any]:
    """What the registry believes of the case, as a report that says no more than it must."""
    case = Case.objects.prefetch_related(*PREFETCH).get(local_case_id=local_id)
    report = json.loads(json.dumps(report_of(case)))
    for time in report.get("procedure", {}).get("times", []):
        del time["confirmed"]
    return report


def said(upload: Any) -> list[tuple[Any, ...]]:
    return [(problem["row"], problem["column"], problem["code"]) for problem in upload.problems]


def test_a_file_of_two_cases_records_two_cases(them: People) -> None:
    upload = read(them, csv_of([EXAMPLE, CONTROL]))
    assert (upload.state, upload.counts, upload.problems) == ("done", {"created": 2}, [])
    assert recorded() == EXAMPLE
    assert recorded("EXAMPLE-C01") == CONTROL
    assert AuditEvent.objects.filter(act="case.submit_batch", via="file").count() == 1
    assert Submission.objects.get(upload=upload).n_created == 2
    assert UploadRow.objects.filter(upload=upload, case__isnull=False).count() == 2


def test_the_file_among_the_examples_says_the_two_cases_beside_it() -> None:
    assert (EXAMPLES / "cases.csv").read_bytes().decode() == csv_of([EXAMPLE, CONTROL])


def test_the_same_file_again_changes_nothing(them: People) -> None:
    read(them, csv_of([EXAMPLE, CONTROL]))
    upload = read(them, csv_of([CONTROL, EXAMPLE], delimiter=";"))
    assert upload.counts == {"unchanged": 2}
    assert set(Case.objects.values_list("revision", flat=True)) == {1}


def test_a_file_sent_again_after_a_withdrawal_leaves_it_withdrawn_and_lists_the_row(them: People) -> None:
    read(them, csv_of([EXAMPLE, CONTROL]))
    case = Case.objects.get(local_case_id="EXAMPLE-C01")
    cases.withdraw(case, reason="wrong patient", by=them.alice, via="form")
    upload = read(them, csv_of([EXAMPLE, CONTROL]))
    assert upload.counts == {"unchanged": 1, "refused": 1}
    assert said(upload) == [(3, "local_case_id", "case-withdrawn")]
    case.refresh_from_db()
    assert (case.state, case.revision) == ("withdrawn", 2)
    cases.reinstate(case, reason="by mistake", by=them.alice, via="form")
    assert read(them, csv_of([EXAMPLE, CONTROL])).counts == {"unchanged": 2}


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ({"print_1_outcome": "failed", "print_1_failure_reason": "machine"}, ("prints", 0, "outcome", "failed")),
        ({"effort_cad_clinician": "2:30"}, ("effort", -1, "minutes", 150)),
        ({"effort_cad_non_clinician": "0"}, ("effort", 3, "minutes", 0)),
        ({"part_2_comment": "upper"}, ("parts", 1, "comment", "upper")),
        ({"code_1_code": "0560T", "code_1_claim": "billed", "code_1_units": "1"}, ("codes", 1, "claim", "billed")),
        ({"assessment_1_q5_quality": "2"}, ("assessments", 0, "q5_quality", 2)),
    ],
)
def test_a_row_that_says_one_thing_leaves_the_rest_as_it_was(
    row: dict[str, str], changed: tuple[str, int, str, Any], them: People
) -> None:
    read(them, csv_of([EXAMPLE]))
    content = ",".join(["local_case_id", *row]) + "\n" + ",".join(["EXAMPLE-001", *row.values()]) + "\n"
    upload = read(them, content)
    assert [p for p in upload.problems if p["severity"] == "error"] == []
    now, wanted = recorded(), copy.deepcopy(EXAMPLE)
    section, place, field, value = changed
    assert now[section][place][field] == value
    for name in wanted.keys() - {section}:
        assert now[name] == wanted[name]
    assert len(now[section]) - len(wanted[section]) == (place == -1)
    row = UploadRow.objects.filter(upload=upload).first()
    assert upload.counts == ({"amended": 1} if row else {"unchanged": 1})
    assert row is None or (row.prior_revision == 1 and row.prior["local_case_id"] == "EXAMPLE-001")


def test_an_or_time_comes_by_a_file_of_three_columns(them: People) -> None:
    waiting = {name: value for name, value in EXAMPLE.items() if name not in ("procedure", "assessments")}
    read(them, csv_of([waiting]))
    content = (
        "Local Case ID;procedure_performed_month;procedure-category;TIME_1_CLOCK;time_1_from;time_1_to;time_1_source\n"
    )
    content += "EXAMPLE-001;2026-03;Orthognathic surgery, two jaws;in_room;08:14;10:31;OR log\n"
    upload = read(them, content)
    assert upload.counts == {"amended": 1}
    assert recorded()["procedure"]["times"] == [{"clock": "in_room", "minutes": 137, "source": "or_log"}]
    again = read(them, content.replace("in_room;08:14;10:31;OR log", "anaesthesia;08:00;11:00;ehr"))
    assert again.counts == {"amended": 1}
    assert len(recorded()["procedure"]["times"]) == 2


def test_three_values_stay_three_in_a_file(them: People) -> None:
    upload = read(them, csv_of([EXAMPLE]).replace("EXAMPLE-001", "E2"))
    assert upload.counts == {"created": 1}
    assert recorded("E2")["effort"] == EXAMPLE["effort"]
    assert recorded("E2")["imaging"][1]["contrast"] is None


def test_a_row_that_cannot_be_believed_stops_no_other(them: People) -> None:
    content = (
        HEAD + line(1) + line(2, 3) + "C3,none,2026-13,tka,in_room,200,or_log\r\n" + ",,,,,,\r\n" + line(4) + line(1)
    )
    upload = read(them, content)
    assert upload.counts == {"created": 2, "refused": 3}
    assert sorted(said(upload)) == [
        (3, "time_1_minutes", "out-of-range"),
        (4, "procedure_performed_month", "not-a-month"),
        (7, "local_case_id", "duplicate-in-file"),
    ]
    assert "2026-13" not in json.dumps(upload.problems)


def test_a_second_row_with_the_same_id_is_refused_across_batches(them: People, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload_turns, "BATCH_OF_CASES", 2)
    upload = read(them, HEAD + "".join(line(number % 3) for number in range(5)))
    assert upload.counts == {"created": 3, "refused": 2}
    assert {code for *_, code in said(upload)} == {"duplicate-in-file"}


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("case,object_kind", [("local_case_id", "column-missing"), ("case", "unknown-column")]),
        ("local_case_id,print_1_colour", [("print_1_colour", "unknown-column")]),
        ("local_case_id,Smith John 1956", [("column 2", "unknown-column")]),
        ("local_case_id,sex,Sex", [("Sex", "column-twice")]),
    ],
)
def test_a_header_that_is_not_ours_refuses_the_file_and_is_not_echoed(
    header: str, problems: list[tuple[str, str]], them: People
) -> None:
    upload = read(them, f"{header}\nA,none\n")
    assert upload.state == "failed"
    assert [(column, code) for _, column, code in said(upload)] == problems
    assert "Smith" not in json.dumps(upload.problems)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (HEAD.encode(), "no-rows"),
        (b"PK\x03\x04 nonsense", "unreadable-workbook"),
        (b"\xd0\xcf\x11\xe0 old", "not-a-text-file"),
        (b"\x1f\x8b gzip", "damaged-archive"),
        (b"local_case_id\nA\0B\n", "nul-byte"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, code: str, them: People) -> None:
    upload = read(them, content)
    assert (upload.state, [code for *_, code in said(upload)]) == ("failed", [code])


def test_a_workbook_gives_what_the_text_gives(them: People, tmp_path: Path) -> None:
    header = HEAD.strip().split(",")
    rows = [
        ["X1", "none", date(2026, 3, 17), "tka", "in_room", 200.0, "or_log"],
        ["X2", "none", "2026-03", "Knee replacement", "in_room", "3:20", "OR log"],
    ]
    upload = read(them, xlsx_of(header, rows, tmp_path / "cases.xlsx"))
    assert (upload.counts, upload.problems) == ({"created": 2}, [])
    assert recorded("X1")["procedure"] == recorded("X2")["procedure"]


def test_a_formulas_error_is_a_problem_of_its_cell_alone(them: People, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "e.xlsx") as book:
        page = book.add_worksheet("log")
        page.write_row(0, 0, HEAD.strip().split(","))
        page.write_row(1, 0, line(1).strip().split(","))
        page.write_row(2, 0, line(2).strip().split(","))
        page.write_formula(2, 5, "=1/0", None, "#DIV/0!")
    upload = read(them, (tmp_path / "e.xlsx").read_bytes())
    assert upload.counts == {"created": 1, "refused": 1}
    assert said(upload) == [(3, "time_1_minutes", "formula-error")]


def test_a_date_in_a_workbook_is_a_month_where_one_is_asked_for_and_is_kept_nowhere_else(
    them: People, tmp_path: Path
) -> None:
    rows = [[date(2026, 3, 2), "none", date(2026, 3, 17), "tka", "in_room", 200, "or_log"]]
    upload = read(them, xlsx_of(HEAD.strip().split(","), rows, tmp_path / "d.xlsx"))
    assert said(upload) == [(2, "local_case_id", "date-in-cell")]
    assert not Case.objects.exists()


def test_a_number_that_another_case_bears_refuses_its_own_row_and_no_other(them: People) -> None:
    reports = [{**EXAMPLE, "local_case_id": name, "or_log_number": number} for name, number in (("A", "7"), ("B", "7"))]
    upload = read(them, csv_of([*reports, {**EXAMPLE, "local_case_id": "C", "or_log_number": "8"}]))
    assert upload.counts == {"created": 2, "refused": 1}
    assert said(upload) == [(3, "or_log_number", "encounter-taken")]
    again = read(them, csv_of([*reports, {**EXAMPLE, "local_case_id": "D", "or_log_number": "8"}]))
    assert again.counts == {"unchanged": 1, "refused": 2}
    assert set(Case.objects.values_list("local_case_id", flat=True)) == {"A", "C"}
    assert Case.objects.filter(encounter_digest__isnull=False, revision=1).count() == 2


def test_numbers_of_the_or_log_cost_no_query_for_each_row(them: People) -> None:
    def queries(count: int) -> int:
        rows = [
            {**EXAMPLE, "local_case_id": f"{count}-{number}", "or_log_number": f"{count}/{number}"}
            for number in range(count)
        ]
        waiting = sent(them, csv_of(rows))
        with CaptureQueriesContext(connection) as captured:
            upload_turns.work(waiting)
        return len(captured)

    assert queries(2) == queries(20)


@pytest.mark.parametrize(
    ("head", "row", "problem"),
    [
        ("code_1_code,code_1_units", "0560T,99", ("code_1_units", "out-of-range")),
        ("code_2_code,code_2_units", "0562T,0", ("code_2_units", "out-of-range")),
        (TIME, "anaesthesia,3,ehr", ("time_1_minutes", "out-of-range")),
        ("time_2_clock,Time 2 from,time_2_to,time_2_source", "bypass,10:00,09:00,ehr", ("Time 2 from", "out-before-in")),
        (f"{TIME},{TIME.replace('1', '2')}", "bypass,60,ehr,bypass,70,ehr", ("time_2_clock", "said-twice")),
    ],
)  # fmt: skip
def test_a_problem_names_the_column_of_the_file_wherever_the_row_lies_in_the_case(
    head: str, row: str, problem: tuple[str, str], them: People
) -> None:
    read(them, csv_of([EXAMPLE]))
    upload = read(them, f"local_case_id,{head}\nEXAMPLE-001,{row}\n")
    assert upload.counts == {"refused": 1}
    assert [(column, code) for _, column, code in said(upload)] == [problem]


def test_an_or_time_sent_again_keeps_that_it_was_confirmed(them: People) -> None:
    report = copy.deepcopy(EXAMPLE)
    report["procedure"]["times"][0]["confirmed"] = True
    read(them, csv_of([report]))
    assert read(them, f"local_case_id,{TIME}\nEXAMPLE-001,in_room,371,or_log\n").counts == {"unchanged": 1}


def test_a_cancelled_upload_keeps_what_it_recorded(them: People, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload_turns, "BATCH_OF_CASES", 2)
    monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1)
    upload = sent(them, HEAD + "".join(line(number) for number in range(5)))
    upload_turns.work(upload)
    uploads.cancel(upload, by=them.alice, via="form")
    upload_turns.work(upload)
    upload_turns.drop_files()
    upload.refresh_from_db()
    assert (upload.state, upload.cursor, upload.file) == ("cancelled", 2, "")
    assert Case.objects.count() == 2


def test_empty_cells_behind_the_last_column_are_nothing_and_text_in_one_is_a_problem(them: People) -> None:
    upload = read(them, HEAD + line(1).rstrip("\r\n") + ",,\r\n" + line(2).rstrip("\r\n") + ",,x\r\n")
    assert upload.counts == {"created": 1, "refused": 1}
    assert [(row, code) for row, _, code in said(upload)] == [(3, "wrong-number-of-cells")]


def test_the_example_of_the_template_is_passed_over_among_cases(them: People) -> None:
    upload = read(them, HEAD + line(1) + line(2).replace("C2", "EXAMPLE-ROW") + line(3))
    assert (upload.counts, said(upload)) == ({"created": 2, "refused": 1}, [(3, "local_case_id", "example-row")])
