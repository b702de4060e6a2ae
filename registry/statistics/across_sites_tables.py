"""The tables of what sites save on average: minutes by procedure, per cent over all."""

from collections.abc import Callable

from registry.statistics.across_sites import Across, across, in_logs, in_minutes, share_saved, tau
from registry.statistics.counts import CATEGORY, CATEGORY_WORDS, CLOCK, DATA
from registry.statistics.ladder import Part
from registry.statistics.reading import WITH_PRINT, Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Unit, Value
from registry.statistics.savings import ALL
from registry.statistics.savings_tables import CAVEATS

NEW_SITE = "In a new, similar site the average saving would lie between the two ends of the prediction interval."


def _columns(unit: Unit, spread: tuple[Column, ...]) -> tuple[Column, ...]:
    return (
        Column("category", CATEGORY.heading, words={ALL: "All categories", **CATEGORY_WORDS}),
        CLOCK,
        Column("sites", "Sites", "count"),
        Column("n", "Printed cases", "count"),
        Column("n_without", "Comparator cases", "count"),
        Column("saved", "Saved on average", unit),
        Column("low", "95% from", unit),
        Column("high", "95% to", unit),
        Column("new_low", "New site, 95% from", unit),
        Column("new_high", "New site, 95% to", unit),
        *spread,
        Column("i2", "I²", "share"),
        Column("drop_low", "Without one site, lowest", unit),
        Column("drop_high", "Without one site, highest", unit),
        DATA,
        Column("remark", "Remark"),
    )


MINUTES_COLUMNS = _columns(
    "saved",
    (
        Column("tau", "SD between sites (tau)", "minutes"),
        Column("tau_low", "tau, 95% from", "minutes"),
        Column("tau_high", "tau, 95% to", "minutes"),
    ),
)
SHARE_COLUMNS = _columns("share_saved", (Column("tau", "SD between sites (tau, of logarithms)", "number"),))


def _row(reading: Reading, line: Across, number: Callable[[float], float]) -> Row:
    pooled, why = line.pooled, NoNumber(line.pooled.reason or line.rung.sentence)

    def told(part: Part, value: float | None) -> Value:
        """The value where so many sites allow it, else why there is none."""
        if not line.may_say(part):
            return NoNumber(line.rung.sentence)
        return why if value is None else number(value)

    drop = line.without_one
    flagged = "the result hangs on a single site" if drop is not None and drop.flagged else ""
    return {
        "category": line.category,
        "clock": line.clock,
        "sites": len(line.sites),
        "n": line.n_with,
        "n_without": line.n_without,
        "saved": told(Part.ESTIMATE, pooled.estimate),
        "low": told(Part.INTERVAL, pooled.low),
        "high": told(Part.INTERVAL, pooled.high),
        "new_low": told(Part.PREDICTION, pooled.prediction_low),
        "new_high": told(Part.PREDICTION, pooled.prediction_high),
        "drop_low": told(Part.LEAVE_ONE_OUT, drop.low if drop else None),
        "drop_high": told(Part.LEAVE_ONE_OUT, drop.high if drop else None),
        "data": reading.data_of(line.sites).kind,
        "remark": " ".join(
            part for part in (line.rung.sentence, flagged and f"{flagged[:1].upper()}{flagged[1:]}.") if part
        ),
        **_spread(line),
    }


def _spread(line: Across) -> dict[str, Value]:
    """Heterogeneity as it is, in the unit of the effects: tau first, for I² is not an amount of it."""
    found, why = line.spread, NoNumber(line.rung.sentence)

    def told(part: Part, value: float | None) -> Value:
        if not line.may_say(part) or found is None:
            return why
        return NoNumber(found.reason or "not estimable") if value is None else value

    low, high = (
        None if square is None else square**0.5
        for square in ((found.tau2_low, found.tau2_high) if found is not None else (None, None))
    )
    return {
        "tau": told(Part.TAU, tau(line.pooled)),
        "tau_low": told(Part.TAU, low),
        "tau_high": told(Part.TAU, high),
        "i2": told(Part.I2, None if found is None or found.i2 is None else found.i2 / 100),
    }


def minutes_saved_across_sites(reading: Reading) -> Result:
    """Per category and clock, in minutes."""
    found = across(reading, in_minutes, over_all=False)
    return of_lines(reading, found, _rows(reading, found, float, MINUTES_COLUMNS), (*CAVEATS, NEW_SITE))


def share_saved_across_sites(reading: Reading) -> Result:
    """Per clock over all categories, and per category, as a share of the minutes without a print."""
    found = across(reading, in_logs, over_all=True)
    return of_lines(reading, found, _rows(reading, found, share_saved, SHARE_COLUMNS), (*CAVEATS, NEW_SITE))


def _rows(
    reading: Reading, found: list[Across], number: Callable[[float], float], columns: tuple[Column, ...]
) -> list[Row]:
    rows = [_row(reading, line, number) for line in found]
    return [{column.name: row[column.name] for column in columns} for row in rows]


def of_lines(reading: Reading, found: list[Across], rows: list[Row], caveats: tuple[str, ...]) -> Result:
    """n, sites and coverage are those of the clock with the most printed cases; each category has its line in `found`."""
    n_by_clock = {
        clock: sum(line.n_with for line in found if line.clock == clock and line.category) for clock in _clocks(found)
    }
    main = max(n_by_clock, key=lambda clock: n_by_clock[clock], default="")
    lines = [line for line in found if line.clock == main and line.category]
    categories = {line.category for line in lines}
    eligible = sum(
        n for (_, category, arm), n in reading.procedures.items() if arm == WITH_PRINT and category in categories
    )
    n = n_by_clock.get(main, 0)
    return Result(
        rows=tuple(rows),
        n=n,
        sites=len({site for line in lines for site in line.sites}),
        data=reading.data_of(site for line in found for site in line.sites),
        coverage=Coverage(n, eligible, "printed cases with the procedure recorded are of sites that can be combined"),
        clocks=_clocks(found),
        comparators=tuple(sorted(frozenset[str]().union(*(line.comparators for line in found)))),
        caveats=caveats,
    )


def _clocks(found: list[Across]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.clock for line in found))
