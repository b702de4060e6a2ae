"""Every declared measure of the registry, from the cells of 10,000 and of 1,000,000 cases: seconds, and their ratio.

`make bench-statistics`. A throw-away PostgreSQL, 20 sites, the same computation that `published` gives to pages; each size three
times. Cells grow with sites, months and strata: once they are full, more cases make the counts larger and not the work.
"""

import sys
import time
from collections.abc import Callable
from contextlib import closing
from statistics import median
from typing import Any

from benchmarks.machine import machine, throw_away
from config.embedded.bootstrap import DATABASE
from config.embedded.postgres import Cluster

SIZES = (10_000, 1_000_000)
RUNS = 3
SEED = 20261124


def _enrolled() -> list[int]:
    """Twenty sites, five of them with a baseline."""
    from benchmarks.drawn import SITES
    from tests.people import enrolled
    from tests.statistics.asking import baseline

    sites = [enrolled(f"BENCH{number:02d}", f"Hospital {number}") for number in range(SITES)]
    for site in sites[:5]:
        baseline(site)
    return [site.pk for site in sites]


def _filled(cluster: Cluster, n: int, site_ids: list[int]) -> int:
    """The registry's cells are those of n cases; returns how many cells."""
    from benchmarks.cells import stored
    from benchmarks.drawn import drawn
    from registry.models.scope import as_statistics

    with as_statistics():
        counts = stored(drawn(n, seed=SEED), site_ids, seed=SEED)
    with closing(cluster.connect(DATABASE)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
    print(f"{n:,} cases in {sum(counts.values()):,} cells, {counts['MinutesCell']:,} of them of OR minutes")
    return sum(counts.values())


def _timed(work: Callable[[], Any]) -> list[float]:
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def _measured() -> dict[str, list[float]]:
    """Seconds of each measure by itself, and of all of them together, which read the cells once ("")."""
    from registry.models.scope import acting_for
    from registry.permissions import Operator
    from registry.statistics.measures import OF_THE_REGISTRY
    from registry.statistics.published import published_together
    from registry.statistics.results import Scope

    slugs = [measure.slug for measure in OF_THE_REGISTRY]

    def together(chosen: list[str]) -> None:
        with acting_for(sites=(), administrator=True):
            published_together(chosen, scope=Scope.registry(), for_user=Operator("bench"))

    together(slugs)  # loads scipy, which no run should pay for
    found = {slug: _timed(lambda slug=slug: together([slug])) for slug in slugs}
    return {**found, "": _timed(lambda: together(slugs))}


def _said(name: str, few: list[float], many: list[float]) -> str:
    ratio = median(many) / median(few)
    parts = " ".join(f"{min(seconds):8.3f} {median(seconds):8.3f}" for seconds in (few, many))
    return f"{name:34} {parts} {ratio:7.1f}"


def main() -> None:
    """Print the seconds of each measure and of all, at each size, slowest first."""
    with throw_away() as cluster:
        print(machine(cluster))
        site_ids = _enrolled()
        results, cells = [], []
        for n in SIZES:
            cells.append(_filled(cluster, n, site_ids))
            results.append(_measured())
            sys.stdout.flush()
        few, many = results
        print(f"\n{'seconds of ' + str(RUNS) + ' runs':34} {'10,000':>17} {'1,000,000':>17}")
        print(f"{'':34} {'min':>8} {'median':>8} {'min':>8} {'median':>8} {'ratio':>7}")
        for slug in sorted(few, key=lambda slug: -median(many[slug])):
            if slug:
                print(_said(slug, few[slug], many[slug]))
        print(_said("all measures, cells read once", few[""], many[""]))
        cases = SIZES[1] // SIZES[0]
        print(f"{cases} times the cases are {cells[1] / cells[0]:.1f} times the cells")


if __name__ == "__main__":
    main()
