"""A print net of what it costs: part by part at one rate, and as a whole at each."""

from dataclasses import replace

from registry.reports.tables import Column, Table
from registry.statistics.print_costs import PARTS
from registry.statistics.results import NoNumber, Row, Statistic
from registry.web.charts.frame import Figure
from registry.web.charts.waterfall import Rest, Step, waterfall
from registry.web.numbers import minutes
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, number, with_figure
from registry.web.topics.rates import at_rates, between, main_row, money_of, not_converted, per_minute, said, sure

SAVING, NET = "OR minutes saved", "Net a case"
LABELS = {
    "clinician": "Clinicians' time",
    "non_clinician": "Non-clinicians' time",
    "material": "Material",
    "outsourced": "Printing outside",
    "equipment": "Equipment",
}
READING = (
    "First what the minutes are worth, then what the print costs, part by part, last what is left: hollow if it is a loss. "
    "The line beneath it: its 95% interval, from the minutes alone."
)
AT_EACH = (
    ("saving", "Saving"),
    ("cost", "Cost"),
    ("net", "Net a case"),
    ("interval", "95% interval"),
    ("direct", "Net, direct cost only"),
    ("per_order", "Net an order"),
    ("per_order_none", "Net an order, if the rest is cancelled"),
)


def net(result: Result) -> Panel:
    """What one print leaves, with the figure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    row = main_row(result, "net")
    table = chosen(result, result.rows[:1], ("data",), finding=_finding(row) if row else "")
    return with_figure(result, _in_parts(table, row) if row else table, figure(result), reading=READING)


def at_each_rate(result: Result) -> list[Panel]:
    """Saving, cost and net at every rate, full and direct cost side by side."""
    if not isinstance(result, Statistic) or not result.rows:
        return []
    rows = [row for row in result.rows if number(row, "net") is not None] or list(result.rows)
    table = at_rates(result, rows, AT_EACH, finding=_orders(main_row(result, "net") or rows[0]))
    return [detail(result, table, key="value-at-each-rate", title="Net value of a print at each rate")]


def figure(result: Statistic) -> Figure | None:
    """The waterfall at the main rate; none while something is not known."""
    row = main_row(result, "net")
    if row is None or number(row, "net") is None:
        return None
    first = Step(SAVING, number(row, "saving") or 0.0, said(row, "saving"), f"{SAVING}: {said(row, 'saving')}")
    taken = [
        Step(LABELS[name], -amount, said(less, name), f"{LABELS[name]}: {said(less, name)}")
        for name in PARTS
        if (amount := number(row, name)) is not None
        for less in [{**row, name: -amount}]
    ]
    interval = between(row)
    words = f"{NET}: {said(row, 'net')}{f', 95% interval {interval}' if interval else ''}"
    rest = Rest(NET, said(row, "net"), words, number(row, "low"), number(row, "high"))
    return waterfall([first, *taken], rest, title=f"A case, in {money_of(row)} at {per_minute(row)} an OR minute")


def _in_parts(table: Table, row: Row) -> Table:
    """The steps of the figure as lines."""
    lines = [(SAVING, _amount(row, "saving")), *((LABELS[name], _amount(row, name, less=True)) for name in PARTS)]
    lines += [(NET, _amount(row, "net"))]
    if interval := between(row):
        lines.append(("95% interval of the net", interval))
    columns = (Column("part", "Part"), Column("amount", f"A case, {money_of(row)}", "money"))
    return replace(table, columns=columns, rows=tuple(lines))


def _amount(row: Row, name: str, *, less: bool = False) -> str:
    amount = number(row, name)
    if amount is None:
        return "not known"
    return said({**row, name: -amount}, name) if less else said(row, name)


def _finding(row: Row) -> str:
    """Gain or loss in a sentence, how sure, and what a minute saved costs; or what is missing to say it."""
    amount = number(row, "net")
    if amount is None:
        return _missing(row)
    rate = f"At {per_minute(row)} an OR minute ({money_of(row)})"
    gain = f"a net {'gain' if amount >= 0 else 'loss'} of {said({**row, 'net': abs(amount)}, 'net')} a case"
    first = f"{rate} a print saves {said(row, 'saving')} and costs {said(row, 'cost')}: {gain}{sure(row, amount)}."
    return " ".join(part for part in (first, not_converted(row), _of_a_minute(row), _without(row)) if part)


def _missing(row: Row) -> str:
    why = row["net"]
    reason = why.reason if isinstance(why, NoNumber) else ""
    known = (
        f" The minutes alone are worth {said(row, 'saving')} a case at {per_minute(row)}."
        if number(row, "saving")
        else ""
    )
    return f"The net value of a print cannot be stated: {reason}.{known}"


def _of_a_minute(row: Row) -> str:
    found = row["minute_cost"]
    if isinstance(found, NoNumber):
        is_what = found.reason if found.reason.startswith("not estimable") else f"not a number: {found.reason}"
        return f"The cost of a minute saved is {is_what}."
    low, high = said(row, "minute_low"), said(row, "minute_high")
    return f"A minute saved costs {said(row, 'minute_cost')} (95% interval {low} to {high})."


def _without(row: Row) -> str:
    why = row["equipment"]
    return f"This is {why.reason}." if isinstance(why, NoNumber) else ""


def _orders(row: Row) -> str:
    """From how many orders an order's net comes."""
    saved = number(row, "minutes")
    rests = f"{minutes(saved)} minutes saved a case, over {count(row):,} printed cases. " if saved is not None else ""
    orders = (
        f"{count(row, 'operated'):,} of {count(row, 'ordered'):,} printed orders that are settled came to an operation"
    )
    rest = count(row, "ordered") - count(row, "operated")
    settled = f"{rests}{orders}{': the others cost and save nothing' if rest else ''}."
    return " ".join(part for part in (settled, _waiting(row)) if part)


def _waiting(row: Row) -> str:
    """How many orders are not settled, and what an order would leave if none of them came to anything."""
    waiting = count(row, "waiting")
    if not waiting:
        return ""
    left = f": if none comes to an operation, an order leaves {said(row, 'per_order_none')} at {per_minute(row)}"
    known = number(row, "per_order_none") is not None
    return f"{waiting:,} more {'is' if waiting == 1 else 'are'} not settled{left if known else ''}."
