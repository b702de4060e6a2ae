"""`manage.py up`: all of Strata on this machine, until Ctrl-C."""

import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import env, supervisor
from config.embedded.binaries import NoPostgres
from config.embedded.postgres import ClusterFailed

READY_WITHIN_SECONDS = 120.0


class Stop(BaseException):
    """Somebody asked us to end."""


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


class Command(BaseCommand):
    """Start PostgreSQL (unless DATABASE_URL is set), migrate, serve, and look after what runs."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define --once, --then, --host and --port."""
        parser.add_argument("--once", action="store_true", help="stop after the demonstration has been printed")
        parser.add_argument("--then", metavar="COMMAND", help="a command of manage.py to run after the demonstration")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop; the exit code is the demonstration's with --once, else 0."""
        data, host, port = settings.STRATA_DATA, options["host"], options["port"]
        self.then = options["then"]
        self.own_address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
        address = env.text("STRATA_PUBLIC_URL", self.own_address)
        self.household = supervisor.Household(data, host, port, address, self._say)
        seat = supervisor.Seat(data)
        try:
            seat.take(self.own_address)
        except supervisor.AlreadyRuns as other:
            if not options["once"]:
                raise CommandError(f"{other} Stop it there first, or open it in a browser.") from None
            self._say(str(other))
            sys.exit(self._demonstrate(other.address, _pause))
        _check_port(host, port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _ask_to_stop)
        code = 0
        try:
            code = self._serve(options["once"])
        except (ClusterFailed, NoPostgres) as failure:
            raise CommandError(str(failure)) from failure
        except Stop:
            self._say("Stopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self.household.stop()
            seat.leave()
        sys.exit(code)

    def _serve(self, once: bool) -> int:  # noqa: FBT001 - the command's own flag
        self._prepare()
        self.household.start()
        self._wait_for_web()
        code = self._demonstrate(self.own_address, self._look_after)
        if once:
            return code
        if code != 0:
            self._say(f"The demonstration ended with code {code}; Strata serves on. Logs: {self.household.logs}")
        self._say(f"Strata serves at {self.own_address}. Ctrl-C stops it; the data stay in {settings.STRATA_DATA}.")
        while True:
            self._look_after()

    def _demonstrate(self, address: str, meanwhile: Callable[[], None]) -> int:
        """The exit code of the demonstration or, where it went well, of the command that shall follow it."""
        code = self.household.run_beside(["demo", "--base-url", address], "app", meanwhile)
        return code if code or not self.then else self.household.run_beside([self.then], "app", meanwhile)

    def _prepare(self) -> None:
        started = time.monotonic()
        if not env.text("DATABASE_URL"):
            self.household.start_postgres()
            self._say(f"PostgreSQL answers after {time.monotonic() - started:.1f} s.")
        steps = [["migrate", "--verbosity", "0"]]
        if _static_is_stale():
            steps.append(["collectstatic", "--no-input", "--clear", "--verbosity", "0"])
        for step in steps:
            if self.household.run_beside(step, "owner", _pause) != 0:
                raise CommandError(f"manage.py {step[0]} failed; see above.")
        self._say(f"The database is ready after {time.monotonic() - started:.1f} s.")

    def _wait_for_web(self) -> None:
        until = time.monotonic() + READY_WITHIN_SECONDS
        web = self.household.web
        while not _answers(f"{self.own_address}/readyz"):
            if web.ended_with() is not None or time.monotonic() > until:
                raise CommandError(f"The web server did not start. The end of {web.log}:\n{web.last_words()}")
            _pause()

    def _look_after(self) -> None:
        self.household.look_after()
        _pause()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _pause() -> None:
    time.sleep(supervisor.LOOK_EVERY_SECONDS)


def _check_port(host: str, port: int) -> None:
    """Raise CommandError for a port that cannot be listened on."""
    if not 1 <= port <= 65535:
        raise CommandError(f"--port {port}: a port is a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({refused.strerror or refused}). Name another port, "
                f"as in: manage.py up --port {port + 1 if port < 65535 else 8000}"
            ) from refused


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _static_is_stale() -> bool:
    """Say whether a static file is newer than the last collection."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    return any(
        path.stat().st_mtime > collected for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")
    )
