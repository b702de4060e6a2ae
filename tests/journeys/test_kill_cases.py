"""kill -9 of the worker in the middle of a file of 20,000 whole cases. Afterwards exactly 20,000, no row twice."""

import copy
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from config.embedded.postgres import socket_dir
from tests.case_files import csv_of
from tests.journeys.killing import Registry

pytestmark = pytest.mark.slow

ROWS = 20_000
ONE_PRINT_IN = 4
EXAMPLE = json.loads((Path(__file__).parents[1] / "examples" / "case.json").read_text())

RECEIVE = """
import sys, django; django.setup()
from registry.actions import sites, uploads
from registry.models.scope import acting_for
from tests.people import HAND, enrolled
site = enrolled("ALPHA", "Alpha Hospital")
with acting_for(sites=[site.pk]):
    with open(sys.argv[1], "rb") as stream:
        uploads.receive("cases", site=site, stream=stream, options={}, **HAND)
"""


def report(number: int, dice: random.Random) -> dict[str, Any]:
    """A control, or every fourth a printed case with two parts, a print, effort, a code and an OR time."""
    times = [{"clock": "in_room", "minutes": dice.randint(60, 400), "source": "or_log"}]
    month = f"{dice.randint(2021, 2025)}-{dice.randint(1, 12):02d}"
    procedure = {"performed_month": month, "category": "tka", "times": times}
    if number % ONE_PRINT_IN:
        return {"local_case_id": f"C{number}", "object_kind": "none", "procedure": procedure}
    made = copy.deepcopy(EXAMPLE)
    made.update(local_case_id=f"P{number}", object_kind="anatomic_model", order_month=month, procedure=procedure)
    made["codes"] = [{"code": "0559T", "units": 1}, {"code": "0560T", "units": 1}]
    made["prints"][0].update(printer="J750", materials=["Vero"])
    for name in ("guides", "assessments"):
        del made[name]
    return made


def test_a_worker_killed_in_a_file_of_20_000_cases_leaves_exactly_20_000(
    committed_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.db import connection

    dice = random.Random(20_000)
    file = tmp_path / "cases.csv"
    file.write_text(csv_of(report(number, dice) for number in range(ROWS)))
    here = Registry(
        str(socket_dir(Path(os.environ["STRATA_TEST_PG"]))), str(connection.settings_dict["NAME"]), tmp_path
    )
    here.run("app", "-c", RECEIVE, str(file))
    # Anywhere within a batch.
    killed = here.killed_at((0, 1, 4_000, 9_000, 15_000), dice, within=1.0)
    assert all(cursor == cases for cursor, cases in killed), killed
    assert len({cursor for cursor, _ in killed} - {0, ROWS}) >= 3, killed
    here.finish(ROWS)
    prints = ROWS // ONE_PRINT_IN
    assert here.ask("SELECT state, cursor, counts, jsonb_array_length(problems) FROM registry_upload") == [
        ("done", ROWS, {"created": ROWS}, 0)
    ]
    for table, expected in {
        "case": ROWS,
        "uploadrow": ROWS,
        "proceduretime": ROWS,
        "print": prints,
        "anatomicpart": 2 * prints,
        "appliedcode": 2 * prints,
        "effort": 5 * prints,
    }.items():
        assert here.ask(f"SELECT count(*) FROM registry_{table}") == [(expected,)], table
    assert here.ask("SELECT count(DISTINCT row_number), count(DISTINCT case_id) FROM registry_uploadrow") == [
        (ROWS, ROWS)
    ]
    assert here.ask("SELECT max(revision) FROM registry_case") == [(1,)]
    assert here.ask("SELECT sum(n_created), sum(n_refused) FROM registry_submission") == [(ROWS, 0)]
    with capsys.disabled():
        print(
            f"\n{ROWS:,} rows, {len(killed)} kills at {[cursor for cursor, _ in killed]}: {ROWS:,} cases, no row twice"
        )
