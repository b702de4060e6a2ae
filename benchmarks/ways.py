"""One way of getting rows into a database, in a process of its own: `python -m benchmarks.ways read|copy …` prints JSON.

Seconds are of the work alone. CPU seconds are of this process and its threads in that time; peak memory is of the whole process.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

SITE, WARM = "BENCH", "WARM"


def measured(work: Callable[[], Any]) -> dict[str, float]:
    """Seconds, CPU seconds and the peak memory in MB of this process, after `work`."""
    before, start = _cpu(), time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start, "cpu": _cpu() - before, "peak": peak()}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    """The most memory this process ever had, in MB."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        found = None
    return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def enrol() -> None:
    """Two sites: one that sends the files, and one by which a worker warms up."""
    for code in (SITE, WARM):
        equipped(code)


def equipped(code: str) -> Any:
    """A site with the printers and materials that the files name."""
    from benchmarks.case_lines import MATERIALS, PRINTERS
    from registry.actions import sites
    from registry.models.scope import acting_for
    from tests.people import HAND, enrolled

    site = enrolled(code, f"{code} Hospital")
    with acting_for(sites=[site.pk], administrator=True):
        for label in PRINTERS[1:]:
            sites.add_printer(site, label=label, manufacturer="A", model="B", process="vat_photopolymerization", **HAND)
        for name in MATERIALS[1:]:
            sites.add_material(site, name=name, material_class="resin_standard", biocompatible="no", **HAND)
    return site


def read(file: str, warm: str) -> dict[str, Any]:
    """The file is read as a worker does it, after a small one of another site that loads what everybody needs."""
    _worked(_received(WARM, warm))
    upload = _received(SITE, file)
    found = measured(lambda: _worked(upload))
    return {**found, "told": {"state": upload.state, **upload.counts}}


def _received(code: str, file: str) -> Any:
    from registry.actions import uploads
    from registry.models import Site
    from registry.models.scope import acting_for
    from tests.people import HAND

    with acting_for(sites=(), administrator=True):
        site = Site.objects.get(code=code)
    with acting_for(sites=[site.pk]), Path(file).open("rb") as stream:
        return uploads.receive("cases", site=site, stream=stream, options={}, **HAND)


def _worked(upload: Any) -> None:
    """A worker's turns until the file is done; between two, what Celery does between two ticks is left out."""
    from registry.actions import upload_turns
    from registry.models.scope import acting_for

    while upload.state in {"waiting", "running"}:
        upload_turns.work(upload)
        with acting_for(sites=[upload.site_id]):
            upload.refresh_from_db()


def copy(dsn: str, folder: str) -> dict[str, Any]:
    """The rows that lie in the folder are in their tables: COPY as a superuser, in one transaction, keys and constraints in place."""
    import psycopg2

    with closing(psycopg2.connect(dsn)) as connection:
        with connection.cursor() as cursor:  # warm: the catalogue is read
            cursor.execute("SELECT count(*) FROM registry_case")
        connection.commit()

        def all_tables() -> None:
            with connection.cursor() as cursor:
                for said in sorted(Path(folder).glob("*.into")):
                    with said.with_suffix(".rows").open() as rows:
                        cursor.copy_expert(said.read_text(), rows)
            connection.commit()

        return measured(all_tables)


def main() -> None:
    """The way that is asked for, and its figures as JSON."""
    way, *said = sys.argv[1:]
    if way != "copy":
        import django

        django.setup()
    print(json.dumps({"enrol": enrol, "read": read, "copy": copy}[way](*said)))


if __name__ == "__main__":
    main()
