"""The minutes that users of a print guessed were saved: class D, said after the operation, so it is recall and never a saving observed."""

from collections import Counter, defaultdict

from registry.statistics.counts import DATA, spread, spread_columns
from registry.statistics.histogram import Histogram
from registry.statistics.models import ESTIMATE, AssessmentCell
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row
from registry.statistics.savings import ALL
from registry.statistics.summary import mean_interval

CAVEATS = (
    "Somebody's guess after the operation, with no operation beside it; kept apart from observed minutes, never pooled with them.",
    "Whoever saw a benefit may be likelier to answer.",
)
COLUMNS = (
    Column("site", "Site", words={ALL: "All sites"}),
    Column("n", "Estimates", "count"),
    *spread_columns("saved"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    DATA,
)


def estimated_minutes_saved(reading: Reading) -> Result:
    """A row for each site with an estimate, and before them one over all where there are several. Each assessment counts."""
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    answered: Counter[str] = Counter()
    for row in reading.sums(AssessmentCell, ("site_id", "item", "score"), ("n",)):
        answered[row["item"]] += row["n"]
        if row["item"] == ESTIMATE:
            counts[row["site_id"]][row["score"]] += row["n"]
    by_site = {site: Histogram.counted(counts[site]) for site in sorted(counts, key=lambda pk: reading.sites[pk].code)}
    rows = [_row(reading, str(reading.sites[site].code), [site], histogram) for site, histogram in by_site.items()]
    if len(by_site) > 1:
        every = Histogram.counted(sum(counts.values(), Counter[int]()))
        rows.insert(0, _row(reading, ALL, list(by_site), every))
    n = answered[ESTIMATE]
    asked = max(answered.values(), default=0)
    coverage = Coverage(n, asked, "assessments, by the statement most often answered, give an estimate")
    return Result(tuple(rows), n, len(by_site), reading.data_of(by_site), coverage, comparators=("D",), caveats=CAVEATS)


def _row(reading: Reading, site: str, fed_by: list[int], histogram: Histogram) -> Row:
    interval = mean_interval(histogram)
    missing = NoNumber(interval.reason or "not known")
    return {
        "site": site,
        "n": histogram.n,
        **spread(histogram, of="estimate"),
        "low": missing if interval.low is None else float(interval.low),
        "high": missing if interval.high is None else float(interval.high),
        "data": reading.data_of(fed_by).kind,
    }
