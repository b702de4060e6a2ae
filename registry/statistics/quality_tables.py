"""The tables of data quality: one line a site, and one a field."""

from fractions import Fraction

from registry.statistics.confounding import OLD_AFTER
from registry.statistics.counts import DATA, SHARE, SITES, share
from registry.statistics.data_quality import Trust, trust
from registry.statistics.fields_known import FIELDS, NOBODY, Asked, fields_known
from registry.statistics.quality import BLOCK, FEWEST, QUERY
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Value
from registry.statistics.strata import CAVEAT_BELOW

NO_TIMELINESS = (
    "How soon outcomes are recorded is not shown: the cells keep the month of a procedure, not that of its report."
)
NOT_COMPARED = "no printed case has a time and the volume of its first print"
NOTHING_LEFT_OUT = "Each number asks for a second look; nothing that is counted here is left out of any figure."

COLUMNS = (
    Column("site", "Site"),
    Column("n", "Cases due", "count"),
    Column("with_or_time", "With OR time", "count"),
    Column("complete", "OR times known", "share"),
    Column("recalled", "Recalled only", "count"),
    Column("fields", "Fields known", "share"),
    Column("times", "Observed times", "count"),
    Column("heaping", "Heaping index", "number"),
    Column("judged", "Times judged", "count"),
    Column("strange", f"Unusual times (z above {QUERY})", "share"),
    Column("very_strange", f"Very unusual (z above {BLOCK:.0f})", "count"),
    Column("compared", "Cases compared", "count"),
    Column("near_duplicates", "Pairs that may be one case", "count"),
    Column("near_duplicate_share", "Pairs a case compared", "share"),
    Column("baselines", "Baselines", "count"),
    Column("spread_asked", "Baselines with an improbable SD", "count"),
    Column("outdated", f"Baselines over {OLD_AFTER} months before the prints", "count"),
    DATA,
    Column("remark", "Look at"),
)
FIELD_COLUMNS = (
    Column("field", "Field", words=FIELDS),
    Column("n", "Asked", "count"),
    Column("known", "Known", "count"),
    SHARE,
    Column("unknown", "Do not know", "count"),
    Column("not_asked", "Do not say", "count"),
    SITES,
    DATA,
)


def data_quality(reading: Reading) -> Result:
    """One line for each site of the scope."""
    fields, found = reading.once(fields_known), trust(reading)
    rows = tuple(_row(reading, each, sum(fields.get(each.site_id, {}).values(), NOBODY)) for each in found)
    due, timed = sum(each.due for each in found), sum(each.timed for each in found)
    return Result(
        rows=rows,
        n=due,
        sites=len(found),
        data=reading.data_of(each.site_id for each in found),
        coverage=Coverage(timed, due, "cases of months that are due have an observed OR time"),
        caveats=(NOTHING_LEFT_OUT, NO_TIMELINESS),
    )


def _row(reading: Reading, each: Trust, asked: Asked) -> Row:
    return {
        "site": str(reading.sites[each.site_id].code),
        "n": each.due,
        "with_or_time": each.timed,
        "complete": _share(each.timed, each.due, "no case is due yet"),
        "recalled": each.recalled,
        "fields": _share(asked.known, asked.applies, "nothing is asked yet"),
        "times": each.times.n,
        "heaping": _heaping(each),
        "judged": each.judged,
        "strange": _share(each.queries, each.judged, f"no procedure or specialty has {FEWEST} times"),
        "very_strange": each.blocks,
        "compared": each.compared,
        "near_duplicates": each.near_duplicates,
        "near_duplicate_share": _share(each.near_duplicates, each.compared, NOT_COMPARED),
        "baselines": len(each.baselines),
        "spread_asked": each.spread_asked,
        "outdated": each.outdated,
        "data": reading.data_of([each.site_id]).kind,
        "remark": "; ".join(_look_at(each)),
    }


def _share(part: int, whole: int, reason: str) -> Value:
    return float(Fraction(part, whole)) if whole else NoNumber(reason)


def _heaping(each: Trust) -> Value:
    index = each.heaping.index
    return NoNumber(f"fewer than {FEWEST} times") if index is None or each.times.n < FEWEST else float(index)


def _look_at(each: Trust) -> list[str]:
    """What asks for a second look, in words."""
    said = []
    if each.timed < CAVEAT_BELOW * each.due:
        said.append(f"{each.timed:,} of {each.due:,} cases due have an OR time, fewer than {float(CAVEAT_BELOW):.0%}")
    if each.times.n >= FEWEST and each.heaping.looks_recalled:
        said.append("times look recalled")
    for n, one, many in (
        (each.blocks, "time is far from the usual", "times are far from the usual"),
        (each.near_duplicates, "pair of cases may be one case", "pairs of cases may be one case each"),
        (each.spread_asked, "baseline has an improbable SD", "baselines have an improbable SD"),
        (each.outdated, "baseline is older than its prints", "baselines are older than their prints"),
    ):
        if n:
            said.append(f"{n:,} {one if n == 1 else many}")
    return said


def known_fields(reading: Reading) -> Result:
    """One line for each field over the sites of the scope."""
    found = reading.once(fields_known)
    rows: list[Row] = []
    for name in FIELDS:
        sites = [site_id for site_id, fields in found.items() if name in fields]
        asked = sum((found[site_id][name] for site_id in sites), NOBODY)
        if asked.applies:
            rows.append(
                {
                    "field": name,
                    "n": asked.applies,
                    "known": asked.known,
                    "share": share(asked.known, asked.applies),
                    "unknown": asked.unknown,
                    "not_asked": asked.applies - asked.known - asked.unknown,
                    "sites": len(sites),
                    "data": reading.data_of(sites).kind,
                }
            )
    every = sum((asked for fields in found.values() for asked in fields.values()), NOBODY)
    coverage = Coverage(every.known, every.applies, "answers asked for are known")
    return Result(tuple(rows), every.applies, len(found), reading.data_of(found), coverage)
