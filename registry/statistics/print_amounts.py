"""What prints took: machine hours, material cost, and the months from order to procedure; by process and by material class."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from registry.statistics.counts import DATA, NOT_ASKED, SITES, UNKNOWN, share, spread, spread_columns
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.models import HoursCell, TurnaroundCell
from registry.statistics.moments import NOTHING, Moments
from registry.statistics.prints import ALL, EVERY, GROUP, GROUPING, OVERLAP, Place, lines, prints_of
from registry.statistics.reading import Known, Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Value

A = TypeVar("A", Histogram, Moments)
HUNDREDTHS = 100
"""Of an hour: what the cells hold."""
NOT_IN_YEARS = "This registry keeps years only, so the months from order to procedure are not known."

KNOWING = Column("n", "Prints that know", "count")
HOURS_COLUMNS = (
    GROUPING,
    GROUP,
    KNOWING,
    *spread_columns("hours"),
    Column("total", "In all", "hours"),
    UNKNOWN,
    NOT_ASKED,
    SITES,
    DATA,
)
COST_COLUMNS = (
    GROUPING,
    GROUP,
    Column("currency", "Currency"),
    KNOWING,
    Column("mean", "Mean", "number"),
    Column("sd", "SD", "number"),
    Column("total", "In all", "number"),
    UNKNOWN,
    NOT_ASKED,
    SITES,
    DATA,
)
TURNAROUND_COLUMNS = (
    GROUPING,
    GROUP,
    Column("n", "Cases", "count"),
    *spread_columns("months"),
    Column("same_month", "In the month of the order", "share"),
    Column("no_procedure", "No procedure recorded", "count"),
    SITES,
    DATA,
)


@dataclass(frozen=True)
class Said(Generic[A]):
    """Of the prints of one site and group: what they know, and how many do not know or were not asked."""

    site_id: int
    known: A
    unknown: int
    prints: int

    @property
    def not_asked(self) -> int:
        return self.prints - self.known.n - self.unknown


def machine_hours(reading: Reading) -> Result:
    """Machine hours of prints."""
    known = reading.known(HoursCell, "grouping", "group")
    found = lines(_said(reading, known, EMPTY))
    rows: list[Row] = []
    for (grouping, group), parts in found.items():
        hours = sum((part.known for part in parts), EMPTY)
        described = {
            **spread(hours, per=HUNDREDTHS, of="print"),
            "total": _total(Fraction(hours.total, HUNDREDTHS), hours),
        }
        rows.append({"grouping": grouping, "group": group, "n": hours.n, **described, **_beside(reading, parts)})
    return _of_prints(reading, rows, found.get((ALL, EVERY), []), "prints that know their machine hours")


def material_cost(reading: Reading) -> Result:
    """Material cost of prints, each currency by itself."""
    found = lines(_said(reading, reading.costs(), NOTHING))
    rows: list[Row] = []
    for (grouping, group), every in found.items():
        by_currency: dict[str, list[Said[Moments]]] = defaultdict(list)
        for part in every:
            by_currency[reading.sites[part.site_id].currency].append(part)
        for currency, parts in sorted(by_currency.items()):
            cost = sum((part.known for part in parts), NOTHING)
            described = {**_mean_and_sd(cost), "total": _total(cost.total, cost)}
            key: Row = {"grouping": grouping, "group": group, "currency": currency}
            rows.append({**key, "n": cost.n, **described, **_beside(reading, parts)})
    return _of_prints(reading, rows, found.get((ALL, EVERY), []), "prints that know their material cost")


def _said(reading: Reading, known: Mapping[Place, Known[A]], nothing: A) -> dict[Place, Said[A]]:
    """For every site and group with prints, also where no print says anything."""
    found = {}
    for place, prints in prints_of(reading).items():
        here = known.get(place)
        found[place] = Said(place[0], here.values if here else nothing, here.unknown if here else 0, prints)
    return found


def _total(total: Fraction, known: Histogram | Moments) -> Value:
    return float(total) if known.n else NoNumber("no print")


def _mean_and_sd(cost: Moments) -> dict[str, Value]:
    missing = NoNumber("one print" if cost.n else "no print")
    return {name: missing if value is None else float(value) for name, value in (("mean", cost.mean), ("sd", cost.sd))}


def _beside(reading: Reading, parts: Sequence[Said[A]]) -> Row:
    return {
        "unknown": sum(part.unknown for part in parts),
        "not_asked": sum(part.not_asked for part in parts),
        **_sites(reading, parts),
    }


def _sites(reading: Reading, parts: Sequence[Said[A]]) -> Row:
    """How many sites know; the kind of data is that of all whose prints are counted."""
    knowing = {part.site_id for part in parts if part.known.n}
    return {"sites": len(knowing), "data": reading.data_of(part.site_id for part in parts).kind}


def _of_prints(reading: Reading, rows: Iterable[Row], parts: Sequence[Said[A]], of: str) -> Result:
    cases = reading.cases_with_a_print
    coverage = Coverage(sum(part.known.n for part in parts), sum(part.prints for part in parts), of)
    return Result(tuple(rows), cases.total(), len(cases), reading.data_of(cases), coverage, caveats=(OVERLAP,))


def turnaround(reading: Reading) -> Result:
    """Whole months from order to procedure, by process and material classes of print number 1."""
    known = reading.known(TurnaroundCell, "grouping", "group")
    found = lines(
        {
            place: Said(place[0], here.values, here.unknown, here.values.n + here.unknown)
            for place, here in known.items()
        }
    )
    parts = found.get((ALL, EVERY), [])
    rows = [] if reading.by_year else [_turnaround_row(reading, key, found[key]) for key in found]
    cases = reading.cases_with_a_print
    both = 0 if reading.by_year else sum(part.known.n for part in parts)
    coverage = Coverage(both, cases.total(), "cases with a print, with the month of its order and of its procedure")
    caveats = (NOT_IN_YEARS,) if reading.by_year else (OVERLAP,)
    return Result(tuple(rows), cases.total(), len(cases), reading.data_of(cases), coverage, caveats=caveats)


def _turnaround_row(reading: Reading, key: tuple[str, str], parts: Sequence[Said[Histogram]]) -> Row:
    months = sum((part.known for part in parts), EMPTY)
    return {
        "grouping": key[0],
        "group": key[1],
        "n": months.n,
        **spread(months),
        "same_month": share(months.counts.get(0, 0), months.n),
        "no_procedure": sum(part.unknown for part in parts),
        **_sites(reading, parts),
    }
