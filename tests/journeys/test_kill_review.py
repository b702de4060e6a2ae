"""kill -9 of the worker while it checks a file of cases, and while it takes one back: nothing is found twice, nothing is lost."""

import os
import random
from pathlib import Path

import pytest

from config.embedded.postgres import socket_dir
from tests.case_files import csv_of
from tests.journeys.killing import Registry
from tests.journeys.test_kill_cases import report

pytestmark = pytest.mark.slow
ROWS, BAD = 8_000, 800

HOLD = """
import sys, django; django.setup()
from registry.actions import sites, uploads
from registry.intake import case_file
from registry.models.scope import acting_for
from tests.people import HAND, enrolled
site = enrolled("ALPHA", "Alpha Hospital")
with acting_for(sites=[site.pk]):
    with open(sys.argv[1], "rb") as stream:
        held = uploads.hold("cases", site=site, stream=stream, **HAND)
    uploads.match(held, case_file.survey(uploads.path_of(held.file)).plan, **HAND)
"""
GO_ON = """
import sys, django; django.setup()
from registry.actions import upload_undo, uploads
from registry.models import Site, Upload
from registry.models.scope import acting_for
from tests.people import HAND
with acting_for(sites=(), administrator=True):
    site = Site.objects.get(code="ALPHA")
with acting_for(sites=[site.pk]):
    {"import": uploads.begin_import, "undo": upload_undo.begin}[sys.argv[1]](Upload.objects.get(), **HAND)
"""


def test_a_worker_killed_in_a_check_and_in_an_undo_leaves_what_one_that_lived_would(
    committed_db: None, tmp_path: Path
) -> None:
    from django.db import connection

    dice = random.Random(7)
    file = tmp_path / "cases.csv"
    rows = [report(number, dice) for number in range(ROWS)]
    for number in range(0, ROWS, ROWS // BAD):
        rows[number]["procedure"]["category"] = "nothing"
    file.write_text(csv_of(rows))
    here = Registry(
        str(socket_dir(Path(os.environ["STRATA_TEST_PG"]))), str(connection.settings_dict["NAME"]), tmp_path
    )
    here.run("app", "-c", HOLD, str(file))
    here.killed_at((0, 1, 4_000), dice, within=0.7)
    here.finish(ROWS)
    assert here.ask("SELECT state, phase FROM registry_upload") == [("held", "import")]
    ((counts, causes),) = here.ask("SELECT found->'counts', found->'causes' FROM registry_uploadreview")
    assert counts == {"created": ROWS - BAD, "refused": BAD}
    assert [(cause["text"], cause["rows"]) for cause in causes] == [("nothing", BAD)]
    (kept,) = (tmp_path / "files" / "uploads").glob("*.rows")
    assert len(kept.read_bytes().splitlines()) == BAD
    assert here.ask("SELECT count(*) FROM registry_case") == [(0,)]
    here.run("app", "-c", GO_ON, "import")
    here.finish(ROWS)
    assert here.ask("SELECT count(*), max(revision) FROM registry_case") == [(ROWS - BAD, 1)]
    here.run("app", "-c", GO_ON, "undo")
    here.killed_at((0, 1, 3_000), dice, within=0.7)
    here.finish(ROWS)
    assert here.ask("SELECT state, counts->'withdrawn', counts->'kept' FROM registry_upload") == [
        ("done", ROWS - BAD, None)
    ]
    assert here.ask("SELECT state, revision, count(*) FROM registry_case GROUP BY 1, 2") == [
        ("withdrawn", 2, ROWS - BAD)
    ]
