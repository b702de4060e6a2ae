"""A file of whole cases, checked, recorded, audited and idempotent, beside raw COPY of the rows it leaves and beside what people use
instead: seconds, CPU seconds, peak memory, and their ratios.

`make bench-import`, with ROWS=100000 and ROUNDS=3 unless told otherwise. A throw-away PostgreSQL that flushes every commit, as
`make run` serves it; each way in a process of its own, warm, the ways by turns, each run in a new database of the same schema.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from benchmarks.case_lines import HEADER, write
from benchmarks.machine import machine, throw_away
from config.embedded.bootstrap import DATABASE
from config.embedded.postgres import DURABLE, SUPERUSER, Cluster

PROJECT = Path(__file__).resolve().parents[1]
PEERS = PROJECT / ".venv-peers/bin/python"
ROWS = int(os.environ.get("ROWS", "100000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
PEER_ROWS = int(os.environ.get("PEER_ROWS", "5000"))
SEED, BAD = 20261124, 0.05
FEWER = (1_000, 10_000)
LONGEST = 150.0
"""Seconds: a way that takes longer in one round is not run again."""
# What the rows of a file become, parents before children; the sites and their equipment are there before.
TABLES = (
    "case imagingsource anatomicpart guide print printmaterial effort appliedcode procedure proceduretime upload submission uploadrow"
).split()
RUN = "run"
OTHERS = {
    "bulk": "django-import-export, bulk, flat, unvalidated",
    "validated": "django-import-export, bulk, flat, validated",
    "serializer": "DRF serializer, many, flat",
}


@dataclass
class Way:
    """What one way took, run by run: seconds, CPU seconds of its process and of PostgreSQL, its peak memory in MB."""

    rows: int
    runs: list[dict[str, Any]] = field(default_factory=list)

    def of(self, name: str) -> float:
        return median(run[name] for run in self.runs)

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.of("seconds")

    @property
    def cpu(self) -> float:
        """CPU seconds of 100,000 rows, of the process and of PostgreSQL."""
        return (self.of("cpu") + self.of("server")) * 100_000 / self.rows


class Bench:
    """A cluster, a folder of files and a database with two sites that every run begins from."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder
        self.warm = folder / "warm.csv"
        write(self.warm, 400, seed=1)
        self._way("enrol", database=DATABASE, role="app")

    def file(self, rows: int, bad: float = 0.0) -> Path:
        path = self.folder / f"cases-{rows}-{bad}.csv"
        if not path.exists():
            write(path, rows, seed=SEED, bad=bad)
        return path

    def fresh(self) -> None:
        """The database `run` is new."""
        self.sql(
            "postgres", f"DROP DATABASE IF EXISTS {RUN}", f"CREATE DATABASE {RUN} TEMPLATE {DATABASE}", "CHECKPOINT"
        )

    def read(self, file: Path) -> dict[str, Any]:
        return self._timed("read", str(file), str(self.warm))

    def copy(self, dumped: Path) -> dict[str, Any]:
        dsn = f"host='{self.cluster.socket}' dbname={RUN} user={SUPERUSER}"
        return self._timed("copy", dsn, str(dumped))

    def dump(self) -> Path:
        """The rows that the site's file left, table by table."""
        folder = self.folder / "rows"
        folder.mkdir(exist_ok=True)
        with closing(self.cluster.connect(RUN)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT id FROM registry_site WHERE code = 'BENCH'")
            site = int(cursor.fetchone()[0])
            for place, name in enumerate(TABLES):
                cursor.execute(
                    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                    " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                    [f"registry_{name}"],
                )
                columns = cursor.fetchone()[0]
                (folder / f"{place:02d}.into").write_text(f"COPY registry_{name} ({columns}) FROM STDIN")
                with (folder / f"{place:02d}.rows").open("w") as out:
                    cursor.copy_expert(
                        f"COPY (SELECT {columns} FROM registry_{name} WHERE site_id = {site} ORDER BY id) TO STDOUT",
                        out,
                    )
        return folder

    def peer(self, way: str, rows: int) -> dict[str, Any]:
        """One of the other libraries, on one flat table in a database of its own."""
        self.sql("postgres", "DROP DATABASE IF EXISTS flat", "CREATE DATABASE flat TEMPLATE template0", "CHECKPOINT")
        environment = {
            **os.environ,
            "PEER_HOST": str(self.cluster.socket),
            "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
        }
        return self._measured(
            [str(PEERS), "-m", "benchmarks.peers", way, str(self.file(rows)), str(self.warm)], environment
        )

    def sql(self, database: str, *statements: str) -> None:
        with closing(self.cluster.connect(database)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _timed(self, way: str, *said: str) -> dict[str, Any]:
        self.sql("postgres", "CHECKPOINT")
        return self._way(way, *said, database=RUN, role="worker")

    def _way(self, way: str, *said: str, database: str, role: str) -> dict[str, Any]:
        url = f"postgres://strata_{role}@/{database}?host={quote(str(self.cluster.socket))}"
        environment = {**os.environ, "DATABASE_URL": url, "STRATA_ROLE": role}
        return self._measured([sys.executable, "-m", "benchmarks.ways", way, *said], environment)

    def _measured(self, command: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
        before = self._server_cpu()
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command[1:4])} failed:\n{done.stderr[-3000:]}")
        found = json.loads(done.stdout.splitlines()[-1]) or {}
        self._parted()
        return {**found, "server": self._server_cpu() - before}

    def _parted(self) -> None:
        """Whoever served the process that has just ended has ended too, so that its time is known."""
        with closing(self.cluster.connect("postgres")) as connection, connection.cursor() as cursor:
            for _ in range(200):
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend'"
                )
                if cursor.fetchone()[0] == 0:
                    break
                time.sleep(0.05)
        time.sleep(0.2)

    def _server_cpu(self) -> float:
        """CPU seconds of PostgreSQL so far: of its first process, of its children, and of those that have ended; 0 without /proc."""
        server = self.cluster.process
        if server is None or not Path("/proc/self/stat").exists():
            return 0.0
        ticks = _ticks(server.pid, ended=True)
        for listed in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(listed.read_text().rpartition(")")[2].split()[1]) == server.pid:
                    ticks += _ticks(int(listed.parent.name), ended=False)
            except OSError:
                continue
        return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(process: int, *, ended: bool) -> int:
    try:
        numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, numbers[11 : 15 if ended else 13]))


