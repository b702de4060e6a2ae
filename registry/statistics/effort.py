"""Working time by activity and staff group, and of all activities of a group together."""

from registry.statistics.counts import DATA, SITES, in_order, share, spread, spread_columns, words
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, Result, Row
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup

ALL_ACTIVITIES = ""
ACTIVITY = Column("activity", "Activity", words=words(EffortActivity, **{ALL_ACTIVITIES: "All four activities"}))
STAFF = Column("staff", "Staff", words=words(StaffGroup))
COLUMNS = (
    ACTIVITY,
    STAFF,
    Column("n", "Cases that know", "count"),
    *spread_columns("minutes"),
    Column("unknown", "Cases that do not know", "count"),
    Column("not_asked", "Cases that do not say", "count"),
    Column("coverage", "Share that knows", "share"),
    SITES,
    DATA,
)
NOBODY: tuple[Histogram, int, set[int]] = (EMPTY, 0, set())


def effort(reading: Reading) -> Result:
    """Minutes of known effort, with unknown and unasked counted apart: three values."""
    cases = reading.cases()
    asked = sum(row["n_cases"] for row in cases)
    said = reading.effort()
    lines = {*said, *((ALL_ACTIVITIES, staff) for _, staff in said)}
    order = (in_order(dict(ACTIVITY.words)), in_order(dict(STAFF.words)))
    rows: list[Row] = []
    for activity, staff in sorted(lines, key=lambda key: (order[0](key[0]), order[1](key[1]))):
        known, unknown, sites = said.get((activity, staff), NOBODY)
        rows.append(
            {
                "activity": activity,
                "staff": staff,
                "n": known.n,
                **spread(known),
                "unknown": unknown,
                "not_asked": asked - known.n - unknown,
                "coverage": share(known.n, asked),
                "sites": len(sites),
                "data": reading.data_of(sites).kind,
            }
        )
    best = max((known.n for known, _, _ in said.values()), default=0)
    fed_by = {row["site_id"] for row in cases}
    return Result(
        tuple(rows),
        asked,
        len(fed_by),
        reading.data_of(fed_by),
        Coverage(best, asked, "cases, for the effort best known"),
    )
