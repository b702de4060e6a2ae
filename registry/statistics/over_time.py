"""Month by month: how many cases, and how complete their OR times. Where the registry keeps years only, year by year."""

from collections import Counter, defaultdict
from datetime import date

from registry.models.case import due_on
from registry.statistics.counts import DATA, KIND, RECALLED, SHARE, SITES, N, in_order, share
from registry.statistics.models import CaseCell
from registry.statistics.reading import WITH_PRINT, Reading, arm_of
from registry.statistics.results import Column, Coverage, Result, Row

DUE, NOT_YET_DUE = "due", "not yet due"
YEARS_ONLY = "This registry keeps years only: each line is a year."

MONTH = Column("month", "Month")
CASES_COLUMNS = (MONTH, KIND, N, Column("printed", "Printed", "count"), SITES, DATA)
OR_TIME_COLUMNS = (
    MONTH,
    Column("n", "Cases that ask for an outcome", "count"),
    Column("with_or_time", "With an OR time", "count"),
    RECALLED,
    Column("awaiting", "Awaiting the outcome", "count"),
    SHARE,
    Column("due", "Due"),
    SITES,
    DATA,
)


def cases_by_month(reading: Reading) -> Result:
    """Cases by month and kind of object, controls too."""
    counts: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    sites: dict[tuple[date, str], set[int]] = defaultdict(set)
    for row in reading.sums(CaseCell, ("month", "site_id", "object_kind", "print_decision"), ("n_cases",)):
        key, n = (row["month"], row["object_kind"]), row["n_cases"]
        made = arm_of(row["object_kind"], row["print_decision"]) == WITH_PRINT
        counts[key].update(n=n, printed=n if made else 0)
        sites[key].add(row["site_id"])
    order = in_order(dict(KIND.words))
    rows: list[Row] = [
        {
            "month": label_of(reading, month),
            "object_kind": kind,
            "n": counts[month, kind]["n"],
            "printed": counts[month, kind]["printed"],
            "sites": len(sites[month, kind]),
            "data": reading.data_of(sites[month, kind]).kind,
        }
        for month, kind in sorted(counts, key=lambda key: (key[0], order(key[1])))
    ]
    n = sum(found["n"] for found in counts.values())
    fed_by = set().union(*sites.values())
    coverage = Coverage(n, n, "submitted cases, each in one month")
    return Result(tuple(rows), n, len(fed_by), reading.data_of(fed_by), coverage, caveats=caveats_of(reading))


def or_time_by_month(reading: Reading) -> Result:
    """How many of the cases that ask for an outcome have an observed OR time. The coverage is that of the months that are due."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    sites: dict[date, set[int]] = defaultdict(set)
    names = ("n_cases", "n_with_or_time", "n_with_recall_only", "n_awaiting")
    for row in reading.sums(CaseCell, ("month", "site_id", "expects_outcome"), names):
        if row["expects_outcome"]:
            found[row["month"]].update({name: row[name] for name in names})
            sites[row["month"]].add(row["site_id"])
    today = reading.cut_off.date()
    due = {month for month in found if today >= due_on(month, by_year=reading.by_year)}
    rows: list[Row] = [
        {
            "month": label_of(reading, month),
            "n": found[month]["n_cases"],
            "with_or_time": found[month]["n_with_or_time"],
            "recalled": found[month]["n_with_recall_only"],
            "awaiting": found[month]["n_awaiting"],
            "share": share(found[month]["n_with_or_time"], found[month]["n_cases"]),
            "due": DUE if month in due else NOT_YET_DUE,
            "sites": len(sites[month]),
            "data": reading.data_of(sites[month]).kind,
        }
        for month in sorted(found)
    ]
    timed, eligible = (sum(found[month][name] for month in due) for name in ("n_with_or_time", "n_cases"))
    fed_by = set().union(*sites.values())
    coverage = Coverage(timed, eligible, "cases of months that are due, with an observed OR time")
    n = sum(counts["n_cases"] for counts in found.values())
    return Result(tuple(rows), n, len(fed_by), reading.data_of(fed_by), coverage, caveats=caveats_of(reading))


def label_of(reading: Reading, month: date) -> str:
    """2026-03, or 2026 where the registry keeps years only."""
    return f"{month:%Y}" if reading.by_year else f"{month:%Y-%m}"


def caveats_of(reading: Reading) -> tuple[str, ...]:
    """What must be said of months that are years."""
    return (YEARS_ONLY,) if reading.by_year else ()
