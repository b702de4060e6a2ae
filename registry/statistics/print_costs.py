"""What the prints of a case cost each site, from its cells, its wages and its fixed cost; and several sites together.

One unit throughout: a printed case, with all its prints, copies and reprints. So material and effort, which are known for a print
and for a case, meet the saving, which is that of a case. Amounts are in the site's currency, unrounded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from registry.models import CostRate, Site
from registry.statistics.cost import decimal_of
from registry.statistics.effort import ALL_ACTIVITIES
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.models import EffortCell
from registry.statistics.moments import NOTHING, Moments
from registry.statistics.print_cost import (
    FEWEST_MONTHS,
    Equipment,
    Labour,
    Running,
    equipment_per_print,
    print_cost,
)
from registry.statistics.prints import PROCESS, prints_of
from registry.statistics.reading import Reading
from registry.vocabulary.manufacturing import ObjectKind, StaffGroup

Hours: TypeAlias = dict[tuple[int, str], Histogram]
PARTS = ("clinician", "non_clinician", "material", "outsourced", "equipment")
WAGES = {StaffGroup.CLINICIAN: "clinician_wage", StaffGroup.NON_CLINICIAN: "non_clinician_wage"}
YEAR = 12


@dataclass(frozen=True)
class Costs:
    """What a printed case costs. `total` is None where a part is unknown, and `reason` names all such parts.

    Where there is a total without equipment, `reason` says why it is without. `fixed`: of a year; `volume`: printed cases of
    the last `months`, twelve at most; `a_year`: at that pace in a year, None below six months.
    """

    currency: str
    parts: dict[str, Decimal | None]
    total: Decimal | None
    reason: str
    printed: int
    fixed: Decimal | None
    volume: int
    months: int
    a_year: Fraction | None

    @property
    def variable(self) -> Decimal | None:
        """The total without the part of the fixed cost."""
        return None if self.total is None else self.total - (self.parts["equipment"] or 0)


def costs_by_site(reading: Reading) -> dict[int, Costs]:
    """For every site with a printed case in the period."""
    hours, material, prints = _hours(reading), _material(reading), _prints(reading)
    found = {}
    for site_id, months in reading.printed.items():
        printed = sum(n for month, n in months.items() if reading.period is None or month >= reading.period.first)
        if printed:
            cost = material.get(site_id, NOTHING).mean
            a_case = None if cost is None else decimal_of(cost * prints[site_id] / printed)
            site, rate = reading.sites[site_id], reading.rates.get(site_id)
            labour = [_labour(hours.get((site_id, staff), EMPTY), staff, rate) for staff in StaffGroup]
            volume, since = trailing(months, span=YEAR if reading.by_year else 1)
            found[site_id] = _costs(site, rate, labour, a_case, volume, since, printed)
    return found


def _costs(
    site: Site,
    rate: CostRate | None,
    labour: Sequence[Labour],
    material: Decimal | None,
    volume: int,
    since: int,
    printed: int,
) -> Costs:
    equipment = Equipment(None)
    if site.annual_fixed_cost is not None:
        equipment = equipment_per_print(site.annual_fixed_cost, Running(), prints=volume, months=since)
    outsourced = rate.outsourced_per_case if rate else None
    cost = print_cost(labour, material, outsourced, equipment)
    parts = dict(zip(PARTS, (*(each.cost for each in labour), material, outsourced, equipment.per_print), strict=True))
    unknown = _unknown(site, rate, labour, material)
    return Costs(
        currency=site.currency,
        parts=parts,
        total=None if unknown else cost.total,
        reason=f"not known: {', '.join(unknown)}" if unknown else cost.reason,
        printed=printed,
        fixed=site.annual_fixed_cost,
        volume=volume,
        months=since,
        a_year=Fraction(volume * YEAR, since) if since >= FEWEST_MONTHS else None,
    )


def _labour(minutes: Histogram, staff: StaffGroup, rate: CostRate | None) -> Labour:
    mean = minutes.mean
    wage = getattr(rate, WAGES[staff]) if rate else None
    return Labour(str(staff.label), None if mean is None else decimal_of(Fraction(mean)), wage)


def _unknown(site: Site, rate: CostRate | None, labour: Sequence[Labour], material: Decimal | None) -> list[str]:
    """What is missing for a total, so that somebody can see to it."""
    missing = [f"the wage of a {part.role.lower()}" for part in labour if part.wage is None]
    missing += [
        f"the minutes of {part.role.lower()}s (no case says all four activities)"
        for part in labour
        if part.minutes is None
    ]
    if material is None:
        missing.append("the cost of material (no print says it)")
    if rate is None or rate.outsourced_per_case is None:
        missing.append("the cost of printing outside")
    if site.annual_fixed_cost is None:
        missing.append("the fixed cost a year")
    if rate is not None and rate.currency != site.currency:
        missing.append(f"wages in {site.currency}, the currency of the material (they are stated in {rate.currency})")
    return missing


def trailing(printed: Counter[date], *, span: int) -> tuple[int, int]:
    """Printed cases of the twelve months up to the last with any, and how many months, twelve at most, there have been since the first.

    `span`: how many months one key stands for, 12 where the registry keeps years only.
    """
    if not printed:
        return 0, 0
    last = max(map(_number, printed)) + span - 1
    since = min(last - min(map(_number, printed)) + 1, YEAR)
    return sum(n for month, n in printed.items() if last - _number(month) < YEAR), since


def _number(month: date) -> int:
    return month.year * YEAR + month.month


def _hours(reading: Reading) -> Hours:
    """Minutes of all four activities of a case, by site and staff group; of cases of a model or guide alone."""
    found: Hours = {}
    for (site_id, activity, staff, kind), known in reading.known(
        EffortCell, "activity", "staff", "object_kind"
    ).items():
        if activity == ALL_ACTIVITIES and kind != ObjectKind.DIGITAL_ONLY:
            found[site_id, staff] = found.get((site_id, staff), EMPTY) + known.values
    return found


def _material(reading: Reading) -> dict[int, Moments]:
    """Material cost of a print by site: every print has one process."""
    found: dict[int, Moments] = defaultdict(lambda: NOTHING)
    for (site_id, grouping, _), known in reading.costs().items():
        if grouping == PROCESS:
            found[site_id] += known.values
    return found


def _prints(reading: Reading) -> Counter[int]:
    found: Counter[int] = Counter()
    for (site_id, grouping, _), n in prints_of(reading).items():
        if grouping == PROCESS:
            found[site_id] += n
    return found


def together(costs: Iterable[Costs]) -> Costs | None:
    """Several sites as one: each part weighted to the printed cases, fixed cost and volume added. None without a site.

    There is a total only where all sites have one, in one currency; without equipment where a site has none.
    """
    found = list(costs)
    if len(found) < 2:
        return found[0] if found else None
    lacking = sum(each.total is None for each in found)
    currencies = {each.currency for each in found}
    if lacking or len(currencies) > 1:
        reason = f"{lacking} of {len(found)} sites do not state all that a print costs"
        return _without_total(
            found, reason if lacking else "the sites' costs are in several currencies, which are never added"
        )
    new = sum(each.parts["equipment"] is None for each in found)
    parts = {name: _weighted(found, name) for name in PARTS}
    reason = f"without equipment: {new} of {len(found)} sites have fewer than {FEWEST_MONTHS} months of prints"
    return Costs(
        currency=found[0].currency,
        parts=parts,
        total=sum((amount for amount in parts.values() if amount is not None), Decimal(0)),
        reason=reason if new else "",
        printed=sum(each.printed for each in found),
        fixed=sum((each.fixed or Decimal(0) for each in found), Decimal(0)),
        volume=sum(each.volume for each in found),
        months=min(each.months for each in found),
        a_year=_sum_of_years(found),
    )


def _weighted(found: Sequence[Costs], name: str) -> Decimal | None:
    amounts = [(each.printed, each.parts[name]) for each in found]
    if any(amount is None for _, amount in amounts):
        return None
    total = sum((n * Fraction(amount) for n, amount in amounts if amount is not None), Fraction(0))
    return decimal_of(total / sum(n for n, _ in amounts))


def _sum_of_years(found: Sequence[Costs]) -> Fraction | None:
    years = [each.a_year for each in found]
    return None if None in years else sum((year for year in years if year is not None), Fraction(0))


def _without_total(found: Sequence[Costs], reason: str) -> Costs:
    return Costs(
        currency=found[0].currency,
        parts=dict.fromkeys(PARTS),
        total=None,
        reason=reason,
        printed=sum(each.printed for each in found),
        fixed=None,
        volume=sum(each.volume for each in found),
        months=min(each.months for each in found),
        a_year=_sum_of_years(found),
    )
