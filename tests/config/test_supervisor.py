"""Children are started again when they die, and nothing of them stays behind."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.account import PROJECT
from config.supervisor import AlreadyRuns, Child, Seat

pytestmark = pytest.mark.slow

# Ignores the polite request and has a child of its own, whose number it prints.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""


def _until(true: object, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def _lives(number: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, 0)
        return True
    return False


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    made = Child("child", [sys.executable, "-c", "import time; time.sleep(60)"], {}, tmp_path)
    yield made
    made.stop(0)


def test_a_killed_child_is_started_again_and_that_is_said(child: Child) -> None:
    said: list[str] = []
    child.start()
    assert child.process is not None
    first = child.process
    first.kill()
    first.wait()
    _until(lambda: child.revive(said.append) or child.process is not first)
    assert child.ended_with() is None
    assert len(said) == 1
    assert "ended with code -9 and is started again" in said[0]


def test_a_child_that_dies_at_once_is_started_ever_more_slowly(tmp_path: Path) -> None:
    said: list[str] = []
    failing = Child("failing", [sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path)
    failing.start()
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        failing.revive(said.append)
        time.sleep(0.02)
    failing.stop(0)
    assert 1 <= len(said) <= 3


def test_a_child_that_will_not_end_is_killed_with_its_own_children(tmp_path: Path) -> None:
    stubborn = Child("stubborn", [sys.executable, "-c", STUBBORN], {}, tmp_path)
    stubborn.start()
    _until(lambda: stubborn.last_words().strip())
    grandchild = int(stubborn.last_words())
    assert _lives(grandchild)
    stubborn.stop(0.2)
    _until(lambda: not _lives(grandchild) or _is_zombie(grandchild))


def _is_zombie(number: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return True


def test_a_data_folder_has_one_supervisor(tmp_path: Path) -> None:
    first, second = Seat(tmp_path), Seat(tmp_path)
    first.take("http://127.0.0.1:8000")
    with pytest.raises(AlreadyRuns, match=r"http://127\.0\.0\.1:8000"):
        second.take("http://127.0.0.1:8001")
    first.leave()
    second.take("http://127.0.0.1:8001")
    second.leave()


@pytest.mark.parametrize("port", ["0", "65536"])
def test_up_refuses_a_port_that_does_not_exist(tmp_path: Path, port: str) -> None:
    assert "a port is a number from 1 to 65535" in _up(tmp_path, port)


def test_up_names_a_taken_port_and_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = _up(tmp_path, str(port))
    assert f"Cannot listen on 127.0.0.1:{port}" in said
    assert "manage.py up --port" in said


def _up(data: Path, port: str) -> str:
    environment = os.environ | {"STRATA_DATA": str(data)}
    environment.pop("DATABASE_URL")
    ended = subprocess.run(
        [sys.executable, "manage.py", "up", "--port", port],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    return ended.stderr
