"""The cells that `make bench-statistics` draws are those of its cases, and every measure can be computed from them."""

import pytest

from benchmarks.cells import stored
from benchmarks.drawn import SITES, SOURCES, drawn
from registry.models.scope import as_statistics
from registry.statistics.measures import OF_THE_REGISTRY
from registry.statistics.results import Scope
from tests import people
from tests.statistics.asking import measured

pytestmark = pytest.mark.django_db


def test_cells_of_drawn_cases_hold_them_all_and_feed_every_measure() -> None:
    site_ids = [people.enrolled(f"S{number:02d}", "Site").pk for number in range(SITES)]
    cases = drawn(2000, seed=1)
    with as_statistics():
        counts = stored(cases, site_ids, seed=1)
    assert min(counts.values()) > 0
    found = {slug: measured(slug, Scope.registry()) for slug in (measure.slug for measure in OF_THE_REGISTRY)}
    assert found["cases-by-month"].n == 2000
    known = (cases.timed > 0) & (cases.source != SOURCES.index("recall"))
    assert sum(int(str(row["n"])) for row in found["or-minutes"].rows if row["clock"] == "in_room") == known.sum()
    assert found["print-outcomes"].n == cases.printed.sum()
    # There are no baselines, and too few cases of each procedure at each site for one line over all.
    empty = {slug for slug, statistic in found.items() if not statistic.rows}
    assert empty == {"minutes-saved-weakly", "e-value", "unreported-savings"}
