"""The tables of one site beside the others: its own cases in full, the others as a few coarse figures and nothing of any one of them."""

from collections.abc import Iterable
from dataclasses import replace

from registry.statistics.across_sites import Across
from registry.statistics.across_sites_tables import of_lines
from registry.statistics.benchmarks import MINUTES, SHARES, Scale, detectable, effective_size, lines
from registry.statistics.benchmarks_tables import (
    CHANCE,
    LINE,
    LOOK,
    limit_cells,
    limits_columns,
    own_cells,
    quarter_cells,
    quarter_columns,
    se_column,
    shrunken_cells,
    shrunken_columns,
)
from registry.statistics.beside import Others, others_of, standing
from registry.statistics.counts import DATA
from registry.statistics.ladder import Part
from registry.statistics.provenance import Provenance
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Row, Unit
from registry.statistics.savings_tables import CAVEATS
from registry.statistics.strata import SiteEstimate

COARSE = (
    "The figures of the other sites are rounded: minutes to 5, shares to 2.5%, SDs to one digit. What is said of this site's "
    "place is computed from the rounded figures, and its quarter is left open where the rounding of their mean could change it."
)
OWN_CUT_OFF = "The cut-off is that of this site's own cases; the other sites are as of their last refresh."


def _columns(unit: Unit) -> tuple[Column, ...]:
    return (
        *LINE,
        Column("n", "Printed cases", "count"),
        Column("n_without", "Comparator cases", "count"),
        Column("saved", "This site", unit),
        Column("low", "This site, 95% from", unit),
        Column("high", "This site, 95% to", unit),
        se_column(unit),
        Column("effective_n", "Effective n", "number"),
        Column("detectable", "Detectable difference", "minutes" if unit == "saved" else "share"),
        Column("others", "Other sites", "count"),
        Column("target", "Mean of the others", unit),
        Column("others_low", "Others, 95% from", unit),
        Column("others_high", "Others, 95% to", unit),
        Column("new_low", "New site, 95% from", unit),
        Column("new_high", "New site, 95% to", unit),
        *limits_columns(unit),
        *shrunken_columns(unit),
        *quarter_columns(),
        DATA,
        Column("remark", "Remark"),
    )


MINUTES_COLUMNS, SHARE_COLUMNS = _columns("saved"), _columns("share_saved")


def beside_other_sites(reading: Reading) -> Result:
    """Per category and clock, in minutes."""
    return _result(reading, MINUTES)


def beside_other_sites_share(reading: Reading) -> Result:
    """Per clock over all categories, as a share of the minutes without a print."""
    return _result(reading, SHARES)


def _result(reading: Reading, scale: Scale) -> Result:
    """Of the lines in which the site has an estimate; n, coverage and comparators are its own."""
    own = lines(reading, scale)
    theirs = {(line.category, line.clock): line for line in lines(reading.others, scale)}
    found = [
        (line, others_of(theirs.get((line.category, line.clock)), scale))
        for line in own
        if scale.is_for(line) and line.estimates
    ]
    rows = [_row(reading, line, others, scale) for line, others in found]
    result = of_lines(reading, own, rows, (*CAVEATS, COARSE, LOOK, CHANCE, OWN_CUT_OFF))
    return replace(result, data=_data(reading, (others for _, others in found)))


def _row(reading: Reading, line: Across, others: Others, scale: Scale) -> Row:
    (own,) = line.estimates
    least = detectable(line.strata, scale)
    row: Row = {
        "category": line.category,
        "clock": line.clock,
        **own_cells(scale.own_of(own), scale),
        "se": scale.effect_of(own)[1] ** 0.5,
        "effective_n": effective_size(line.strata),
        "detectable": NoNumber("no spread in either arm") if least is None else scale.shown(least),
        **_others_cells(others, scale),
        **_standing_cells(own, others, scale),
        "data": _data(reading, [others]).kind,
        "remark": others.reason or ("" if others.may_say(Part.FUNNEL) else others.rung.sentence),
    }
    return {column.name: row[column.name] for column in MINUTES_COLUMNS}


def _others_cells(others: Others, scale: Scale) -> Row:
    ends = {
        "target": others.mean,
        "others_low": others.low,
        "others_high": others.high,
        "new_low": others.new_low,
        "new_high": others.new_high,
    }
    if others.reason:
        return dict.fromkeys(("others", *ends), NoNumber(others.reason))
    return {"others": len(others.sites), **{name: scale.shown(end) for name, end in ends.items()}}


def _standing_cells(own: SiteEstimate, others: Others, scale: Scale) -> Row:
    why = NoNumber(others.reason or others.rung.sentence)
    if others.reason:
        return {
            **limit_cells((), None, why, scale),
            **shrunken_cells(None, why, scale),
            "reliability": why,
            **quarter_cells(None, None, why),
        }
    found = standing(own, others, scale)
    return {
        **limit_cells(found.limits, found.outside, why, scale),
        **shrunken_cells(found.shrunken, why, scale),
        "reliability": found.reliability,
        **quarter_cells(found.quarter, found.top_quarter, NoNumber(found.reason)),
    }


def _data(reading: Reading, others: Iterable[Others]) -> Provenance:
    """From whose data: this site's, and those of other sites, which stay unnamed."""
    own, shown = reading.sites, {site for each in others for site in each.sites}
    return Provenance.of(own.values()).beside(reading.others.sites[site] for site in shown)
