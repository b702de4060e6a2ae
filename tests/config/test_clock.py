"""The beat table and the bells name tasks that exist; a broker that is away is survived."""

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty

from kombu import Connection

from config import broker, celery
from config.embedded.account import PROJECT

RING = """
import django
django.setup()
from config.celery import ring
ring("refresh")
print("went on")
"""


def test_every_tick_is_a_task() -> None:
    celery.app.loader.import_default_modules()
    assert set(celery.SECONDS) <= set(celery.app.tasks)
    assert set(celery.BELLS.values()) <= set(celery.SECONDS)


def test_beat_strikes_every_few_seconds_and_messages_die_with_their_tick() -> None:
    for name, entry in celery.app.conf.beat_schedule.items():
        assert entry["schedule"] <= 10, name
        assert entry["options"]["expires"] == entry["schedule"]
        assert "args" not in entry, "messages carry no data"


def test_messages_are_json_and_leave_no_results() -> None:
    assert celery.app.conf.accept_content == ["json"]
    assert celery.app.conf.task_ignore_result is True
    assert celery.app.conf.task_acks_late is True


def test_a_bell_that_cannot_ring_costs_a_log_line_and_little_time(tmp_path: Path) -> None:
    environment = os.environ | {
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "STRATA_DATA": str(tmp_path),
    }
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", RING], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "went on"
    assert "bell refresh not rung" in ended.stderr
    assert time.monotonic() - started < 30


def test_a_flood_of_bells_is_one_message(tmp_path: Path) -> None:
    environment = os.environ | {
        "CELERY_BROKER_URL": "filesystem://localhost",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "STRATA_DATA": str(tmp_path),
    }
    flood = RING.replace('ring("refresh")', 'ring("exports")\nfor _ in range(50):\n    ring("refresh")')
    subprocess.run([sys.executable, "-c", flood], cwd=PROJECT, env=environment, capture_output=True, check=True)
    messages = list((tmp_path / "broker" / "messages").glob("*.msg"))
    # The 50 calls may straddle a second or two on a busy machine.
    assert 2 <= len(messages) <= 6


def test_a_reader_never_meets_half_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(tmp_path)}
    with Connection("filesystem://localhost", transport_options=options) as connection:
        assert isinstance(connection.transport, broker.Transport)
        channel = connection.channel()
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                channel._put("bells", {"text": "x" * 100_000})

        writer = threading.Thread(target=write)
        writer.start()
        try:
            read = 0
            while read < 200:
                with suppress(Empty):
                    read += len(channel._get("bells")["text"]) == 100_000
        finally:
            stop.set()
            writer.join()
