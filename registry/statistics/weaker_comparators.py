"""Minutes saved against what is weaker than controls or a full baseline: shown apart, and never in a headline or a pool.

Class C: a baseline of the site without its SD, so the difference is known and its error is not. Class E: literature, which is
no comparator for a site's own minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from registry.models import Baseline
from registry.statistics.counts import CATEGORY, CLOCK, DATA
from registry.statistics.reading import WITH_PRINT, Reading, histogram_of
from registry.statistics.results import Column, NoNumber, Result, Row, Value
from registry.statistics.two_arms import Arm, Difference, welch
from registry.vocabulary.procedures import ComparatorKind

SUPPOSED = (10, 30, 100)
"""Cases that a baseline of unknown error may rest on; its SD is then supposed to be that of the printed cases."""
CLASSES = {"C": "C, a baseline without its SD", "E": "E, from the literature"}
UNKNOWN = "comparator uncertainty unknown"
CAVEATS = (
    "Against a weaker comparator than the headline's, so it is in no total and no pool.",
    (
        "Class C: the interval is what it would be, were the baseline's SD that of the printed cases and its cases 10, 30 or 100. "
        "Class E: other patients, other rooms and other years; a difference may be theirs."
    ),
)
COLUMNS = (
    Column("site", "Site"),
    CATEGORY,
    CLOCK,
    Column("comparator", "Comparator", words=CLASSES),
    Column("n", "Printed cases", "count"),
    Column("n_without", "Comparator cases", "count"),
    Column("mean_without", "Mean of the comparator", "minutes"),
    Column("mean_with", "Mean with", "minutes"),
    Column("saved", "Minutes saved a case", "saved"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    *(
        column
        for n in SUPPOSED
        for column in (
            Column(f"low_{n}", f"Were it {n} cases, from", "saved"),
            Column(f"high_{n}", f"Were it {n} cases, to", "saved"),
        )
    ),
    DATA,
    Column("remark", "Remark"),
)


@dataclass(frozen=True)
class Weak:
    """One baseline beside the printed cases of its site, category and clock. `supposed`: by number of cases, class C alone."""

    baseline: Baseline
    comparator: str
    printed: Arm
    difference: Difference
    supposed: dict[int, Difference]


def weak(reading: Reading) -> Iterator[Weak]:
    """Each baseline in force that is literature or has no SD, where the site has printed cases with a time."""
    for key, baselines in reading.baselines.items():
        printed = Arm.of(histogram_of(reading.timed.get(key), WITH_PRINT))
        for row in baselines if printed.n else ():
            external = row.kind == ComparatorKind.LITERATURE
            if external or row.sd is None:
                stated = Arm.stated(row.n, row.mean, row.sd)
                supposed = {} if external else {n: welch(_supposed(row, printed, n), printed) for n in SUPPOSED}
                yield Weak(row, "E" if external else "C", printed, welch(stated, printed), supposed)


def _supposed(row: Baseline, printed: Arm, n: int) -> Arm:
    return Arm(n, Fraction(row.mean), printed.variance)


def minutes_saved_weakly(reading: Reading) -> Result:
    """A row for each such baseline."""
    found = sorted(weak(reading), key=lambda one: (reading.sites[one.baseline.site_id].code, one.baseline.category))
    rows = tuple(_row(reading, one) for one in found)
    sites = {one.baseline.site_id for one in found}
    by_clock: dict[str, int] = {}
    for one in found:
        by_clock[one.baseline.clock] = by_clock.get(one.baseline.clock, 0) + one.printed.n
    return Result(
        rows,
        n=max(by_clock.values(), default=0),
        sites=len(sites),
        data=reading.data_of(sites),
        clocks=tuple(by_clock),
        comparators=tuple(sorted({one.comparator for one in found})),
        caveats=CAVEATS,
    )


def _row(reading: Reading, one: Weak) -> Row:
    row, found = one.baseline, one.difference
    no_interval = NoNumber(UNKNOWN if one.comparator == "C" else found.reason)
    known: dict[str, Value] = {
        "site": str(reading.sites[row.site_id].code),
        "category": row.category,
        "clock": row.clock,
        "comparator": one.comparator,
        "n": one.printed.n,
        "n_without": row.n,
        "mean_without": float(row.mean),
        "mean_with": float(one.printed.mean or 0),
        "saved": no_interval if found.estimate is None else float(found.estimate),
        "low": no_interval if found.low is None else found.low,
        "high": no_interval if found.high is None else found.high,
    }
    for n in SUPPOSED:
        supposed = one.supposed.get(n)
        missing = NoNumber(supposed.reason if supposed else "the comparator states its SD")
        known[f"low_{n}"] = supposed.low if supposed and supposed.low is not None else missing
        known[f"high_{n}"] = supposed.high if supposed and supposed.high is not None else missing
    period = f"from {row.period_start:%Y-%m} to {row.period_end:%Y-%m}"
    cited = f"; {row.citation}" if row.citation else ""
    return {**known, "data": reading.data_of([row.site_id]).kind, "remark": f"{period}{cited}"}
