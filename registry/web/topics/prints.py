"""The prints themselves: what became of them and what they took, by process and by material class."""

from registry.statistics.prints import EVERY, PROCESS
from registry.statistics.results import Row, Statistic
from registry.web.charts.frame import Figure
from registry.web.charts.parts import Bar, Part, parts
from registry.web.charts.spreads import Spread, spreads
from registry.web.numbers import minutes, share
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, number, with_figure

OUTCOMES = {"success": "Success", "reprint": "Printed again", "failed": "Failed"}
OUTCOME = ("n", *OUTCOMES, "success_share", "copies", "data")
STERILE = (
    "n",
    "sterilised",
    "not_sterilised",
    "sterilisation_unknown",
    "sterilisation_not_asked",
    "sterilisation_said",
    "data",
)
QUALITY = ("n", "qa_pass", "qa_rework", "qa_reject", "qa_not_done", "qa_unknown", "qa_not_asked", "qa_done", "data")
HOURS = ("group", "n", "mean", "q1", "median", "q3", "total", "data")
COST = ("group", "currency", "n", "mean", "sd", "total", "data")
MONTHS = ("grouping", "group", "n", "mean", "sd", "q1", "median", "q3", "same_month", "no_procedure", "data")


def outcomes(result: Result) -> Panel:
    """Success, reprint and failure by process or by material class, whichever the measure is of."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows, (result.columns[0].name, *OUTCOME), finding=_succeeded(result))
    return with_figure(result, table, outcomes_figure(result), total_first=True)


def outcomes_figure(result: Statistic) -> Figure | None:
    """A bar of shares for each process or material class with a print, those with the most prints first."""
    by = result.columns[0].name
    rows = sorted((row for row in result.rows if count(row)), key=lambda row: (row[by] != EVERY, -count(row)))
    bars = [
        Bar(f"{name}, {count(row):,} {'print' if count(row) == 1 else 'prints'}", tuple(_shares(name, row)))
        for row in rows
        for name in [label(result, row, by)]
    ]
    return parts(bars, names=list(OUTCOMES.values()), title="Share of prints", unit="share") if bars else None


def _shares(name: str, row: Row) -> list[Part]:
    return [
        Part(
            word,
            part,
            share(part),
            f"{name}, {word.lower()}: {share(part)}, {count(row, outcome):,} of {count(row):,} prints",
        )
        for outcome, word in OUTCOMES.items()
        if count(row, outcome)
        for part in [count(row, outcome) / count(row)]
    ]


def _succeeded(result: Statistic) -> str:
    every = next((row for row in result.rows if row[result.columns[0].name] == EVERY), None)
    if every is None or not count(every):
        return ""
    n = count(every)
    good, again, failed = (share(count(every, outcome) / n) for outcome in OUTCOMES)
    return (
        f"Of {n:,} {'print' if n == 1 else 'prints'} {good} succeeded, {again} were printed again and {failed} failed."
    )


def completeness(result: Result) -> list[Panel]:
    """Sterilisation and quality assurance: done, not done, and not said."""
    if not isinstance(result, Statistic):
        return []
    panels = []
    for key, title, names, what, said in (
        (
            "sterilisation",
            "Sterilisation of prints",
            STERILE,
            "sterilisation_said",
            "state whether they were sterilised",
        ),
        ("quality", "Quality assurance of prints", QUALITY, "qa_done", "had their quality assured"),
    ):
        table = chosen(result, result.rows, (result.columns[0].name, *names), finding=_share_of_all(result, what, said))
        panels.append(detail(result, table, key=key, title=title))
    return panels


def _share_of_all(result: Statistic, name: str, said: str) -> str:
    every = next((row for row in result.rows if row[result.columns[0].name] == EVERY), None)
    value = None if every is None else number(every, name)
    return "" if value is None or every is None else f"{share(value)} of {count(every):,} prints {said}."


def hours(result: Result) -> Panel:
    """Machine hours, with the quartiles by process."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows, HOURS, finding=_known(result))
    reading = "Dot: the median; line: from the lower to the upper quartile; the number is the median."
    return with_figure(result, table, hours_figure(result), reading=reading, total_first=True)


def hours_figure(result: Statistic) -> Figure | None:
    """A dot at the median and a line between the quartiles for each process that knows its hours."""
    rows = [
        Spread(name, q1, median, q3, _hours(name, q1, median, q3, count(row)))
        for row in result.rows
        if row["grouping"] == PROCESS
        and (q1 := number(row, "q1")) is not None
        and (median := number(row, "median")) is not None
        and (q3 := number(row, "q3")) is not None
        for name in [label(result, row, "group")]
    ]
    return spreads(rows, title="Machine hours a print") if rows else None


def _hours(name: str, q1: float, median: float, q3: float, n: int) -> str:
    return f"{name}: median {minutes(median)} hours, quartiles {minutes(q1)} and {minutes(q3)}, {n:,} prints"


def cost(result: Result) -> Panel:
    """Material cost, each currency by itself."""
    if not isinstance(result, Statistic):
        return hidden(result)
    return with_figure(result, chosen(result, result.rows, COST, finding=_known(result)), None, total_first=True)


def turnaround(result: Result) -> Panel:
    """Months from order to procedure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    finding = ""
    every = next((row for row in result.rows if row["group"] == EVERY), None)
    if every and (same := number(every, "same_month")) is not None:
        finding = f"{share(same)} of {count(every):,} cases had their procedure in the month of the order."
    return detail(result, chosen(result, result.rows, MONTHS, finding=finding))


def _known(result: Statistic) -> str:
    coverage = result.coverage
    return f"{coverage.covered:,} of {coverage.eligible:,} {coverage.of}." if coverage and coverage.eligible else ""
