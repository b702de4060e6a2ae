"""A database with an upload in it, and workers that are killed while they read the file."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from config.embedded.bootstrap import prepare
from config.embedded.postgres import SUPERUSER, Cluster

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
LAST = "FROM registry_upload ORDER BY id DESC LIMIT 1"

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
    """A database with its data folder, and the upload that came last."""

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
        while self.ask(f"SELECT cursor {LAST}")[0][0] < rows:
            alive = self.process is not None and self.process.poll() is None
            assert alive, self.last_words()
            assert time.monotonic() < until, self.last_words()
            time.sleep(0.02)

    def two_minutes_pass(self) -> None:
        """The dead worker's claim has grown stale."""
        self.ask(
            "UPDATE registry_upload SET claimed_at = claimed_at - interval '3 minutes', next_attempt_at = now()"
            " WHERE state IN ('waiting', 'running')"
        )

    def finish(self, rows: int) -> None:
        """A worker reads the file to its end."""
        self.two_minutes_pass()
        with self.worker():
            self.wait_for(rows)

    def killed_at(self, points: Sequence[int], dice: random.Random, *, within: float) -> list[tuple[int, int]]:
        """A worker is killed up to `within` seconds after each of these rows; (cursor, cases) after each kill."""
        found = []
        for rows in points:
            self.two_minutes_pass()
            with self.worker():
                self.wait_for(rows)
                time.sleep(dice.uniform(0, within))
            found.append(self.ask(f"SELECT cursor, (SELECT count(*) FROM registry_case) {LAST}")[0])
        return found


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL of its own that flushes every commit, with the roles and an empty database; gone afterwards."""
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
