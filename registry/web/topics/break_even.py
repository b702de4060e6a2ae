"""How many prints a year pay the fixed cost, and how many there are."""

from registry.statistics.results import NoNumber, Row, Scope, Statistic
from registry.web.charts.curves import Curve, Own, curves
from registry.web.charts.frame import Figure
from registry.web.numbers import minutes
from registry.web.panels import Panel, Result, count, hidden, number, with_figure
from registry.web.topics.rates import YEAR, at_rates, is_none, main_row, money_of, not_converted, per_minute, said, sure

REFERENCE = 63
"""Prints a year at $62, Ballard 2020."""
AT_EACH = (
    ("prints", "Prints a year"),
    ("fewest", "At the upper limit of the minutes"),
    ("most", "At the lower limit"),
    ("net_a_year", "Net a year, at the present pace"),
    ("year_interval", "95% interval"),
)
READING = (
    "Each line begins at the fixed cost of a year without a print and crosses the dashed line where prints have paid it; a line "
    "that falls never does. Hollow: the present pace."
)


def break_even(result: Result) -> Panel:
    """The numbers at each rate, with the figure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    row = main_row(result, "fixed")
    rows = [each for each in result.rows if number(each, "fixed") is not None] or result.rows
    finding = _finding(result, row) if row else ""
    return with_figure(result, at_rates(result, rows, AT_EACH, finding=finding), figure(result), reading=READING)


def figure(result: Statistic) -> Figure | None:
    """Net a year over prints a year, a line for each rate of the main row's set."""
    main = main_row(result, "fixed")
    rows = [row for row in result.rows if main and row["scenario"] == main["scenario"] and _gain(row) is not None]
    if main is None or not rows:
        return None
    lines = [
        Curve(f"{per_minute(row)}/min", -(number(row, "fixed") or 0.0), _gain(row) or 0.0, _in_words(row))
        for row in rows
    ]
    pace = _pace(main)
    up = f"Net a year, in {money_of(main)}"
    left = (_gain(main) or 0.0) * pace - (number(main, "fixed") or 0.0)
    text = f"{pace:,.0f} a year now: {said({**main, 'net_a_year': left}, 'net_a_year')}"
    own = Own(pace, left, text, f"{text} at {per_minute(main)} an OR minute")
    return curves(lines, across="Printed cases a year", up=up, most=_most(main, pace), own=own)


def _gain(row: Row) -> float | None:
    saving, variable = number(row, "saving"), number(row, "variable")
    return None if saving is None or variable is None or number(row, "fixed") is None else saving - variable


def _pace(row: Row) -> float:
    """Printed cases a year; those of the months that there are where these are too few for a year's pace."""
    pace = number(row, "a_year")
    return float(count(row, "volume")) if pace is None else pace


def _most(row: Row, pace: float) -> float:
    """Far enough for the present pace, the published number and, unless that is much farther, the number that pays."""
    near = max(1.4 * pace, 1.4 * REFERENCE)
    return max(near, min(1.25 * (number(row, "prints") or 0), 4 * near))


def _in_words(row: Row) -> str:
    prints = number(row, "prints")
    pays = (
        "no number of prints pays the fixed cost"
        if prints is None
        else f"{prints:,.0f} prints a year pay the fixed cost"
    )
    return f"At {per_minute(row)} an OR minute {pays}"


def _finding(result: Statistic, row: Row) -> str:
    if number(row, "fixed") is None or number(row, "saving") is None:
        why = row["prints"]
        return f"It cannot be stated how many prints pay: {why.reason if isinstance(why, NoNumber) else ''}."
    return " ".join(
        [
            _pays(result, row),
            _present(result, row),
            f"Ballard 2020 gives {REFERENCE} prints a year at $62, at one site.",
            not_converted(row),
        ]
    )


def _pays(result: Statistic, row: Row) -> str:
    fixed = said(row, "fixed")
    if number(row, "prints") is None:
        worth = f"{said(row, 'saving')} against {said(row, 'variable')} without equipment"
        return (
            f"None: at {per_minute(row)} an OR minute a print saves no more than it costs ({worth}), so no number of prints pays "
            f"the fixed cost of {fixed} a year."
        )
    fewest, most = (_number(row, name) for name in ("fewest", "most"))
    limits = f"{fewest} at the upper limit of the minutes, {most} at the lower one"
    paid = f"{fixed} of {count(row, 'sites'):,} sites together" if _several(result, row) else fixed
    each = _per_site(result, row, number(row, "prints") or 0)
    return f"{_in_words(row)} of {paid}{each} ({limits})."


def _several(result: Statistic, row: Row) -> bool:
    return result.scope == Scope.registry().label and count(row, "sites") > 1


def _per_site(result: Statistic, row: Row, prints: float) -> str:
    """The sum of several sites as a site's mean part of it, which alone can stand beside the number of one site."""
    return f", {minutes(prints / count(row, 'sites'))} a site on average" if _several(result, row) else ""


def _number(row: Row, name: str) -> str:
    value = row[name]
    if isinstance(value, NoNumber):
        return "none" if is_none(value) else "not known"
    return f"{value:,}"


def _present(result: Statistic, row: Row) -> str:
    """How many there were, and what a year at that pace leaves."""
    whose = "The site" if result.scope != Scope.registry().label else f"These {count(row, 'sites'):,} sites"
    volume = count(row, "volume")
    printed = f"{whose} printed {volume:,} cases in the {count(row, 'months')} months to the last print"
    printed += _per_site(result, row, volume)
    left = number(row, "net_a_year")
    if left is None:
        return f"{printed}."
    word = "gain" if left >= 0 else "loss"
    amount = said({**row, "net_a_year": abs(left)}, "net_a_year")
    pace = number(row, "a_year") or 0
    cases = "" if round(pace) == volume else f" ({pace:,.0f} cases)"
    return f"{printed}; a year at that pace{cases} is a net {word} of {amount}{sure(row, left, *YEAR)}{_counted(result, row)}."


def _counted(result: Statistic, row: Row) -> str:
    """Why the amount of several sites is not their prints times the net a case; at one site it is."""
    if not _several(result, row):
        return ""
    return (
        ": the fixed cost of a year is counted once, so it is not prints × net a case, in which each site's share of the equipment "
        "is weighted to the cases of all the period"
    )
