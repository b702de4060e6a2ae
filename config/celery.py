"""The only clock: a Celery app whose messages carry no data and may be lost.

Rows are the queue. Beat strikes every few seconds, a door may ring early, and each task finds in
the database what is due.
"""

import logging
import os
import time
from typing import Any

from celery import Celery, signals
from django.conf import settings

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

log = logging.getLogger("strata.clock")

SECONDS = {
    "registry.tasks.refresh_statistics": 2.0,
    "registry.tasks.read_uploads": 2.0,
    "registry.tasks.write_exports": 2.0,
    "registry.tasks.send_mail": 10.0,
    "registry.tasks.beat_heart": 5.0,
}
BELLS = {
    "refresh": "registry.tasks.refresh_statistics",
    "uploads": "registry.tasks.read_uploads",
    "exports": "registry.tasks.write_exports",
    "mail": "registry.tasks.send_mail",
}

QUIET_SECONDS = 1.0
_rung: dict[str, float] = {}

broker.install()
app = Celery("strata")


@signals.celeryd_init.connect
@signals.beat_init.connect
def refuse_unsafe(**_: Any) -> None:
    """A worker or beat with unsafe settings does not start either."""
    from config import checks  # noqa: PLC0415 - needs the loaded apps

    checks.refuse_unsafe()


def configure() -> dict[str, Any]:
    """Return the Celery configuration; makes the folders of the file broker where it is used."""
    options: dict[str, Any] = {}
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        folder = settings.STRATA_DATA / "broker"
        for name in ("messages", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        options = {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.25,
        }
    elif settings.CELERY_BROKER_URL.startswith("redis"):
        # A door that rings must not wait for a broker that is away.
        options = {"socket_connect_timeout": 2, "socket_timeout": 5}
    return {
        "broker_url": settings.CELERY_BROKER_URL,
        "broker_transport_options": options,
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # A tick stops itself long before; these end one that hangs.
        "task_soft_time_limit": 15 * 60,
        "task_time_limit": 20 * 60,
        "timezone": "UTC",
        "beat_schedule": {
            name: {"task": name, "schedule": every, "options": {"expires": every}} for name, every in SECONDS.items()
        },
    }


app.add_defaults(configure)
app.autodiscover_tasks(["registry"])


def ring(bell: str) -> None:
    """Wake the worker for one kind of work; a broker that is away costs a log line, nothing more.

    At most once a second for each kind: 400 cases in a minute once queued 400 refreshes, and an export waited 50 s behind them.
    """
    now = time.monotonic()
    if now - _rung.get(bell, -QUIET_SECONDS) < QUIET_SECONDS:
        return
    _rung[bell] = now
    try:
        app.send_task(BELLS[bell], retry=False, expires=SECONDS[BELLS[bell]])
    except Exception as away:  # noqa: BLE001 - whatever a broker raises, the next tick does the work
        log.warning("bell %s not rung: %s", bell, type(away).__name__)


def install_bell() -> None:
    """From now on what an action rings after its commit reaches this app."""
    from registry.actions import clock  # noqa: PLC0415 - needs the loaded apps

    clock.install(ring)
