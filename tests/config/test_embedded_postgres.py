"""The embedded server, with real processes: what starts it, what kills it, what it survives."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import account, binaries
from config.embedded.bootstrap import prepare
from config.embedded.postgres import SOCKET, Cluster, ClusterFailed, socket_dir

pytestmark = pytest.mark.slow

# Starts or joins the cluster, says which, and holds on until its input ends.
STARTER = """
import sys
from pathlib import Path
from config.embedded.postgres import Cluster
home = Path(sys.argv[1])
cluster = Cluster(home, home.parent / "postgres.log")
print("started" if cluster.start() else "joined", flush=True)
sys.stdin.read()
cluster.stop()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's account may enter, unlike root's tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="strata embedded ", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    made = Cluster(place / "postgres", place / "postgres.log")
    yield made
    made.stop()


def _starter(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STARTER, str(home)]
    return subprocess.Popen(
        command, cwd=account.PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _first_line(starter: subprocess.Popen[str]) -> str:
    assert starter.stdout is not None
    return starter.stdout.readline().strip()


def _end(starter: subprocess.Popen[str]) -> None:
    starter.communicate("", timeout=60)


def _server_number(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])


def _wait_until_gone(number: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return
    raise AssertionError(f"process {number} still lives")


def _rows(cluster: Cluster) -> int:
    with contextlib.closing(cluster.connect("strata")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        return int(cursor.fetchone()[0])


def _keep_rows(cluster: Cluster) -> None:
    prepare(cluster)
    with contextlib.closing(cluster.connect("strata")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")


def test_of_three_that_start_at_once_on_a_fresh_folder_one_starts_and_two_join(place: Path) -> None:
    starters = [_starter(place / "postgres") for _ in range(3)]
    said = [_first_line(starter) for starter in starters]
    joined = [starter for starter, word in zip(starters, said, strict=True) if word == "joined"]
    started = [starter for starter, word in zip(starters, said, strict=True) if word == "started"]
    for starter in joined + started:
        _end(starter)
    assert sorted(said) == ["joined", "joined", "started"]
    assert not (place / "postgres" / "data" / "postmaster.pid").exists()


def test_a_killed_server_starts_again_with_every_committed_row(cluster: Cluster) -> None:
    cluster.start()
    _keep_rows(cluster)
    os.kill(_server_number(cluster.home), signal.SIGKILL)
    assert cluster.process is not None
    cluster.process.wait(30)
    assert cluster.died()
    assert cluster.start() is True
    assert _rows(cluster) == 1000


def test_a_pid_file_that_names_a_foreign_living_process_is_no_hindrance(cluster: Cluster) -> None:
    cluster.start()
    _keep_rows(cluster)
    pid_file = cluster.data / "postmaster.pid"
    remembered = pid_file.read_text().splitlines(keepends=True)
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text("".join([f"{stranger.pid}\n", *remembered[1:]]))
        (cluster.socket / f"{SOCKET}.lock").write_text("".join([f"{stranger.pid}\n", *remembered[1:]]))
        assert cluster.start() is True
        assert stranger.poll() is None
        stranger.kill()
    assert _rows(cluster) == 1000


def test_a_half_made_cluster_is_never_used(cluster: Cluster) -> None:
    unfinished = cluster.home / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert cluster.start() is True
    assert not unfinished.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_killed_supervisor_leaves_no_server_behind(place: Path) -> None:
    home = place / "postgres"
    supervisor = _starter(home)
    assert _first_line(supervisor) == "started"
    number = _server_number(home)
    supervisor.kill()
    supervisor.communicate()
    _wait_until_gone(number)
    assert "database system is shut down" in (place / "postgres.log").read_text()


def test_a_folder_too_deep_for_a_socket_gets_one_in_tmp_that_goes_with_the_server(place: Path) -> None:
    deep = place / ("d" * 90) / "postgres"
    deep.parent.mkdir()
    deep.parent.chmod(0o711)
    cluster = Cluster(deep, place / "postgres.log")
    assert cluster.socket.parent == Path("/tmp")
    cluster.start()
    try:
        assert cluster.answers()
        assert cluster.socket.stat().st_mode & 0o077 == 0
    finally:
        cluster.stop()
    assert not cluster.socket.exists()


def test_a_socket_folder_that_is_a_link_of_somebody_is_refused(place: Path) -> None:
    home = place / "postgres"
    home.mkdir()
    socket_dir(home).symlink_to(place)
    with pytest.raises(ClusterFailed, match="belongs to somebody else"):
        Cluster(home, place / "postgres.log").start()


def test_a_cluster_of_another_major_version_is_not_opened(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    version = cluster.data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(binaries.NoPostgres, match="PostgreSQL 9 was not found"):
        cluster.start()


def test_roles_are_bound_by_row_policies_and_own_nothing_they_should_not(cluster: Cluster) -> None:
    cluster.start()
    prepare(cluster)
    prepare(cluster)
    with contextlib.closing(cluster.connect("strata")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolinherit FROM pg_roles WHERE rolname LIKE 'strata%' ORDER BY 1"
        )
        assert cursor.fetchall() == [
            ("strata_app", False, False, False),
            ("strata_backup", False, True, True),
            ("strata_owner", False, False, False),
            ("strata_public", False, False, False),
            ("strata_stats", False, False, False),
            ("strata_worker", False, False, False),
        ]
        cursor.execute(
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'strata'"
        )
        assert cursor.fetchone() == ("strata_owner", "UTF8")


def test_an_unknown_place_to_look_for_postgresql_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRATA_PG_BIN", raising=False)
    monkeypatch.setenv("STRATA_PG_ORDER", "cloud")
    with pytest.raises(binaries.NoPostgres, match="STRATA_PG_ORDER"):
        binaries.find(None)


def test_a_given_folder_without_postgresql_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STRATA_PG_BIN", str(tmp_path))
    with pytest.raises(binaries.NoPostgres, match="set DATABASE_URL"):
        binaries.find(None)


def test_another_account_may_enter_only_open_folders(tmp_path: Path) -> None:
    stranger = account.Account("stranger", 54321, 54321)
    shut = tmp_path / "shut"
    shut.mkdir()
    shut.chmod(0o700)
    assert not account.can_reach(shut / "inside", stranger)
    assert account.can_reach(Path("/usr/bin"), stranger)
