"""Everything Strata consists of on one machine, as children of one process.

Started in order, started again when they die, stopped in reverse. A child has its own session, so
that the terminal's Ctrl-C reaches only us and PostgreSQL is not gone before the worker is done.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from config.embedded.account import PROJECT
from config.embedded.bootstrap import prepare
from config.embedded.postgres import Cluster, end_with_parent

LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.25
LARGEST_LOG_BYTES = 10_000_000


class AlreadyRuns(RuntimeError):
    """Another supervisor holds this data folder."""

    def __init__(self, address: str, process: int) -> None:
        super().__init__(f"Strata already runs from this data folder: {address} (process {process}).")
        self.address = address


class Seat:
    """The right to supervise a data folder: at most one process has it, and it ends with the process."""

    def __init__(self, data: Path) -> None:
        self.file = data / "up.json"
        self.lock: TextIO | None = None

    def take(self, address: str) -> None:
        """Hold the folder and leave the address for others to read. Raises AlreadyRuns."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        lock = self.file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = json.loads(lock.read() or '{"address": "it is starting", "process": 0}')
            lock.close()
            raise AlreadyRuns(holder["address"], holder["process"]) from None
        lock.truncate(0)
        lock.write(json.dumps({"address": address, "process": os.getpid()}))
        lock.flush()
        self.lock = lock

    def leave(self) -> None:
        """Give the folder free."""
        if self.lock is not None:
            self.lock.truncate(0)
            self.lock.close()
            self.lock = None


class Child:
    """A program that is to run for as long as we do."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str], logs: Path) -> None:
        self.name = name
        self.command = list(command)
        self.environment = os.environ | environment
        self.log = logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.failures = 0

    def start(self) -> None:
        """Have the program running; its output is appended to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
            )
        self.started = time.monotonic()

    def ended_with(self) -> int | None:
        """Return the exit code of a program that has ended."""
        return self.process.poll() if self.process else None

    def revive(self, say: Callable[[str], None]) -> None:
        """Start it again if it has died: at once after a long life, else after a growing pause."""
        code = self.ended_with()
        if code is None:
            return
        age = time.monotonic() - self.started
        if age > STEADY_AFTER_SECONDS:
            self.failures = 0
        if age < min(2.0**self.failures - 1, LONGEST_PAUSE_SECONDS):
            return
        self.failures += 1
        say(f"{self.name} ended with code {code} and is started again; see {self.log}")
        self._end_session()
        self.start()

    def stop(self, patience: float) -> None:
        """Have it ended: asked first, killed with its own children once patience (seconds) is over."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self._end_session()
        self.process.wait()
        self.process = None

    def _end_session(self) -> None:
        """Kill what lives of its session: a killed worker leaves its own children behind."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """Return the end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])


class Household:
    """PostgreSQL where it is ours, the web, the worker and beat."""

    def __init__(self, data: Path, host: str, port: int, address: str, say: Callable[[str], None]) -> None:
        logs = data / "logs"
        python = [sys.executable, "-m"]
        shared = {"STRATA_DATA": str(data), "STRATA_PUBLIC_URL": address, "PYTHONUNBUFFERED": "1"}
        granian = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
        granian += ["--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers"]
        celery = ["celery", "-A", "config.celery:app"]
        worker = ["worker", "--concurrency", "2", "--loglevel", "INFO"]
        worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        # The plain scheduler keeps nothing on disk that a kill could spoil.
        beat = ["beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", "", "--loglevel", "WARNING"]
        self.say = say
        self.environment = os.environ | shared
        self.cluster: Cluster | None = None
        self.logs = logs
        self.data = data
        background = shared | {"STRATA_ROLE": "worker"}
        self.web = Child("web", [*python, *granian, "config.wsgi:application"], shared | {"STRATA_ROLE": "app"}, logs)
        self.worker = Child("worker", [*python, *celery, *worker], background, logs)
        self.beat = Child("beat", [*python, *celery, *beat], background, logs)

    def start_postgres(self) -> None:
        """Have our PostgreSQL running, with Strata's roles and database."""
        self.cluster = Cluster(self.data / "postgres", self.logs / "postgres.log")
        self.cluster.start()
        prepare(self.cluster)

    def start(self) -> None:
        """Start web, worker and beat; messages of an earlier life are worthless and removed."""
        for message in (self.data / "broker" / "messages").glob("*.msg"):
            message.unlink(missing_ok=True)
        for child in (self.web, self.worker, self.beat):
            child.start()

    def look_after(self) -> None:
        """Start again what has died. PostgreSQL first: the others would only die again."""
        if self.cluster and self.cluster.died():
            self.say(f"PostgreSQL ended and is started again; see {self.cluster.log}")
            self.cluster.start()
        for child in (self.web, self.worker, self.beat):
            child.revive(self.say)

    def run_beside(self, command: Sequence[str], role: str, wait: Callable[[], None]) -> int:
        """Run one management command to its end, looking after everybody; return its exit code."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=self.environment | {"STRATA_ROLE": role},
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
        )
        try:
            while process.poll() is None:
                wait()
            return process.returncode
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()

    def stop(self) -> None:
        """Stop in order: no new ticks, the work in hand finished, no more visitors, then the database."""
        self.beat.stop(10)
        self.worker.stop(60)
        self.web.stop(15)
        if self.cluster:
            self.cluster.stop()