def enough(ways: Sequence[Way]) -> Iterator[int]:
    """So many rounds, or fewer where one of the ways takes its time."""
    for number in range(ROUNDS):
        if number and any(way.runs and way.of("seconds") > LONGEST for way in ways):
            return
        yield number


def against_copy(bench: Bench, rows: int) -> dict[str, Way]:
    """The clean file, the same file again, one with bad rows, and COPY of the rows that the first left, by turns."""
    ways = {name: Way(rows) for name in ("import", "again", "bad", "copy")}
    for _ in enough([*ways.values()]):
        bench.fresh()
        ways["import"].runs.append(bench.read(bench.file(rows)))
        dumped = bench.dump()
        ways["again"].runs.append(bench.read(bench.file(rows)))
        bench.fresh()
        ways["copy"].runs.append(bench.copy(dumped))
        bench.fresh()
        ways["bad"].runs.append(bench.read(bench.file(rows, BAD)))
        _progress(".")
    return ways


def by_size(bench: Bench) -> dict[int, Way]:
    """Fewer rows, each once; as many as the main file has are measured already."""
    ways = {}
    for rows in (*FEWER, ROWS):
        if rows < ROWS:
            bench.fresh()
            ways[rows] = Way(rows, [bench.read(bench.file(rows))])
            _progress(".")
    return ways


def peers(bench: Bench) -> dict[str, Way]:
    ways = {name: Way(PEER_ROWS) for name in OTHERS}
    for _ in enough([*ways.values()]):
        for name, way in ways.items():
            way.runs.append(bench.peer(name, PEER_ROWS))
            _progress(".")
    return ways


def _progress(sign: str) -> None:
    print(sign, end="", file=sys.stderr, flush=True)


def _line(name: str, way: Way, ratio: str = "") -> str:
    took = f"{way.of('seconds'):9.2f} {way.rate:9,.0f}"
    return f"{name:44} {way.rows:9,} {took} {way.cpu:11.2f} {way.of('peak'):8.0f} {len(way.runs):5}  {ratio}"


def _table(ways: Mapping[str, Way], others: Mapping[str, Way], sizes: Mapping[int, Way]) -> Iterator[str]:
    full, again, bad, raw = (ways[name] for name in ("import", "again", "bad", "copy"))
    yield f"\n{'':44} {'rows':>9} {'seconds':>9} {'rows/s':>9} {'CPU s/100 k':>11} {'peak MB':>8} {'runs':>5}"
    yield _line(
        "a file of cases, checked, recorded, audited", full, f"{full.rate / raw.rate:.2f} × raw COPY (wanted: 0.6)"
    )
    yield _line("raw COPY of the rows it left", raw)
    yield _line(
        "the same file again, nothing new",
        again,
        f"{again.rate / full.rate:.2f} × as fast as the first time (wanted: 3)",
    )
    cost = bad.of("seconds") / full.of("seconds") - 1
    yield _line(f"a file with {BAD:.0%} bad rows", bad, f"{cost:+.0%} seconds (wanted: at most +10%)")
    for name, way in others.items():
        wanted = " (wanted: 10)" if name == "bulk" else ""
        yield _line(OTHERS[name], way, f"{way.cpu / full.cpu:.1f} × the CPU seconds of a file of cases{wanted}")
    for rows, way in sizes.items():
        per = way.of("seconds") / rows / (full.of("seconds") / full.rows)
        yield _line(
            f"a file of {rows:,} cases",
            way,
            f"{per:.2f} × the time a row, {way.of('peak') / full.of('peak'):.2f} × the peak",
        )
    yield f"\nWhat became of the rows: {full.runs[0]['told']}; again {again.runs[0]['told']}; bad {bad.runs[0]['told']}"


NOTES = f"""
{len(HEADER)} columns; each case with its images, parts, prints, effort, codes, operation and times. Medians of the runs, which take turns.
raw COPY: {len(TABLES)} tables, parents first, as a superuser in one transaction, into a new database of the same schema with all keys,
indexes, constraints and triggers in place; the rows are those that the import left, its upload and submissions included.
CPU seconds: of the process and of PostgreSQL together, for 100,000 rows. Peak: memory of the process alone.
The other libraries fill one table with a column for each of the file's, {PEER_ROWS:,} rows, scaled to 100,000.
"""


def main() -> None:
    """Print the table."""
    start = time.perf_counter()
    with throw_away(DURABLE) as cluster:
        print(machine(cluster))
        _close()
        bench = Bench(cluster, cluster.home.parent)
        ways = against_copy(bench, ROWS)
        others = peers(bench) if PEERS.exists() else {}
        sizes = by_size(bench)
        print("\n".join(_table(ways, others, sizes)))
        print(NOTES if others else f"{NOTES}(.venv-peers is missing: `make bench-import` makes it)")
        print(f"{time.perf_counter() - start:.0f} seconds in all")


def _close() -> None:
    """Nobody is connected to the database that others are copied from."""
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()
