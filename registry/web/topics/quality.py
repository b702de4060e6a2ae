"""How far the data can be trusted: a strip of indicators, what is known of the cases, and what to look at."""

from dataclasses import dataclass

from registry.statistics.quality import RECALLED
from registry.statistics.results import Scope, Statistic
from registry.statistics.strata import CAVEAT_BELOW
from registry.web.charts.frame import Figure
from registry.web.charts.strip import FEWEST, Strip, Tick, strips
from registry.web.numbers import share, written
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, number, with_figure

BRIEF = ("site", "complete", "fields", "heaping", "strange", "near_duplicate_share", "data", "remark")
FULL = (
    "site",
    "n",
    "with_or_time",
    "recalled",
    "times",
    "judged",
    "very_strange",
    "compared",
    "near_duplicates",
    "baselines",
    "spread_asked",
    "outdated",
)
FIELDS = ("field", "n", "share", "unknown", "not_asked", "data")


@dataclass(frozen=True)
class Indicator:
    """A column of the strip and the range in which it is drawn. `top` 0: as far as the sites reach."""

    column: str
    label: str
    low: float
    top: float
    share: bool
    threshold: float | None = None

    def write(self, value: float) -> str:
        return share(value) if self.share else written(value, "number")


INDICATORS = (
    Indicator("complete", "OR times known", 0, 1, share=True, threshold=float(CAVEAT_BELOW)),
    Indicator("fields", "Fields known", 0, 1, share=True),
    Indicator("heaping", "Heaping of times at 5 minutes", 0, 5, share=False, threshold=RECALLED),
    Indicator("strange", "Unusual times", 0, 0, share=True),
    Indicator("near_duplicate_share", "Pairs that may be one case", 0, 0, share=True),
)
LEAST_TOP = 0.05


def trusted(result: Result) -> list[Panel]:
    """The strip, and the counts behind it."""
    if not isinstance(result, Statistic):
        return [hidden(result)]
    registry = result.scope == Scope.registry().label
    table = chosen(result, result.rows, BRIEF if registry else BRIEF[1:], finding=_finding(result))
    panels = [with_figure(result, table, figure(result), reading=_reading(result))]
    if result.rows:
        counts = chosen(result, result.rows, FULL)
        panels.append(detail(result, counts, key="data-quality-counts", title="The counts behind it"))
    return panels


def figure(result: Statistic) -> Figure | None:
    """One strip an indicator that at least one site has; a site alone sees its own value and the threshold."""
    rows = [strip for each in INDICATORS if (strip := _strip(result, each)) is not None]
    return strips(rows, title="Data quality") if rows else None


def _strip(result: Statistic, each: Indicator) -> Strip | None:
    known = [(str(row["site"]), value) for row in result.rows if (value := number(row, each.column)) is not None]
    if not known:
        return None
    alone = len(known) == 1
    ticks = tuple(
        Tick(value, each.write(value) if alone else "", f"{each.label}, {site}: {each.write(value)}")
        for site, value in known
    )
    top = each.top or max(LEAST_TOP, *(value for _, value in known))
    return Strip(each.label, ticks, each.low, top, (each.write(each.low), each.write(top)), each.threshold)


def _reading(result: Statistic) -> str:
    asked = (
        f"Grey line: with fewer than {float(CAVEAT_BELOW):.0%} of times known a saving says little of all cases; above a heaping of "
        f"{RECALLED} times look recalled."
    )
    if len(result.rows) < 2:
        return f"Tick: this site's value. {asked}"
    band = f"; ground: the middle half of the sites, from {FEWEST} sites on" if len(result.rows) >= FEWEST else ""
    return f"Each tick is a site{band}. {asked}"


def _finding(result: Statistic) -> str:
    """How complete, and what asks for a second look."""
    if not result.rows:
        return ""
    covered = result.coverage
    said = "No case is due yet."
    if covered is not None and covered.share is not None:
        said = (
            f"{covered.covered:,} of {covered.eligible:,} cases that are due have an OR time ({share(covered.share)})."
        )
    looks = [row for row in result.rows if row["remark"]]
    if not looks:
        return f"{said} Nothing asks for a second look."
    if result.scope != Scope.registry().label:
        return f"{said} To look at: {looks[0]['remark']}."
    return f"{said} {len(looks):,} of {len(result.rows):,} sites have something to look at; the table says what."


def fields(result: Result) -> Panel:
    """Of how many cases or prints each fact is known."""
    if not isinstance(result, Statistic):
        return hidden(result)
    least = min(result.rows, key=lambda row: number(row, "share") or 0.0, default=None)
    finding = ""
    if least is not None and result.coverage is not None and result.coverage.share is not None:
        name = chosen(result, [least], ("field",)).rows[0][0]
        finding = (
            f"{share(result.coverage.share)} of the answers asked for are known. Least known: {str(name)[:1].lower()}{str(name)[1:]}, of "
            f"{count(least, 'known'):,} in {count(least):,}."
        )
    return with_figure(result, chosen(result, result.rows, FIELDS, finding=finding), None)
