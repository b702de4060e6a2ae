"""Whose OR times are known, and what the average would be were the others different."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from registry.models.case import due_on
from registry.statistics.asked_otherwise import headline
from registry.statistics.counts import DATA, KIND, SHARE, SITES, in_order, share
from registry.statistics.models import CaseCell
from registry.statistics.reading import WITH_PRINT, Reading, arm_of
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Value
from registry.statistics.two_arms import Difference
from registry.statistics.unreported import delta, overall_mean

EVERY, SITE, YEAR = "every", "site", "year"
GROUPS = {EVERY: "All", SITE: "Site", KIND.name: KIND.heading, YEAR: "Year"}
TIPPING = "tipping"
OF = "printed cases that ask for an outcome and are due or timed have an OR time"
NOT_KNOWN = (
    "By whether the user reported a benefit it cannot be shown: the cells keep the answers of the assessment and the OR times "
    "apart."
)
SUPPOSED = "k is a supposition, not an estimate: nothing in the data says what the other cases saved."

NO_ERROR = NoNumber("supposed minutes have no interval")

TIMES_COLUMNS = (
    Column("by", "By", words=GROUPS),
    Column("which", "Which", words=dict(KIND.words)),
    Column("n", "Printed cases", "count"),
    Column("with_or_time", "With OR time", "count"),
    SHARE,
    SITES,
    DATA,
)
SAVINGS_COLUMNS = (
    Column("supposed", "Supposed", words={TIPPING: "Tipping point, their minutes taken as exact"}),
    Column("k", "Part saved by the others", "number"),
    Column("saved", "Minutes saved a case, over all", "saved"),
    Column("low", "Headline, 95% from", "saved"),
    Column("high", "Headline, 95% to", "saved"),
    Column("n", "Printed cases in the headline", "count"),
    Column("eligible", "Printed cases", "count"),
    SITES,
    DATA,
    Column("remark", "Remark"),
)


def _eligible(reading: Reading) -> list[tuple[int, str, int, int, int]]:
    """Site, kind, year, cases and timed cases of the prints that ask for an outcome; who waits and is not due yet is not among them."""
    by = ("site_id", "object_kind", "print_decision", "month", "expects_outcome")
    today = reading.cut_off.date()
    found = []
    for row in reading.sums(CaseCell, by, ("n_cases", "n_with_or_time", "n_awaiting")):
        if row["expects_outcome"] and arm_of(row["object_kind"], row["print_decision"]) == WITH_PRINT:
            due = today >= due_on(row["month"], by_year=reading.by_year)
            cases = row["n_cases"] - (0 if due else row["n_awaiting"])
            found.append((row["site_id"], row["object_kind"], row["month"].year, cases, row["n_with_or_time"]))
    return [each for each in found if each[3]]


def unreported_times(reading: Reading) -> Result:
    """How many of the printed cases have a time: of all, and by site, kind of object and year."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    sites: dict[tuple[str, str], set[int]] = defaultdict(set)
    for site_id, kind, year, cases, timed in reading.once(_eligible):
        groups = [(EVERY, ""), (KIND.name, kind), (YEAR, str(year))]
        if reading.scope.site_id is None:
            groups.append((SITE, str(reading.sites[site_id].code)))
        for key in groups:
            counts[key].update(n=cases, with_or_time=timed)
            sites[key].add(site_id)
    kinds = in_order(dict(KIND.words))
    rows: list[Row] = [
        {
            "by": by,
            "which": group,
            **counts[by, group],
            "share": share(counts[by, group]["with_or_time"], counts[by, group]["n"]),
            "sites": len(sites[by, group]),
            "data": reading.data_of(sites[by, group]).kind,
        }
        for by, group in sorted(counts, key=lambda key: (list(GROUPS).index(key[0]), kinds(key[1])))
    ]
    every = counts[EVERY, ""]
    fed_by = sites[EVERY, ""]
    coverage = Coverage(every["with_or_time"], every["n"], OF)
    return Result(tuple(rows), every["n"], len(fed_by), reading.data_of(fed_by), coverage, caveats=(NOT_KNOWN,))


def unreported_savings(reading: Reading) -> Result:
    """The mean over all printed cases for each k, the headline's interval at k = 1 alone, and the tipping k of `unreported.delta`."""
    line, cells = reading.once(headline), reading.once(_eligible)
    eligible = sum(cases for *_, cases, _ in cells)
    fed_by = {site_id for site_id, *_ in cells}
    n = line.difference.n_with if line else 0
    coverage = Coverage(n, eligible, "printed cases are in the headline")
    rows: list[Row] = []
    if line is not None and line.difference.estimate is not None and n:
        rows = _rows(reading, line.difference, max(eligible, n), fed_by)
    return Result(
        rows=tuple(rows),
        n=n,
        sites=line.sites if line else 0,
        data=reading.data_of(fed_by),
        coverage=coverage,
        clocks=(line.clock,) if line else (),
        caveats=(SUPPOSED,),
    )


def _rows(reading: Reading, found: Difference, eligible: int, fed_by: Iterable[int]) -> list[Row]:
    mean = float(found.estimate or 0)
    shown = delta(mean, reported=found.n_with, eligible=eligible, low=found.low, high=found.high)
    ends: Row = {
        "n": found.n_with,
        "eligible": eligible,
        "sites": len(set(fed_by)),
        "data": reading.data_of(fed_by).kind,
    }

    def limit(value: float | None, k: float) -> Value:
        if k != 1:
            return NO_ERROR
        return NoNumber(found.reason or "no interval") if value is None else value

    points = [("", k, whole) for k, whole in shown.means]
    if shown.tipping is not None:
        points.append((TIPPING, shown.tipping, overall_mean(mean, shown.share, shown.tipping)))
    rows: list[Row] = [
        {
            "supposed": name,
            "k": k,
            "saved": whole,
            "low": limit(found.low, k),
            "high": limit(found.high, k),
            **ends,
            "remark": "",
        }
        for name, k, whole in points
    ]
    if shown.tipping is None:
        why = NoNumber(shown.reason)
        rows.append(
            {"supposed": TIPPING, "k": why, "saved": why, "low": why, "high": why, **ends, "remark": shown.reason}
        )
    return rows
