"""A PostgreSQL server of our own: made once, started, watched and stopped by its supervisor.

It listens on a Unix socket in a folder that only its owner may enter, so it needs neither a port
nor passwords, and two copies of Strata never meet.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg2

from config.embedded import account, binaries

SUPERUSER = "postgres"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
READY_WITHIN_SECONDS = 120.0
STOPPED_WITHIN_SECONDS = 60.0
DURABLE: Mapping[str, str] = MappingProxyType({})
THROW_AWAY: Mapping[str, str] = MappingProxyType(
    {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # Tests empty their tables with DELETE. A vacuum just then tells the planner of pages without a row, and whatever
        # fills them next is joined by loops within loops: a refresh of 13,000 cases ran for ten minutes.
        "autovacuum": "off",
    }
)
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement and its DETAIL quote the values of the row: they must not reach a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
PR_SET_PDEATHSIG = 1


class ClusterFailed(RuntimeError):
    """PostgreSQL could not be started; the message says why and what to do."""


def socket_dir(home: Path) -> Path:
    """Return the folder of the cluster's socket: below home, or in /tmp where home is too long."""
    inside = home / "socket"
    if len(bytes(inside / SOCKET)) <= LONGEST_SOCKET_PATH:
        return inside
    # Somebody else's folder of that name is refused before use.
    return Path("/tmp") / f"strata-{hashlib.sha256(bytes(home)).hexdigest()[:16]}"  # noqa: S108


class Cluster:
    """One PostgreSQL data folder and, while this process supervises it, its server.

    start() must be called from the main thread: Linux stops the server when the thread that
    started it ends, which is how a killed supervisor leaves nothing behind.
    """

    def __init__(self, home: Path, log: Path, settings: Mapping[str, str] = DURABLE) -> None:
        self.home = home
        self.data = home / "data"
        self.socket = socket_dir(home)
        self.log = log
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> bool:
        """Make the cluster where there is none and have it answer.

        True: this process started the server and must stop it. False: it ran already. Raises
        ClusterFailed or NoPostgres. Crash recovery is waited for.
        """
        self._check_place()
        self.home.mkdir(parents=True, exist_ok=True)
        with self._one_at_a_time():
            self.account = self._account()
            self._keep_private(self.home)
            self._keep_private(self.socket)
            if self.answers():
                return False
            if not (self.data / "PG_VERSION").exists():
                self._make()
            self._disown_foreign_locks()
            self._serve()
            return True

    def answers(self) -> bool:
        """Say whether a server for this data folder accepts connections now."""
        try:
            connection = self.connect("template1")
        except psycopg2.OperationalError:
            return False
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW data_directory")
                (folder,) = cursor.fetchone() or ("",)
                return bool(folder == str(self.data))
        except psycopg2.OperationalError:
            return False
        finally:
            connection.close()

    def connect(self, database: str, user: str = SUPERUSER) -> Any:
        """Open a psycopg2 connection in autocommit; the caller closes it."""
        connection = psycopg2.connect(host=str(self.socket), dbname=database, user=user, connect_timeout=5)
        connection.autocommit = True
        return connection

    def died(self) -> bool:
        """Say whether the server that this process started has ended."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Stop the server if this process started it; open transactions are rolled back."""
        if self.process is None:
            return
        for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is not None:
                break
            self.process.send_signal(request)
            try:
                self.process.wait(STOPPED_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        self.process = None
        if self.socket.parent != self.home:
            shutil.rmtree(self.socket, ignore_errors=True)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with (self.home.parent / f"{self.home.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _check_place(self) -> None:
        nearest = next(folder for folder in self.home.parents if folder.exists())
        if not account.can_reach(nearest, account.unprivileged()):
            raise ClusterFailed(
                f"PostgreSQL does not run as root, and no other account may enter {nearest}. "
                "Name a folder that everybody may enter in STRATA_DATA, such as /var/lib/strata."
            )

    def _account(self) -> account.Account | None:
        """Return whom the server runs as: the owner of an existing cluster, else the default."""
        chosen = account.unprivileged()
        if chosen and self.data.exists():
            facts = self.data.stat()
            if facts.st_uid not in (0, chosen.uid):
                return account.Account("", facts.st_uid, facts.st_gid)
        return chosen

    def _keep_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        owners = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise ClusterFailed(f"{folder} belongs to somebody else. Remove it, or name another folder in STRATA_DATA.")
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)

    def _make(self) -> None:
        """Run initdb under another name, then rename: a half-made cluster is never used."""
        found = binaries.find(self.account)
        draft = self.home / "data.unfinished"
        shutil.rmtree(draft, ignore_errors=True)
        # Code-point order on every version: the built-in provider where there is one.
        locale = (
            ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            if found.major >= 17
            else ["--locale=C.UTF-8"]
        )
        command = [found.program("initdb"), f"--pgdata={draft}", f"--username={SUPERUSER}"]
        command += ["--auth=trust", "--encoding=UTF8", *locale]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        made = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_account())
        if made.returncode != 0:
            raise ClusterFailed(f"initdb failed: {made.stderr.strip()}")
        draft.rename(self.data)

    def _disown_foreign_locks(self) -> None:
        """Take away lock files whose process number now belongs to some other program.

        PostgreSQL believes any living process of that number. In the cluster's own file only the
        number is replaced, by ours (a server never takes its parent for a rival), because the
        rest lets it find memory still held by children of a killed server.
        """
        for lock in (self.data / "postmaster.pid", self.socket / f"{SOCKET}.lock"):
            try:
                lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
                number = int(lines[0])
            except (FileNotFoundError, IndexError, ValueError):
                continue
            if not _is_alive(number) or _works_in(number, self.data):
                continue
            lock.write_text(f"{os.getpid()}\n" + "".join(lines[1:]), encoding="utf-8")

    def _serve(self) -> None:
        """Start the server and wait; a start that fails is tried again until time is up.

        After a kill -9 the children of the old server hold its memory for a moment, and
        PostgreSQL refuses to start until they are gone.
        """
        until = time.monotonic() + READY_WITHIN_SECONDS
        major = int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        command = [binaries.find(self.account, major).program("postgres"), "-D", str(self.data)]
        socket = '"' + str(self.socket).replace('"', '""') + '"'
        for name, value in {**ALWAYS, "unix_socket_directories": socket, **self.settings}.items():
            command += ["-c", f"{name}={value}"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, 11):
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509 - one system call, no locks
                    **self._as_account(),
                )
            while self.process.poll() is None and time.monotonic() < until:
                if self.answers():
                    return
                time.sleep(0.05)
            if time.monotonic() > until:
                break
            time.sleep(0.1 * attempt)
        self.stop()
        self.process = None
        last = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
        raise ClusterFailed("PostgreSQL did not start. Its last words:\n  " + "\n  ".join(last))

    def _as_account(self) -> dict[str, Any]:
        quiet = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        common: dict[str, Any] = {"cwd": "/", "env": quiet, "umask": 0o077}
        if self.account is None:
            return common
        return common | {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


def end_with_parent(wish: signal.Signals) -> Callable[[], None] | None:
    """Return what a child does before it begins: ask Linux for this signal when we are gone."""
    if sys.platform != "linux":
        return None
    # Loaded here, because between fork and exec nothing may be imported.
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(wish), 0, 0, 0)

    return ask


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _works_in(number: int, folder: Path) -> bool:
    """Say whether a process is a server of this data folder, which is where servers work."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{number}/cwd").resolve(strict=True) == folder.resolve()
        except OSError:
            return False
    listed = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(number)], capture_output=True, text=True, check=False
    )
    return str(folder) in listed.stdout
