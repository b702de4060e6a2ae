"""What stands out of a run chart, in words: the signals of one series, oldest month first."""

from collections.abc import Sequence
from itertools import groupby

from registry.statistics.control_charts import IN_A_ROW
from registry.statistics.results import NoNumber, Row
from registry.statistics.run_charts import ABOVE, BELOW, NONE, ROW_ABOVE, ROW_BELOW

MOST_NAMED = 4
"""Months beyond a limit that a sentence names; the figure and the table mark all."""
QUIET = "No month stands out from chance."


def signals(row: Row) -> set[str]:
    """Those of the point itself; none in a plain run chart."""
    return set() if isinstance(row["signal"], NoNumber) else set(str(row["signal"]).split("+")) - {NONE}


def marks(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The mark and the words of each point; a row of eight and more is named at its first signal."""
    marked, before = [], set[str]()
    for row in rows:
        found = signals(row)
        beyond = found & {ABOVE, BELOW}
        in_a_row = found & {ROW_ABOVE, ROW_BELOW}
        mark = next(iter(beyond), "row" if in_a_row else "")
        named = [str(row["month"])] * bool(beyond) + [f"{IN_A_ROW} in a row" for _ in in_a_row - before]
        marked.append((mark, ", ".join(named)))
        before = in_a_row
    return marked


def said(rows: Sequence[Row]) -> str:
    """What stands out of one series, in words: months beyond a limit, months in a row, drifts; or that nothing does."""
    if not rows:
        return ""
    if rows[0]["why"]:
        return f"A plain run chart: {rows[0]['why']}."
    found = [
        sentence
        for sentence in (
            _beyond(rows, ABOVE, "above the upper limit"),
            _beyond(rows, BELOW, "below the lower limit"),
            _in_a_row(rows, ROW_ABOVE, "above"),
            _in_a_row(rows, ROW_BELOW, "below"),
            _drift(rows),
        )
        if sentence
    ]
    text = "; ".join(found)
    return f"{text[0].upper()}{text[1:]}: look for a reason." if found else QUIET


def _beyond(rows: Sequence[Row], signal: str, where: str) -> str:
    months = [str(row["month"]) for row in rows if signal in signals(row)]
    return f"{_listed(months)} {'lies' if len(months) == 1 else 'lie'} {where}" if months else ""


def _in_a_row(rows: Sequence[Row], signal: str, side: str) -> str:
    """How many months in a row lay on one side in the end, for each such row."""
    stretches = []
    places = [place for place, row in enumerate(rows) if signal in signals(row)]
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        ends = [place for _, place in group]
        length = ends[-1] - ends[0] + IN_A_ROW
        stretches.append(f"{length} in a row up to {rows[ends[-1]]['month']} lie {side} the centre")
    return "; ".join(stretches)


def _drift(rows: Sequence[Row]) -> str:
    """The first month in which a chart of slow changes signals, and which way."""
    for name, chart in (("ewma_signal", "the moving average (EWMA)"), ("cusum_signal", "the cumulative sum (CUSUM)")):
        for row in rows:
            if row[name] in {ABOVE, BELOW}:
                return f"{chart} shows a drift {'upwards' if row[name] == ABOVE else 'downwards'} in {row['month']}"
    return ""


def _listed(months: Sequence[str]) -> str:
    if len(months) > MOST_NAMED:
        return f"{', '.join(months[:MOST_NAMED])} and {len(months) - MOST_NAMED} more"
    *rest, last = months
    return f"{', '.join(rest)} and {last}" if rest else last
