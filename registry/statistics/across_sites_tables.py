"""The tables of what sites save on average: minutes by procedure, per cent over all."""

from collections.abc import Callable
from math import sqrt

from registry.statistics.across_sites import Across, across, in_logs, in_minutes, share_saved
from registry.statistics.compared import NO_COMPARATOR
from registry.statistics.confounding import NEW_SITE, circumstances, in_a_new_site, sentences
from registry.statistics.counts import CATEGORY, CATEGORY_WORDS, CLOCK, DATA, share
from registry.statistics.ladder import Part
from registry.statistics.reading import WITH_PRINT, Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Unit, Value
from registry.statistics.savings import ALL
from registry.statistics.savings_tables import CAVEATS, COMPARATOR


def _columns(unit: Unit, within: Unit, of: str) -> tuple[Column, ...]:
    """Estimates are in `unit`; what is not turned back from the scale of the pooling is in `within`, and its heading says `of` what."""
    return (
        Column("category", CATEGORY.heading, words={ALL: "All categories", **CATEGORY_WORDS}),
        CLOCK,
        COMPARATOR,
        Column("sites", "Sites", "count"),
        Column("n", "Printed cases", "count"),
        Column("n_without", "Comparator cases", "count"),
        Column("eligible", "Printed cases with the procedure recorded", "count"),
        Column("coverage", "Covered", "share"),
        Column("saved", "Saved on average", unit),
        Column("se", f"Standard error{of}", within),
        Column("df", "Degrees of freedom", "count"),
        Column("low", "95% from", unit),
        Column("high", "95% to", unit),
        Column("new_low", "New site, 95% from", unit),
        Column("new_high", "New site, 95% to", unit),
        Column("tau", f"SD between sites (tau{of})", within),
        Column("tau_low", "tau, 95% from", within),
        Column("tau_high", "tau, 95% to", within),
        Column("tau2", f"tau²{of}", "number"),
        Column("tau2_low", "tau², 95% from", "number"),
        Column("tau2_high", "tau², 95% to", "number"),
        Column("q", "Cochran's Q", "number"),
        Column("i2", "I²", "share"),
        Column("drop_low", "Without one site, lowest", unit),
        Column("drop_high", "Without one site, highest", unit),
        Column("method", "Combined by"),
        Column("weights", "Weight of each site"),
        DATA,
        Column("remark", "Remark"),
    )


MINUTES_COLUMNS = _columns("saved", "minutes", "")
SHARE_COLUMNS = _columns("share_saved", "number", ", of logarithms")


def _row(reading: Reading, line: Across, number: Callable[[float], float]) -> Row:
    pooled, why = line.pooled, NoNumber(line.pooled.reason or line.rung.sentence)

    def told(part: Part, value: float | None) -> Value:
        """The value where so many sites allow it, else why there is none."""
        if not line.may_say(part):
            return NoNumber(line.rung.sentence)
        return why if value is None else number(value)

    drop, eligible = line.without_one, _eligible(reading, line)
    flagged = "The result hangs on a single site." if drop is not None and drop.flagged else ""
    return {
        "category": line.category,
        "clock": line.clock,
        "comparator": "+".join(sorted(line.comparators)) or NO_COMPARATOR,
        "sites": len(line.sites),
        "n": line.n_with,
        "n_without": line.n_without,
        "eligible": eligible,
        "coverage": share(line.n_with, eligible),
        "saved": told(Part.ESTIMATE, pooled.estimate),
        "low": told(Part.INTERVAL, pooled.low),
        "high": told(Part.INTERVAL, pooled.high),
        "new_low": told(Part.PREDICTION, pooled.prediction_low),
        "new_high": told(Part.PREDICTION, pooled.prediction_high),
        "drop_low": told(Part.LEAVE_ONE_OUT, drop.low if drop else None),
        "drop_high": told(Part.LEAVE_ONE_OUT, drop.high if drop else None),
        "data": reading.data_of(line.sites).kind,
        "remark": " ".join(filter(None, (line.rung.sentence, flagged))),
        **_how(reading, line),
        **_spread(line),
    }


