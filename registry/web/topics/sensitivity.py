"""Whether the saving hangs on how it was asked, on whom nobody reported, or on what nobody measured."""

from collections.abc import Callable, Sequence

from registry.statistics.asked_otherwise import HEADLINE
from registry.statistics.results import NoNumber, Row, Scope, Statistic
from registry.statistics.unreported_tables import EVERY, SITE, TIPPING
from registry.web.charts.frame import Figure
from registry.web.charts.intervals import Interval, intervals
from registry.web.charts.tipping import Supposed, tipping
from registry.web.numbers import minutes, share, written
from registry.web.panels import Panel, Result, chosen, count, hidden, label, number, with_figure

Write = Callable[[float], str]
BRIEF = ("asked", "saved", "low", "high", "change", "flag", "n", "n_without", "sites", "data", "remark")
READING = (
    "Dot: the estimate; line: its 95% interval; the first row is the headline. A way of asking without an interval stands in the "
    "table alone."
)
TIMES = ("by", "which", "n", "with_or_time", "share", "data")
SAVINGS = ("supposed", "k", "saved", "low", "high", "remark")
E_VALUE = ("saved", "low", "high", "sd", "ratio", "e_value", "e_limit", "n")
FURTHEST = -2.0
"""A tipping point beyond a loss twice as large as the saving is told in words, not drawn."""


def otherwise(result: Result) -> Panel:
    """Every way of asking, with the figure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows, BRIEF, finding=_steady(result, "ways of asking", minutes, " minutes"))
    return with_figure(result, table, figure(result), reading=READING, total_first=True)


def figure(result: Statistic) -> Figure | None:
    return _intervals(result, minutes, 1, "Minutes saved a case, with 95% interval")


def pooled_otherwise(result: Result) -> list[Panel]:
    """The average over sites by other methods; a site alone has none."""
    if isinstance(result, Statistic) and result.scope != Scope.registry().label:
        return []
    if not isinstance(result, Statistic):
        return [hidden(result)]
    table = chosen(result, result.rows, BRIEF, finding=_steady(result, "ways of pooling", share, ""))
    return [with_figure(result, table, pooled_figure(result), reading=READING, total_first=True)]


def pooled_figure(result: Statistic) -> Figure | None:
    return _intervals(result, share, 100, "Per cent saved, with 95% interval")


def _intervals(result: Statistic, write: Write, scale: float, title: str) -> Figure | None:
    rows = [
        Interval(
            name, saved * scale, low * scale, high * scale, f"{name}: {write(saved)}, {write(low)} to {write(high)}"
        )
        for row in result.rows
        if (saved := number(row, "saved")) is not None
        and (low := number(row, "low")) is not None
        and (high := number(row, "high")) is not None
        for name in [label(result, row, "asked")]
    ]
    return intervals(rows, title=title) if rows else None


def _steady(result: Statistic, ways: str, write: Write, unit: str) -> str:
    """What the headline is, between which numbers the others lie, and which of them change what it says."""
    whole = next((row for row in result.rows if row["asked"] == HEADLINE), None)
    if whole is None:
        return ""
    estimate = number(whole, "saved")
    if estimate is None:
        return f"There is no headline to ask otherwise: {whole['saved']}."
    low, high = number(whole, "low"), number(whole, "high")
    sure = "no interval" if low is None or high is None else f"95% interval {write(low)} to {write(high)}"
    headline = f"The headline is {write(estimate)}{unit} ({sure})"
    others = [row for row in result.rows if row["asked"] != HEADLINE]
    known = [value for row in others if (value := number(row, "saved")) is not None]
    if not known:
        return f"{headline}; no other way of asking has an answer."
    said = (
        f"{headline}. {len(known)} of {len(others)} other {ways} have an answer, from "
        f"{write(min(known))} to {write(max(known))}{unit}. "
    )
    changing = [label(result, row, "asked") for row in others if row["flag"]]
    if not changing:
        return f"{said}None of them puts the interval on another side of zero or moves the estimate by more than 25%."
    names = "; ".join(f"{name[:1].lower()}{name[1:]}" for name in changing)
    return f"{said}{len(changing)} of them {'changes' if len(changing) == 1 else 'change'} what it says: {names}."


def unmeasured(result: Result) -> Panel:
    """The E-value, and what it means in minutes."""
    if not isinstance(result, Statistic):
        return hidden(result)
    finding = " ".join(_e_said(row) for row in result.rows)
    return with_figure(result, chosen(result, result.rows, E_VALUE, finding=finding), None)


def _e_said(row: Row) -> str:
    e, limit = number(row, "e_value"), number(row, "e_limit")
    if e is None or limit is None:
        return f"{row['said']} There is no E-value: {row['e_limit'] if e is not None else row['e_value']}."
    return (
        f"{row['said']} Or something that goes with printing and with long operations, each by a risk ratio of "
        f"{written(limit, 'number')} or more; of {written(e, 'number')} to remove the estimate itself."
    )


def times_known(result: Result) -> Panel:
    """Of how many printed cases the time is known, by site, kind and year."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows, TIMES, finding=_known(result.rows))
    return with_figure(result, table, None, total_first=True)


