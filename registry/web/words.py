"""The findings in words: numbers before adjectives, the uncertainty in the same sentence, a loss said as plainly as a saving."""

from dataclasses import dataclass

from registry.reports.tables import NotShown
from registry.statistics.provenance import BOTH, REAL, SYNTHETIC, Provenance
from registry.statistics.reading import WITHOUT_PRINT
from registry.statistics.results import ALL_MONTHS, NoNumber, Row, Statistic, Suppressed
from registry.web.numbers import dollars, minutes, share

ALL = ""
DATA_WARNINGS = {SYNTHETIC: "Synthetic demonstration data:", BOTH: "Partly synthetic:"}


@dataclass(frozen=True)
class Headline:
    """One large number of a page: what it counts, and its interval where it is an estimate, and whose `data` it is made of."""

    label: str
    value: str
    interval: str = ""
    not_shown: bool = False
    data: str = ""


def overall(saved: Statistic) -> Row | None:
    """The line over all categories, by the clock with the most printed cases; None where there is no line."""
    lines = [row for row in saved.rows if row["category"] == ALL]
    return max(lines, key=lambda row: int(str(row["n"])), default=None)


def interval(row: Row) -> str:
    """The 95 % interval of a line in words, "15.0 to 33.2"; nothing where there is none."""
    low, high = row["low"], row["high"]
    if isinstance(low, NoNumber | str) or isinstance(high, NoNumber | str):
        return ""
    return f"{minutes(low)} to {minutes(high)}"


def finding(saved: Statistic | Suppressed) -> str:
    """The sentence on top: how many minutes less or more, how sure, from how much."""
    if isinstance(saved, Suppressed):
        return f"Minutes saved are not shown: {saved.reason}."
    row = overall(saved)
    if row is None:
        when = "yet" if saved.period == ALL_MONTHS else f"from {saved.period}"
        return f"No printed case has an OR time {when}, so nothing can be said about minutes saved."
    estimate = row["saved"]
    if isinstance(estimate, NoNumber | str):
        return f"Minutes saved cannot be stated: {estimate}."
    said = f"{_direction(float(estimate))}{_sure(row)}. {_rests_on(row)}"
    warning = DATA_WARNINGS.get(str(row["data"]))
    return f"{warning} {said[0].lower()}{said[1:]}" if warning else said


def _direction(estimate: float) -> str:
    shown = minutes(abs(estimate))
    if shown == "0.0":
        return "Operations with a print took as long as those without one: 0.0 minutes difference"
    return f"Operations with a print took {shown} minutes {'less' if estimate > 0 else 'more'} on average than those without one"


def _sure(row: Row) -> str:
    said, low, high = interval(row), row["low"], row["high"]
    if not said or isinstance(low, NoNumber | str) or isinstance(high, NoNumber | str):
        return ", with no interval"
    if low > 0 or high > 0 > low:
        return f" (95% interval {said}{'; no difference is possible too' if low < 0 else ''})"
    if high < 0:
        return f" (95% interval {minutes(-high)} to {minutes(-low)} more)"
    return f" (95% interval {said}; no difference is possible too)"


def _rests_on(row: Row) -> str:
    sites = int(str(row["sites"]))
    where = f"{sites:,} {'site' if sites == 1 else 'sites'}"
    cases = f"{row['n']:,} of {row['eligible']:,} printed cases with the procedure recorded"
    return f"This rests on {cases}, at {where}, compared within site, procedure and complexity."


def headlines(results: dict[str, Statistic | Suppressed]) -> list[Headline]:
    """The large numbers, in the order of a reader's questions: how many, how well known, how much, how dear."""
    return [
        _cases(results["cases-by-kind"]),
        _controls(results["or-minutes"]),
        _known(results["or-time-coverage"]),
        _saved(results["minutes-saved"]),
        _saved_in_all(results["minutes-saved"]),
        _value(results["dollars-saved"]),
    ]


def _hidden(label: str, reason: str) -> Headline:
    return Headline(label, str(NotShown(reason)), not_shown=True)


