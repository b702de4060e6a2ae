"""New cases of a file as rows, written together: the same rows that one case at a time leaves."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions import staging, upload_turns
from registry.intake.lines import ALL
from registry.models import Case, Print, PrintMaterial, Submission, UploadRow
from tests.actions.test_case_rows import recorded
from tests.actions.test_judging import CONTROL, EXAMPLE, called
from tests.case_files import csv_of, read, read_out, sent
from tests.people import People


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def test_rows_written_together_say_what_their_reports_said(them: People) -> None:
    other = copy.deepcopy(EXAMPLE)
    other["prints"].append(other["prints"][0] | {"parts": [2], "outcome": "failed", "failure_reason": "machine"})
    assert read(them, csv_of([called("A"), called("B", other), called("C", CONTROL)])).counts == {"created": 3}
    for name, report in (("A", EXAMPLE), ("B", other), ("C", CONTROL)):
        assert recorded(name) == json.loads(json.dumps(called(name, report)))
    assert Case.objects.values("public_id").distinct().count() == 3
    assert Print.objects.count() == PrintMaterial.objects.count() == 3


def test_a_backslash_in_a_comment_is_kept(them: People) -> None:
    comment = r"see C:\notes\n and \N"
    read(them, csv_of([called("A", comment=comment), called("B")]))
    assert Case.objects.get(local_case_id="A").comment == comment


def test_every_row_that_was_created_knows_its_case_and_unchanged_ones_are_only_counted(them: People) -> None:
    upload = read(them, csv_of([called("A"), called("B")]))
    rows = UploadRow.objects.filter(upload=upload).order_by("row_number")
    assert [(row.row_number, row.outcome, row.case.local_case_id) for row in rows] == [
        (2, "created", "A"),
        (3, "created", "B"),
    ]
    again = read(them, csv_of([called("A"), called("B")]))
    assert (again.counts, UploadRow.objects.filter(upload=again).count()) == ({"unchanged": 2}, 0)


def test_batches_of_one_transaction_do_not_see_each_others_rows(them: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_turns, "BATCH_OF_CASES", 2)
    upload = read(them, csv_of([called(f"N{number}") for number in range(6)]))
    assert upload.counts == {"created": 6}
    assert [each.n_created for each in Submission.objects.filter(upload=upload)] == [2, 2, 2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'staged%%' AND relpersistence = 't'")
        assert {name for (name,) in cursor.fetchall()} == {f"staged_{section}" for section in ALL}


def test_a_file_of_more_rows_takes_no_more_statements(them: People) -> None:
    def statements(names: str) -> int:
        upload = sent(them, csv_of([called(name) for name in names]))
        with CaptureQueriesContext(connection) as captured:
            read_out(upload)
        return len(captured)

    statements("XY")  # makes the tables
    assert statements("AB") == statements("CDEFGH")


def test_an_or_log_number_that_no_other_case_bears_is_written_with_its_case(them: People) -> None:
    cases = [called("A", or_log_number="77"), called("B", or_log_number="78"), called("C", or_log_number="78")]
    upload = read(them, csv_of(cases))
    assert upload.counts == {"created": 2, "refused": 1}
    assert Case.objects.exclude(encounter_digest=None).count() == 2
    assert read(them, csv_of(cases[:2])).counts == {"unchanged": 2}


def test_keys_are_as_many_as_were_asked_for(them: People) -> None:
    keys = staging._next_keys(Case, 5)
    assert len(set(keys)) == 5
