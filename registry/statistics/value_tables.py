"""What a print is worth when all that it costs is subtracted: one row for each rate."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from registry.statistics.cost import Rate, dollars
from registry.statistics.counts import DATA, SITES, share
from registry.statistics.dollar_tables import (
    AT,
    DIRECT_ALREADY,
    FREED,
    FROM_MINUTES,
    PER_MINUTE,
    at,
    scenarios,
)
from registry.statistics.fieller import ratio
from registry.statistics.money import Scenarios, direct_only, net, net_per_order
from registry.statistics.print_costs import PARTS, Costs, costs_by_site, together
from registry.statistics.reading import WITH_PRINT, Reading, arm_of
from registry.statistics.results import Column, NoNumber, Result, Row
from registry.statistics.savings import Line, headline, lines
from registry.statistics.savings_tables import CAVEATS, COMPARATOR, LINE, number_of, result_of
from registry.statistics.two_arms import Difference

MINUTES = Column("minutes", "Minutes saved a case", "saved")
SAVING = Column("saving", "OR minutes saved", "money")
REMARK = Column("remark", "Remark")
COLUMNS = (
    *AT,
    LINE[-1],
    COMPARATOR,
    PER_MINUTE,
    Column("n", "Printed cases", "count"),
    MINUTES,
    SAVING,
    Column("clinician", "Clinicians", "money"),
    Column("non_clinician", "Non-clinicians", "money"),
    Column("material", "Material", "money"),
    Column("outsourced", "Printing outside", "money"),
    Column("equipment", "Equipment", "money"),
    Column("cost", "Cost of a print", "money"),
    Column("net", "Net a case", "money"),
    Column("low", "95% from", "money"),
    Column("high", "95% to", "money"),
    Column("direct", "Net, direct cost only", "money"),
    Column("operated", "Orders that came to an operation", "count"),
    Column("ordered", "Orders settled", "count"),
    Column("waiting", "Orders not settled", "count"),
    Column("per_order", "Net an order", "money"),
    Column("per_order_none", "Net an order, if none of those not settled comes to an operation", "money"),
    Column("minute_cost", "Cost of a minute saved", "number"),
    Column("minute_low", "Of a minute, 95% from", "number"),
    Column("minute_high", "Of a minute, 95% to", "number"),
    Column("coverage", "Covered", "share"),
    SITES,
    DATA,
    REMARK,
)
NOT_CONVERTED = (
    "What a print costs is in money of today, and a rate in that of its year: neither is converted into the other."
)
TREATED_AS_KNOWN = (
    "The cost of a print, the fixed cost and the number of prints are taken as known, without an error of their own."
)
VALUE_CAVEATS = (f"Modelled value. {FREED}", FROM_MINUTES, TREATED_AS_KNOWN, NOT_CONVERTED)
Amount: TypeAlias = Decimal | NoNumber
NET = ("net", "low", "high", "direct")
AN_ORDER = ("per_order", "per_order_none")
OF_A_MINUTE = ("minute_cost", "minute_low", "minute_high")
NO_INTERVAL = NoNumber("the minutes have no interval")
NO_MINUTE = NoNumber("a print saves no minute here")


@dataclass(frozen=True)
class Basis:
    """The minutes saved over all categories, what a print costs, and how many orders came to an operation.

    `ordered`: of those that will not wait for one any more; `waiting`: that still do.
    """

    line: Line
    costs: Costs
    operated: int
    ordered: int
    waiting: int

    def saving(self, rate: Rate) -> Amount:
        """Minutes saved × rate."""
        minutes = self.line.difference.estimate
        return NoNumber(self.line.remark or "not known") if minutes is None else dollars(minutes, rate.per_minute)

    def in_currency_of(self, scenario: Scenarios, amount: Decimal | None) -> Amount:
        """An amount of what a print costs beside a rate; money of two currencies is never put together."""
        if scenario.currency != self.costs.currency:
            return NoNumber(f"the rate is in {scenario.currency}, and what a print costs in {self.costs.currency}")
        return NoNumber(self.costs.reason or "not known") if amount is None else amount


def value_of_a_print(reading: Reading) -> Result:
    """Saving, cost by part and net, of one printed case and of one order, at each rate."""
    return by_rate(reading, _row)


def by_rate(reading: Reading, row_at: Callable[[Basis, Scenarios, Rate], Row]) -> Result:
    """One row for each rate, with what stands beside each; none where no printed case has a time."""
    basis = _basis(reading)
    if basis is None:
        return result_of(reading, [], [], CAVEATS + VALUE_CAVEATS)
    beside: Row = {"sites": basis.line.sites, "data": reading.data_of(basis.line.fed_by).kind, "remark": _remark(basis)}
    rows = [
        {**at(scenario, rate), **row_at(basis, scenario, rate), **beside}
        for scenario in scenarios(reading)
        for rate in scenario.rates
    ]
    return result_of(reading, [basis.line], rows, CAVEATS + VALUE_CAVEATS)


def _basis(reading: Reading) -> Basis | None:
    """By the clock with the most printed cases; None where no printed case has a time. Two measures of one page rest on it."""
    return reading.once(_reached)


def _reached(reading: Reading) -> Basis | None:
    line = headline(reading.once(lines))
    if line is None:
        return None
    by_site = costs_by_site(reading)
    costs = together(by_site[site] for site in sorted(line.fed_by) if site in by_site)
    return None if costs is None else Basis(line, costs, *_orders(reading, line.fed_by))


def _orders(reading: Reading, sites: frozenset[int]) -> tuple[int, int, int]:
    """Printed cases that came to an operation; of how many that will not wait for one any more; and how many still wait."""
    operated = sum(n for (site, _, arm), n in reading.procedures.items() if site in sites and arm == WITH_PRINT)
    printed: Counter[bool] = Counter()
    for row in reading.cases("object_kind", "print_decision", "expects_outcome"):
        if row["site_id"] in sites and arm_of(row["object_kind"], row["print_decision"]) == WITH_PRINT:
            printed[row["expects_outcome"]] += row["n_cases"]
    return operated, operated + printed[False], max(0, printed[True] - operated)


def _remark(basis: Basis) -> str:
    return "; ".join(part for part in (basis.costs.reason, basis.line.remark) if part)


def known(names: Sequence[str], make: Callable[..., Row], *amounts: Amount) -> Row:
    """What `make` says of these amounts; where one of them does not exist, its reason at each name."""
    missing = next((amount for amount in amounts if isinstance(amount, NoNumber)), None)
    return make(*amounts) if missing is None else dict.fromkeys(names, missing)


def _row(basis: Basis, scenario: Scenarios, rate: Rate) -> Row:
    line, costs = basis.line, basis.costs
    saving, cost = basis.saving(rate), basis.in_currency_of(scenario, costs.total)
    return {
        "clock": line.clock,
        "comparator": line.comparator,
        "per_minute": rate.per_minute,
        "n": line.difference.n_with,
        "minutes": number_of(line.difference.estimate, line),
        "saving": saving,
        **{name: basis.in_currency_of(scenario, costs.parts[name]) for name in PARTS},
        "cost": cost,
        **known(NET, partial(_net, line.difference, rate), saving, cost),
        "operated": basis.operated,
        "ordered": basis.ordered,
        "waiting": basis.waiting,
        **known(AN_ORDER, partial(_per_order, basis), saving, cost),
        **known(OF_A_MINUTE, partial(_of_a_minute, line.difference), saving, cost),
        "coverage": share(line.difference.n_with, line.eligible),
    }


def _net(found: Difference, rate: Rate, saving: Decimal, cost: Decimal) -> Row:
    low, high = (
        NO_INTERVAL if limit is None else net(dollars(limit, rate.per_minute), cost)
        for limit in (found.low, found.high)
    )
    direct = net(direct_only(saving), cost) if rate.full else DIRECT_ALREADY
    return {"net": net(saving, cost), "low": low, "high": high, "direct": direct}


def _per_order(basis: Basis, saving: Decimal, cost: Decimal) -> Row:
    """Net of a settled order, and of every order as if all that wait came to nothing."""
    found = (
        net_per_order(saving, cost, used=basis.operated, ordered=ordered)
        for ordered in (basis.ordered, basis.ordered + basis.waiting)
    )
    return {
        name: NoNumber("no order is settled") if value is None else value
        for name, value in zip(AN_ORDER, found, strict=True)
    }


def _of_a_minute(found: Difference, _saving: Decimal, cost: Decimal) -> Row:
    """Cost of a print over minutes saved, by Fieller: the same at every rate."""
    if not found.estimate or found.estimate < 0:
        return dict.fromkeys(OF_A_MINUTE, NO_MINUTE)
    if found.se is None or found.df is None:
        return dict.fromkeys(OF_A_MINUTE, NO_INTERVAL)
    each = ratio(float(cost), float(found.estimate), v_a=0, v_b=found.se**2, df=found.df)
    values = (each.estimate, each.low, each.high)
    return {
        name: NoNumber(each.reason) if value is None else value for name, value in zip(OF_A_MINUTE, values, strict=True)
    }
