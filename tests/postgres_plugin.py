"""Starts a throw-away PostgreSQL before Django's settings are read.

A conftest.py would be too late: pytest-django reads the settings in the same hook, before it.
"""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest

from config.embedded.account import unprivileged
from config.embedded.bootstrap import prepare_for_tests
from config.embedded.postgres import THROW_AWAY, Cluster, socket_dir

PREFIX = "strata-tests-"


def _sweep() -> None:
    """Remove what runs that were killed left behind; their servers ended with them."""
    for folder in Path("/tmp").glob(f"{PREFIX}*-*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        if number.isdecimal() and not Path(f"/proc/{number}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)


class ThrowAway:
    """One cluster and one data folder for the whole run; workers of xdist find them in the environment."""

    def __init__(self) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir="/tmp"))
        # PostgreSQL's account must be able to enter what root made.
        self.folder.chmod(0o711 if unprivileged() else 0o700)
        self.cluster = Cluster(self.folder / "postgres", self.folder / "postgres.log", THROW_AWAY)

    def start(self) -> None:
        """Leave the cluster running, ready to make databases, and the environment pointing to it."""
        self.cluster.start()
        prepare_for_tests(self.cluster)
        os.environ["STRATA_TEST_PG"] = str(self.cluster.home)

    def stop(self) -> None:
        """Leave nothing behind."""
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


_started: list[ThrowAway] = []


def _point_settings_at(home: Path) -> None:
    data = home.parent / "strata"
    os.environ["DATABASE_URL"] = f"postgres://strata_owner@/strata?host={quote(str(socket_dir(home)))}"
    os.environ["STRATA_DATA"] = str(data)
    for name in [name for name in os.environ if name.startswith(_OURS) and name not in _KEPT]:
        del os.environ[name]
    os.environ["CELERY_BROKER_URL"] = "memory://"
    static = data / "no-static"
    static.mkdir(parents=True, exist_ok=True)
    os.environ["STRATA_STATIC_ROOT"] = str(static)


_OURS = ("STRATA_", "DATABASE_URL_", "CELERY_BROKER_URL", "SECRET_KEY")
_KEPT = {"STRATA_DATA", "STRATA_TEST_PG", "STRATA_PG_BIN", "STRATA_PG_ORDER"}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the cluster once, in the process that was called; STRATA_TEST_PG names one that runs already."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    given = os.environ.get("STRATA_TEST_PG", "")
    if not given:
        server = ThrowAway()
        _started.append(server)
        server.start()
    _point_settings_at(Path(os.environ["STRATA_TEST_PG"]))


def pytest_unconfigure() -> None:
    """Stop the cluster."""
    while _started:
        _started.pop().stop()
