"""kill -9 at random moments of a file of whole cases, of the worker and once of PostgreSQL: while it is checked, while it is imported
and while that is undone. Afterwards every table is, row for row, what an undisturbed worker leaves.

`make kill-import`: 20 kills in 20,000 rows; without KILLS five, in a shorter file.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks import case_lines
from config.embedded.postgres import Cluster
from tests.journeys.killing import LAST, PATIENCE, Registry, own_cluster

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "5"))
ROWS = int(os.environ.get("ROWS", "4000"))
SEED = int(os.environ.get("SEED", "20000"))
BAD = 0.05
MOST_ROUNDS = 12

BEGIN = {
    "check": """
from benchmarks import ways
from registry.intake.case_file import survey
from registry.actions import uploads
site = ways.equipped(sys.argv[1])
with acting_for(sites=[site.pk]), open(sys.argv[2], "rb") as stream:
    plan = survey(Path(sys.argv[2])).plan
    uploads.match(uploads.hold("cases", site=site, stream=stream, **HAND), plan, **HAND)
""",
    "import": """
from registry.actions import uploads
with acting_for(sites=[site.pk]):
    uploads.begin_import(Upload.objects.get(site=site), **HAND)
""",
    "undo": """
from registry.actions import upload_undo
with acting_for(sites=[site.pk]):
    upload_undo.begin(Upload.objects.get(site=site), **HAND)
""",
}
OVER = {"check": ("held", "import"), "import": ("done", "import"), "undo": ("done", "undo")}
"""State and phase of an upload when the work is over."""

WITH_SITE = """
import sys, django; django.setup()
from pathlib import Path
from registry.models import Site, Upload
from registry.models.scope import acting_for
from tests.people import HAND
with acting_for(sites=(), administrator=True):
    site = Site.objects.filter(code=sys.argv[1]).first()
"""
WHAT_IT_LEFT = """
from datetime import datetime, timezone
from registry.actions import audit
from tests.properties import recorded
with acting_for(sites=[site.pk]):
    found = recorded.recorded(site, since=datetime(2000, 1, 1, tzinfo=timezone.utc))
    found |= recorded.of_files(site) | {"broken": [audit.first_broken(site)], "told": recorded.told(site)}
Path(sys.argv[2]).write_text("".join(f"{table}: {row}\\n" for table in sorted(found) for row in found[table]))
"""


@dataclass
class Life:
    """The file of one site, from its coming to its undoing, with what was left after each of its phases."""

    here: Registry
    site: str
    file: Path
    seconds: dict[str, float] = field(default_factory=dict)
    left: dict[str, list[str]] = field(default_factory=dict)

    def begin(self, phase: str) -> None:
        self.here.run("app", "-c", WITH_SITE + BEGIN[phase], self.site, str(self.file))

    def state(self) -> tuple[str, str]:
        return self.here.ask(f"SELECT state, phase {LAST}")[0]

    def is_over(self, phase: str) -> bool:
        state = self.state()
        assert state[0] != "failed", self.here.ask(f"SELECT last_error, problems {LAST}")
        return state == OVER[phase]

    def finish(self, phase: str) -> None:
        """A worker comes to the end undisturbed."""
        self.here.two_minutes_pass()
        with self.here.worker():
            self._until(lambda: self._claimed() or self.is_over(phase))
            start = time.monotonic()
            self._until(lambda: self.is_over(phase))
        self.seconds[phase] = time.monotonic() - start
        out = self.here.folder / f"{self.site}-{phase}.txt"
        self.here.run("app", "-c", WITH_SITE + WHAT_IT_LEFT, self.site, str(out))
        self.left[phase] = out.read_text().splitlines()

    def killed(self, phase: str, after: float, cluster: Cluster | None) -> bool:
        """Whether a worker, or PostgreSQL under it, was killed so long after it began and before it was done."""
        self.here.two_minutes_pass()
        with self.here.worker():
            self._until(lambda: self._claimed() or self.is_over(phase))
            time.sleep(after)
            if cluster is not None:
                cluster.process.send_signal(signal.SIGKILL)
                cluster.process.wait()
                cluster.start()
        return not self.is_over(phase)

    def _claimed(self) -> bool:
        return self.here.ask(f"SELECT state = 'running' AND claimed_at > now() - interval '1 minute' {LAST}") == [
            (True,)
        ]

    def _until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + 5 * PATIENCE
        while not done():
            assert time.monotonic() < end, (self.state(), self.here.last_words())
            time.sleep(0.01)


def disturbed(life: Life, calm: Life, dice: random.Random, cluster: Cluster, kills: list[tuple[str, int]]) -> None:
    """One more life of the same file, with kills in each of its phases; what each phase leaves is what the calm one left."""
    for phase in OVER:
        life.begin(phase)
        for _ in range(3 if phase == "import" else 1):
            if len(kills) >= KILLS:
                break
            database = cluster if phase == "import" and phase not in dict(kills) else None
            if not life.killed(phase, dice.uniform(0, 0.7 * calm.seconds[phase]), database):
                break
            kills.append((phase, life.here.ask(f"SELECT cursor {LAST}")[0][0]))
        life.finish(phase)
        assert_same(life.left[phase], calm.left[phase], f"{life.site} after {phase}, {kills}")


def assert_same(found: list[str], wanted: list[str], where: str) -> None:
    more, fewer = sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))
    assert (more[:5], fewer[:5], len(found)) == ([], [], len(wanted)), where


def sites() -> Iterator[str]:
    return (f"KILL{number:02d}" for number in range(1, MOST_ROUNDS + 1))


def test_a_file_whose_workers_are_killed_leaves_row_for_row_what_an_undisturbed_one_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    case_lines.write(file, ROWS, seed=SEED, bad=BAD)
    with own_cluster() as cluster:
        here = Registry(str(cluster.socket), "strata", tmp_path)
        here.run("owner", "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
        calm, kills, dice = Life(here, "CALM", file), list[tuple[str, int]](), random.Random(SEED)
        for phase in OVER:
            calm.begin(phase)
            calm.finish(phase)
        assert counts_add_up(calm)
        for site in sites():
            if len(kills) < KILLS:
                disturbed(Life(here, site, file), calm, dice, cluster, kills)
    assert len(kills) == KILLS
    with capsys.disabled():
        print(f"\n{ROWS:,} rows, {len(kills)} kills at {kills}: row for row what an undisturbed worker leaves")


def counts_add_up(life: Life) -> bool:
    """Each row of the file became one thing, and each case is there once."""
    left = life.left["import"]
    cases = [line for line in left if line.startswith("Case: ")]
    rows = [line for line in left if line.startswith("rows: ")]
    return len(rows) == ROWS and len(cases) == len({*cases}) == sum("created" in line for line in rows)
