"""The minutes saved in money: at each rate, full and direct, and for each procedure."""

from dataclasses import replace

from registry.reports.tables import Column, NotShown, Value
from registry.statistics.cost import BALLARD2020, as_published_by_ballard, formula, shown
from registry.statistics.inflation import BASE_YEAR
from registry.statistics.results import NoNumber, Row, Statistic
from registry.web.panels import INTERVAL, Panel, Result, chosen, detail, hidden, main_clock
from registry.web.topics.rates import at_rates, between, per_minute, said
from registry.web.topics.savings import over_sites
from registry.web.words import ALL

MEAN = BALLARD2020[1].per_minute
PUBLISHED = {"a model": 62, "a guide": 23}
"""Mean minutes saved in the studies of Ballard 2020."""
AT_EACH = (
    ("value", "A case"),
    ("interval", "95% interval"),
    ("direct", "Direct cost only"),
    ("converted", f"In US dollars of {BASE_YEAR}"),
    ("total", "In all"),
)


def as_published() -> str:
    """Why the paper's amounts are not the products of its own minutes and rate."""
    both = [
        f"{shown(as_published_by_ballard(minutes, MEAN))} for {kind} where {formula(minutes, MEAN)}"
        for kind, minutes in PUBLISHED.items()
    ]
    return (
        f"As published, Ballard 2020 gives {' and '.join(both)}: its amounts come out if minutes are first rounded to tenths of an "
        "hour, which the paper does not say. Here amounts are the exact products."
    )


def at_each_rate(result: Result) -> Panel:
    """All categories together, a line for each rate, and how the first amounts come about."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    main, _ = main_clock(over_sites(result)[0])
    rows = [row for row in main if row["category"] == ALL]
    table = at_rates(result, rows, AT_EACH, finding=_formula(rows[: len(BALLARD2020)]))
    return detail(result, table)


def by_procedure(result: Result) -> list[Panel]:
    """One line for each procedure over the sites; for each rate the amount and its interval, or why there is neither."""
    if not isinstance(result, Statistic):
        return []
    over, _ = main_clock(over_sites(result)[0])
    if not over:
        return []
    rates = {_key(row): f"At {per_minute(row)}, {row['year']}" for row in over}
    at = {(row["category"], *_key(row)): _cells(row) for row in over}
    lines = [row for row in over if _key(row) == next(iter(rates))]
    table = chosen(result, lines, ("category", "n", "clock", "data"))
    money = [tuple(cell for rate in rates for cell in at[row["category"], *rate]) for row in lines]
    why = [_why_none(row) for row in lines]
    heads = [head for rate, heading in rates.items() for head in _heads("-".join(rate), heading)]
    table = replace(
        table,
        columns=(*table.columns, *heads, *([Column("remark", "Remark")] if any(why) else [])),
        rows=tuple(
            (*row, *amounts, *([reason] if any(why) else []))
            for row, amounts, reason in zip(table.rows, money, why, strict=True)
        ),
    )
    title = "Value of the minutes saved a case, by procedure"
    return [replace(detail(result, table, key="dollars-by-procedure", title=title), total_first=True)]


def _key(row: Row) -> tuple[str, str]:
    return str(row["scenario"]), str(row["rate"])


def _heads(name: str, heading: str) -> tuple[Column, Column]:
    return Column(name, heading, "money"), Column(f"{name}-interval", INTERVAL.heading, INTERVAL.unit)


def _cells(row: Row) -> tuple[Value, Value]:
    """Amount and interval; no amount without an interval, which one case would have."""
    limits = between(row)
    return (said(row, "value"), limits) if limits else (NotShown("see the remark"), "")


def _why_none(row: Row) -> str:
    """Why the row has no interval, and so no amount; nothing where it has one."""
    return row["low"].reason if isinstance(row["low"], NoNumber) else ""


def _formula(rows: list[Row]) -> str:
    """How the amounts come about, at each rate of the first set."""
    found = [str(row["formula"]) for row in rows if not isinstance(row["formula"], NoNumber)]
    return f"Dollars are minutes saved a case × dollars a minute: {'; '.join(found)}." if found else ""