def _known(rows: Sequence[Row]) -> str:
    every = next((row for row in rows if row["by"] == EVERY), None)
    if every is None:
        return ""
    timed, n = count(every, "with_or_time"), count(every)
    said = f"{timed:,} of {n:,} printed cases have an OR time ({share(number(every, 'share') or 0)})"
    by_site = [(number(row, "share") or 0.0, row["which"]) for row in rows if row["by"] == SITE]
    if len(by_site) > 1:
        (low, least), (high, most) = min(by_site), max(by_site)
        said += f", from {share(low)} at {least} to {share(high)} at {most}"
    return f"{said}. Who reports may differ from who does not."


def others_saved(result: Result) -> Panel:
    """The average over all printed cases, for what is supposed of those whose time is not known."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows, SAVINGS, finding=_tipping_said(result.rows))
    return with_figure(result, table, savings_figure(result), reading=_drawn(result.rows))


def savings_figure(result: Statistic) -> Figure | None:
    points = [
        Supposed(k, saved, low, high, _point_said(k, saved, low, high), tipping=row["supposed"] == TIPPING)
        for row in result.rows
        if (k := number(row, "k")) is not None and k >= FURTHEST and (saved := number(row, "saved")) is not None
        for low, high in [(number(row, "low"), number(row, "high"))]
    ]
    across, up = "What the others saved (k × the headline)", "Minutes saved a case, over all printed cases"
    return tipping(points, across=across, up=up) if points else None


def _point_said(k: float, saved: float, low: float | None, high: float | None) -> str:
    said = f"Others saved {written(k, 'number')} times as much: {minutes(saved)} minutes"
    return said if low is None or high is None else f"{said}, {minutes(low)} to {minutes(high)}"


def _drawn(rows: Sequence[Row]) -> str:
    said = "Line: the average over all printed cases; bar at k = 1: the 95% interval of the headline."
    far = [k for row in rows if row["supposed"] == TIPPING and (k := number(row, "k")) is not None]
    if not far:
        return said
    return (
        f"{said} Hollow: the tipping point."
        if far[0] >= FURTHEST
        else f"{said} The tipping point lies far left of what is drawn."
    )


def _tipping_said(rows: Sequence[Row]) -> str:
    """What the average would be had the others saved nothing, and what they must have lost, to the minute, for it to tip."""
    none = next((row for row in rows if number(row, "k") == 0), None)
    whole = next((row for row in rows if number(row, "k") == 1), None)
    last = next((row for row in rows if row["supposed"] == TIPPING), None)
    if none is None or whole is None or last is None:
        return ""
    mean, nothing, k = number(whole, "saved") or 0.0, number(none, "saved") or 0.0, number(last, "k")
    others = count(none, "eligible") - count(none)
    said = (
        f"{count(none):,} of {count(none, 'eligible'):,} printed cases are in the headline. Had the other {others:,} saved nothing, the "
        f"average over all would be {minutes(nothing)} minutes instead of {minutes(mean)}. "
    )
    if k is None:
        reason = last["k"].reason if isinstance(last["k"], NoNumber) else ""
        return f"{said}There is no tipping point: {reason}."
    lost = f"{'lost' if mean > 0 else 'saved'} {minutes(abs(k * mean))} minutes each"
    return (
        f"{said}Had they {lost} exactly, without any error, the interval would touch zero (k = {written(k, 'number')})."
    )
