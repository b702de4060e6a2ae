"""What every benchmark stands on: a PostgreSQL that is thrown away, and what machine this is."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from config.embedded.account import unprivileged
from config.embedded.bootstrap import DATABASE, prepare
from config.embedded.postgres import THROW_AWAY, Cluster, socket_dir


@contextmanager
def throw_away(settings: Mapping[str, str] = THROW_AWAY) -> Iterator[Cluster]:
    """A PostgreSQL with Strata's tables, which Django reaches as the application's role; gone afterwards.

    `settings`: THROW_AWAY forgets what it is told in a crash and is faster for it; DURABLE is what `make run` serves.
    """
    folder = Path(tempfile.mkdtemp(prefix="strata-bench-", dir="/tmp"))
    # PostgreSQL's account must be able to enter what root made.
    folder.chmod(0o711 if unprivileged() else 0o700)
    cluster = Cluster(folder / "postgres", folder / "postgres.log", settings)
    try:
        cluster.start()
        prepare(cluster)
        os.environ["DATABASE_URL"] = f"postgres://strata_owner@/{DATABASE}?host={quote(str(socket_dir(cluster.home)))}"
        os.environ["STRATA_DATA"] = str(folder / "strata")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        _migrated()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrated() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict["USER"] = "strata_app"


def machine(cluster: Cluster) -> str:
    """System, processor, load and the versions that decide."""
    with closing(cluster.connect(DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    versions = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg2-binary", "numpy", "scipy"))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{platform.platform()}, {_processor()}, {os.cpu_count()} cores, load {load}\n"
        f"Python {platform.python_version()}, PostgreSQL {server}, {versions}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
