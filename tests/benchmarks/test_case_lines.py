"""The files that measure the import: the clean one is clean, and the other is wrong where it says so."""

from collections import Counter

import pytest

from benchmarks import case_lines, ways
from registry.intake import flat
from registry.intake.check import check
from registry.intake.report import Judged
from registry.models import Site
from registry.models.scope import acting_for

pytestmark = pytest.mark.django_db


def verdicts(rows: int, bad: float) -> list[Judged]:
    ways.enrol()
    with acting_for(sites=(), administrator=True):
        site = Site.objects.get(code=ways.SITE)
    with acting_for(sites=[site.pk]):
        said = case_lines.lines(rows, seed=1, bad=bad)
        return check([flat.read(line, row=row) for row, line in enumerate(said)], site=site)


def test_every_row_of_the_clean_file_is_believed() -> None:
    problems = Counter((problem.code, problem.column) for judged in verdicts(500, 0.0) for problem in judged.errors)
    assert problems == {}


def test_each_wrong_refuses_its_row() -> None:
    judged = verdicts(1_000, 1.0)
    assert [each.report.data.get("local_case_id") for each in judged if each.rows is not None] == []
    assert len({problem.code for each in judged for problem in each.errors}) >= 10
