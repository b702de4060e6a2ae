"""kill -9 in the middle of the real log: of the worker, at several points, and of PostgreSQL. Afterwards exactly 2,172, once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest

from config.embedded.bootstrap import prepare
from config.embedded.postgres import SUPERUSER, Cluster, socket_dir
from registry.management import demo

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[2]
LOG = Path(demo.__file__).parent / "or_log_2022q1.csv"
ENCOUNTERS = 2172
PATIENCE = 120.0

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

# What Celery's worker does with a tick: connections that broke are let go, an error is logged and the next tick comes.
WORK = """
import sys, time, django; django.setup()
from django.db import close_old_connections
from registry import tasks
while True:
    try:
        tasks.read_uploads()
    except Exception as error:
        print(type(error).__name__, file=sys.stderr, flush=True)
    close_old_connections()
    time.sleep(0.1)
"""


@dataclass
class Registry:
    """A database with its data folder, and the one upload in it."""

    host: str
    database: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def environment(self, role: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
            "DATABASE_URL": f"postgres://strata_{role}@/{self.database}?host={quote(self.host)}",
            "STRATA_ROLE": role,
            "STRATA_DATA": str(self.folder),
        }

    def run(self, role: str, *command: str) -> None:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environment(role),
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker that reads uploads until it is killed, which it is."""
        command = [sys.executable, "-c", WORK]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=PROJECT, env=self.environment("worker"), stderr=log)
            try:
                yield
                assert self.process.poll() is None, self.last_words()
            finally:
                self.process.send_signal(signal.SIGKILL)
                self.process.wait()

    def last_words(self) -> str:
        return (self.folder / "worker.log").read_text()[-2000:]

    def ask(self, question: str) -> Any:
        with closing(
            psycopg2.connect(host=self.host, dbname=self.database, user=SUPERUSER, application_name="strata-tests")
        ) as connection:
            with connection.cursor() as cursor:
                cursor.execute(question)
                answer = cursor.fetchall() if cursor.description else None
            connection.commit()
        return answer

    def wait_for(self, rows: int) -> None:
        """Until this many rows of the file are committed."""
        until = time.monotonic() + PATIENCE
        while self.ask("SELECT cursor FROM registry_upload")[0][0] < rows:
            alive = self.process is not None and self.process.poll() is None
            assert alive, self.last_words()
            assert time.monotonic() < until, self.last_words()
            time.sleep(0.02)

    def two_minutes_pass(self) -> None:
        """The dead worker's claim has grown stale."""
        self.ask("UPDATE registry_upload SET claimed_at = claimed_at - interval '3 minutes', next_attempt_at = now()")

    def finish(self) -> None:
        """A worker reads the file to its end."""
        self.two_minutes_pass()
        with self.worker():
            self.wait_for(ENCOUNTERS)

    def figures(self) -> dict[str, Any]:
        counts = {
            name: self.ask(f"SELECT count(*) FROM registry_{name}")[0][0]
            for name in ("case", "proceduretime", "encounterseen", "uploadrow")
        }
        (state, told), *_ = self.ask("SELECT state, counts FROM registry_upload")
        reads = "SELECT count(*) FROM registry_auditevent WHERE act = 'or_log.read'"
        sent = "SELECT n_created FROM registry_submission WHERE upload_id IS NOT NULL"
        return counts | {"state": state, "told": told, "batches": self.ask(reads)[0][0], "sent": self.ask(sent)}

    def minutes(self) -> Counter[int]:
        return Counter(
            dict(self.ask("SELECT minutes, count(*) FROM registry_proceduretime WHERE clock = 'in_room' GROUP BY 1"))
        )


def in_the_file() -> Counter[int]:
    from registry.intake.or_log import Encounter, survey
    from registry.intake.or_log_options import read_options

    found = survey(LOG, read_options({})).encounters()
    return Counter(encounter.times["in_room"] for encounter in found if isinstance(encounter, Encounter))


def assert_exactly_once(registry: Registry) -> None:
    assert registry.figures() == {
        "case": ENCOUNTERS,
        "proceduretime": 2 * ENCOUNTERS,
        "encounterseen": ENCOUNTERS,
        "uploadrow": ENCOUNTERS,
        "state": "done",
        "told": {"created": ENCOUNTERS},
        "batches": -(-ENCOUNTERS // 200),
        "sent": [(ENCOUNTERS,)],
    }
    assert registry.minutes() == in_the_file()


def test_a_worker_killed_at_several_points_leaves_exactly_the_encounters_of_the_file(committed_db, tmp_path, request):
    from django.db import connection

    here = Registry(
        str(socket_dir(Path(os.environ["STRATA_TEST_PG"]))), str(connection.settings_dict["NAME"]), tmp_path
    )
    here.run("app", "-c", RECEIVE)
    dice = random.Random(20221)
    killed = []
    for rows in (0, 1, 600, 1200, 1800):
        here.two_minutes_pass()
        with here.worker():
            here.wait_for(rows)
            # Anywhere within a batch, which takes a tenth of a second.
            time.sleep(dice.uniform(0, 0.2))
        killed.append(here.ask("SELECT cursor, (SELECT count(*) FROM registry_case) FROM registry_upload")[0])
    assert all(cursor == cases for cursor, cases in killed)
    assert len({cursor for cursor, _ in killed} - {0, ENCOUNTERS}) >= 3, killed
    here.finish()
    assert_exactly_once(here)


@pytest.fixture
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="strata-kill-", dir="/tmp"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "postgres", folder / "postgres.log")
    cluster.start()
    prepare(cluster)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_postgresql_killed_in_the_middle_leaves_exactly_the_encounters_of_the_file(own_cluster, tmp_path):
    here = Registry(str(own_cluster.socket), "strata", tmp_path)
    here.run("owner", "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
    here.run("app", "-c", RECEIVE)
    with here.worker():
        for rows in (200, 1000):
            here.wait_for(rows)
            own_cluster.process.send_signal(signal.SIGKILL)
            own_cluster.process.wait()
            own_cluster.start()
            assert here.ask("SELECT cursor = (SELECT count(*) FROM registry_case) FROM registry_upload") == [(True,)]
            here.two_minutes_pass()
        here.wait_for(ENCOUNTERS)
    assert_exactly_once(here)