def _how(reading: Reading, line: Across) -> dict[str, Value]:
    """How the sites were combined, so that the estimate can be made again from theirs: Σ weight × estimate."""
    pooled = line.pooled
    if not line.may_say(Part.ESTIMATE) or pooled.estimate is None:
        return dict.fromkeys(("se", "df", "method", "weights"), NoNumber(line.rung.sentence))
    weights = (
        f"{reading.sites[site].code} {weight:.4f}" for site, weight in zip(line.sites, pooled.shares, strict=True)
    )
    return {
        "se": _known(pooled.se, pooled.reason),
        "df": _known(pooled.df, pooled.reason),
        "method": f"{pooled.method} + {pooled.interval}",
        "weights": ", ".join(weights),
    }


def _known(value: float | None, reason: str) -> Value:
    return NoNumber(reason or "not estimable") if value is None else value


def _spread(line: Across) -> dict[str, Value]:
    """Heterogeneity as it is, in the unit of the pooling: tau first, for I² is not an amount of it."""
    found, why = line.spread, NoNumber(line.rung.sentence)

    def told(part: Part, value: float | None) -> Value:
        return why if not line.may_say(part) or found is None else _known(value, found.reason)

    tau2, low, high = (line.pooled.tau2, found.tau2_low, found.tau2_high) if found else (None, None, None)
    squares = {"tau2": tau2, "tau2_low": low, "tau2_high": high}
    return {
        **{
            name.replace("2", ""): told(Part.TAU, None if value is None else sqrt(value))
            for name, value in squares.items()
        },
        **{name: told(Part.TAU, value) for name, value in squares.items()},
        "q": told(Part.TAU, found.q if found else None),
        "i2": told(Part.I2, None if found is None or found.i2 is None else found.i2 / 100),
    }


def _eligible(reading: Reading, line: Across) -> int:
    """Printed cases with the procedure recorded: of the category, or of all."""
    recorded = reading.procedures.items()
    return sum(n for (_, category, arm), n in recorded if arm == WITH_PRINT and line.category in {ALL, category})


def minutes_saved_across_sites(reading: Reading) -> Result:
    """Per category and clock, in minutes."""
    found = across(reading, in_minutes, over_all=False)
    return of_lines(reading, found, _rows(reading, found, float, MINUTES_COLUMNS), (*CAVEATS, NEW_SITE))


def share_saved_across_sites(reading: Reading) -> Result:
    """Per clock over all categories, and per category, as a share of the minutes without a print."""
    found = across(reading, in_logs, over_all=True)
    rows = _rows(reading, found, share_saved, SHARE_COLUMNS)
    return of_lines(reading, found, rows, (*CAVEATS, _new_site(rows)))


def _new_site(rows: list[Row]) -> str:
    """Of the first line over all categories that has one."""
    for row in rows:
        low, high = row["new_low"], row["new_high"]
        if row["category"] == ALL and isinstance(low, float) and isinstance(high, float):
            return in_a_new_site(f"{low:.1%}", f"{high:.1%}")
    return NEW_SITE


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
    coverage = Coverage(n, eligible, "printed cases with the procedure recorded are of sites that can be combined")
    sites = len({site for line in lines for site in line.sites})
    comparators = frozenset[str]().union(*(line.comparators for line in found))
    beside = circumstances(
        reading,
        comparators=comparators,
        coverage=coverage,
        sites=sites,
        clocks=_clocks(found),
        intervals=sum(line.may_say(Part.INTERVAL) for line in found),
    )
    return Result(
        rows=tuple(rows),
        n=n,
        sites=sites,
        data=reading.data_of(site for line in found for site in line.sites),
        coverage=coverage,
        clocks=_clocks(found),
        comparators=tuple(sorted(comparators)),
        caveats=(*sentences(beside), *caveats),
    )


def _clocks(found: list[Across]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.clock for line in found))
