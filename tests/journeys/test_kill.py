"""kill -9 in the middle of the real log: of the worker, at several points, and of PostgreSQL. Afterwards exactly 2,172, once."""

import os
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from config.embedded.postgres import socket_dir
from registry.management import demo
from tests.journeys.killing import Registry, own_cluster

pytestmark = pytest.mark.slow

LOG = Path(demo.__file__).parent / "or_log_2022q1.csv"
ENCOUNTERS = 2172

RECEIVE = """
import django; django.setup()
from pathlib import Path
from django.db import connection
from registry.actions import sites, uploads
from registry.management import demo
from registry.models.scope import acting_for
from tests.people import HAND, enrolled
folder = Path(demo.__file__).parent
site = enrolled("ALPHA", "Alpha Hospital")
lines = (folder / "or_log_map.csv").read_text().splitlines()[1:]
window = {"controls_from": "2022-01", "controls_to": "2022-03"}
with acting_for(sites=[site.pk]):
    entries = {("cpt", code): category for code, category in (line.split(",") for line in lines)}
    sites.set_procedure_map(site, entries, **HAND)
    with (folder / "or_log_2022q1.csv").open("rb") as stream:
        uploads.receive("or_log", site=site, stream=stream, options=window, **HAND)
"""


def figures(here: Registry) -> dict[str, Any]:
    counts = {
        name: here.ask(f"SELECT count(*) FROM registry_{name}")[0][0]
        for name in ("case", "proceduretime", "encounterseen", "uploadrow")
    }
    (state, told), *_ = here.ask("SELECT state, counts FROM registry_upload")
    reads = "SELECT count(*) FROM registry_auditevent WHERE act = 'or_log.read'"
    sent = "SELECT n_created FROM registry_submission WHERE upload_id IS NOT NULL"
    return counts | {"state": state, "told": told, "batches": here.ask(reads)[0][0], "sent": here.ask(sent)}


def minutes(here: Registry) -> Counter[int]:
    return Counter(
        dict(here.ask("SELECT minutes, count(*) FROM registry_proceduretime WHERE clock = 'in_room' GROUP BY 1"))
    )


def in_the_file() -> Counter[int]:
    from registry.intake.or_log import Encounter, survey
    from registry.intake.or_log_options import read_options

    found = survey(LOG, read_options({})).encounters()
    return Counter(encounter.times["in_room"] for encounter in found if isinstance(encounter, Encounter))


def assert_exactly_once(registry: Registry) -> None:
    assert figures(registry) == {
        "case": ENCOUNTERS,
        "proceduretime": 2 * ENCOUNTERS,
        "encounterseen": ENCOUNTERS,
        "uploadrow": ENCOUNTERS,
        "state": "done",
        "told": {"created": ENCOUNTERS},
        "batches": -(-ENCOUNTERS // 200),
        "sent": [(ENCOUNTERS,)],
    }
    assert minutes(registry) == in_the_file()


def test_a_worker_killed_at_several_points_leaves_exactly_the_encounters_of_the_file(committed_db, tmp_path, request):
    from django.db import connection

    here = Registry(
        str(socket_dir(Path(os.environ["STRATA_TEST_PG"]))), str(connection.settings_dict["NAME"]), tmp_path
    )
    here.run("app", "-c", RECEIVE)
    # Anywhere within a batch, which takes a tenth of a second.
    killed = here.killed_at((0, 1, 600, 1200, 1800), random.Random(20221), within=0.2)
    assert all(cursor == cases for cursor, cases in killed)
    assert len({cursor for cursor, _ in killed} - {0, ENCOUNTERS}) >= 3, killed
    here.finish(ENCOUNTERS)
    assert_exactly_once(here)


def test_postgresql_killed_in_the_middle_leaves_exactly_the_encounters_of_the_file(tmp_path):
    with own_cluster() as cluster:
        here = Registry(str(cluster.socket), "strata", tmp_path)
        here.run("owner", "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
        here.run("app", "-c", RECEIVE)
        with here.worker():
            for rows in (200, 1000):
                here.wait_for(rows)
                cluster.process.send_signal(signal.SIGKILL)
                cluster.process.wait()
                cluster.start()
                assert here.ask("SELECT cursor = (SELECT count(*) FROM registry_case) FROM registry_upload") == [
                    (True,)
                ]
                here.two_minutes_pass()
            here.wait_for(ENCOUNTERS)
        assert_exactly_once(here)