def _cases(result: Statistic | Suppressed) -> Headline:
    label = "cases of a model or guide"
    if isinstance(result, Suppressed):
        return _hidden(label, result.reason)
    return Headline(label, f"{result.n:,}", data=_kind(result.data))


def _controls(result: Statistic | Suppressed) -> Headline:
    label = "controls without a print"
    if isinstance(result, Suppressed):
        return _hidden(label, result.reason)
    # Each clock repeats how many procedures of the category were recorded.
    by_category = {row["category"]: row for row in result.rows if row["arm"] == WITHOUT_PRINT}
    every, synthetic = (
        sum(int(str(row[name])) for row in by_category.values()) for name in ("eligible", "eligible_synthetic")
    )
    return Headline(label, f"{every:,}", data=_split(every, synthetic, result.data))


def _split(every: int, synthetic: int, data: Provenance) -> str:
    """How many are synthetic and how many real, where both are; a real registry of sites without a note says nothing."""
    if not data.notes or not every:
        return ""
    if 0 < synthetic < every:
        return f"{synthetic:,} synthetic, {every - synthetic:,} real"
    return SYNTHETIC if synthetic else REAL


def _kind(data: Provenance) -> str:
    return data.kind if data.notes else ""


def _known(result: Statistic | Suppressed) -> Headline:
    label = "of cases with an observed OR time"
    if isinstance(result, Suppressed):
        return _hidden(label, result.reason)
    known = result.coverage.share if result.coverage else None
    return _hidden(label, "no case yet") if known is None else Headline(label, share(known), data=_kind(result.data))


def _saved(result: Statistic | Suppressed) -> Headline:
    label = "minutes saved a case"
    row = None if isinstance(result, Suppressed) else overall(result)
    if isinstance(result, Suppressed) or row is None:
        return _hidden(label, result.reason if isinstance(result, Suppressed) else "no printed case has an OR time")
    estimate = row["saved"]
    if isinstance(estimate, NoNumber | str):
        return _hidden(label, str(estimate))
    return Headline(label, minutes(estimate), _between(interval(row)), data=_warned(row))


def _saved_in_all(result: Statistic | Suppressed) -> Headline:
    """The sum over the cases behind the figure a case, with the same interval as many times over."""
    label = "minutes saved in all"
    row = None if isinstance(result, Suppressed) else overall(result)
    if isinstance(result, Suppressed) or row is None:
        return _hidden(label, result.reason if isinstance(result, Suppressed) else "no printed case has an OR time")
    total, low, high, n = row["total"], row["low"], row["high"], int(str(row["n"]))
    if isinstance(total, NoNumber | str):
        return _hidden(label, str(total))
    said = ""
    if not isinstance(low, NoNumber | str) and not isinstance(high, NoNumber | str):
        said = f"{minutes(float(low) * n)} to {minutes(float(high) * n)}"
    return Headline(f"{label}, over {n:,} cases", minutes(total), _between(said), data=_warned(row))


def _warned(row: Row) -> str:
    kind = str(row["data"])
    return kind if kind in DATA_WARNINGS else ""


def _between(said: str) -> str:
    return f"95% interval {said}" if said else "no interval"


def _value(result: Statistic | Suppressed) -> Headline:
    label = "a case at $62 an OR minute, before the cost of printing"
    if isinstance(result, Suppressed):
        return _hidden(label, result.reason)
    lines = [row for row in result.rows if row["category"] == ALL and row["rate"] == "mean"]
    row = max(lines, key=lambda row: int(str(row["n"])), default=None)
    if row is None:
        return _hidden(label, "no printed case has an OR time")
    amount, low, high = row["value"], row["low"], row["high"]
    if isinstance(amount, NoNumber | str):
        return _hidden(label, str(amount))
    sure = (
        ""
        if isinstance(low, NoNumber | str) or isinstance(high, NoNumber | str)
        else f"{dollars(low)} to {dollars(high)}"
    )
    return Headline(label, dollars(amount), _between(sure), data=_warned(row))
