"""What was published beside what the registry finds: one scale, two inks, and never one number of both."""

from collections.abc import Sequence
from dataclasses import replace

from registry.reports.tables import Column, Table
from registry.statistics.counts import CLOCK, KIND
from registry.statistics.literature import POOLS, pools
from registry.statistics.provenance import BOTH, REAL, SYNTHETIC
from registry.statistics.results import Row, Scope, Statistic
from registry.statistics.savings import ALL
from registry.web.numbers import minutes
from registry.web.panels import Panel, Result, chosen, detail, hidden, main_clock, number, with_figure
from registry.web.topics.evidence_drawn import effects_figure, figure
from registry.web.topics.savings import balance
from registry.web.words import interval

READING = (
    "Grey: published; teal: this registry. Square: one study; circle: the participating sites; diamond: an average over studies or "
    "sites; hollow: published without an interval; grey band: where a new study or site would lie. Right of the dashed line is "
    "faster with a print. Grey and teal are of different clocks, and nothing here combines them."
)
EFFECTS_READING = (
    "On the scale of the studies above. Diamond: an effect that others pooled; hollow: without an interval."
)
OF_ONE_SITE = "saved interval n n_without clock comparator data remark".split()
OF_SITES = "saved interval n n_without average average_low average_high clock comparator sites data remark".split()
STUDIES = "study saved interval procedure object_kind n n_without remark source".split()
EFFECTS = "study scope as_published studies patients basis remark source".split()
WARNINGS = {REAL: "", SYNTHETIC: ", on synthetic demonstration data", BOTH: ", on partly synthetic data"}
APART = (
    (
        "The clocks",
        (
            "Papers report an operation time and rarely say from when to when; this registry counts by named clocks, first of all the time "
            "in the room. The clock may decide the sign: Nunley 2011 has the same 57 and 57 knees 12.1 minutes faster in the room and 4.8 "
            "minutes slower by tourniquet."
        ),
    ),
    (
        "Guesses and observed times",
        (
            "The ACR–RSNA registry's 38.5 minutes are what users thought, of 111 of 1,963 cases. Users' estimates of this registry stand "
            "below, apart from its observed times."
        ),
    ),
    (
        "Standard deviations, and parts of an operation",
        (
            "Effects in standard deviations are no minutes, and the time to place screws is not the time of the operation: they stand in "
            "the table in their own unit and are not drawn."
        ),
    ),
    (
        "Per cent and minutes",
        (
            "A share of the minutes holds for procedures of any length, minutes do not. Shares are in the table; the registry's own stand "
            "on the page of OR time."
        ),
    ),
    (
        "The operations",
        (
            "The published studies are mostly of fractures, knees and spines; the registry's mix of procedures is its own, and so are the "
            "sites that volunteered."
        ),
    ),
    (
        "Models and guides with each other",
        (
            "The published pools of models and of guides rest on six and on three studies of other procedures: their difference is smaller "
            "than its own error. Kinds of this registry share their controls."
        ),
    ),
)


def beside(result: Result) -> Panel:
    """The registry's minutes by kind of object under those that were published."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    main, _ = main_clock(result.rows)
    table = chosen(result, main, (KIND.name, *_names(result)), finding=_said(main))
    return replace(with_figure(result, table, figure(result), reading=READING, total_first=True), wide=True)


def by_other_clocks(result: Result) -> list[Panel]:
    """The registry's lines by all clocks but the first."""
    if not isinstance(result, Statistic):
        return []
    _, others = main_clock(result.rows)
    table = chosen(result, others, (KIND.name, *_names(result)))
    title = "OR minutes saved by kind of object, by other clocks"
    return [detail(result, table, key="saved-by-kind-other-clocks", title=title, at=0)] if others else []


def by_specialty(result: Result) -> Panel:
    """The registry's minutes by specialty."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    main, _ = main_clock(result.rows)
    return detail(result, chosen(result, main, ("specialty", *_names(result)), finding=balance(main)))


def _names(result: Statistic) -> list[str]:
    """One site has no average over sites."""
    return OF_SITES if result.scope == Scope.registry().label else OF_ONE_SITE


def published_studies(result: Result) -> Panel:
    """The studies and their pools as a table; they are drawn above."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    return detail(result, chosen(result, result.rows, STUDIES, finding=_pooled_said()))


def published_effects(result: Result) -> Panel:
    """What others pooled, with its figure."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    drawn = effects_figure(result)
    said = f"{len(result.rows)} effects, {sum(number(row, 'saved') is not None for row in result.rows)} of them in minutes."
    table = chosen(result, result.rows, EFFECTS, finding=said)
    return replace(with_figure(result, table, drawn, reading=EFFECTS_READING), wide=True)


def not_comparable(result: Result) -> Panel:
    """What must not be held against each other, and why."""
    table = Table("not-comparable", "What cannot be compared", (Column("what", "What"), Column("why", "Why")), APART)
    return Panel(table, "", wide=True) if isinstance(result, Statistic) else hidden(result, wide=True)


def _pooled_said() -> str:
    """What each pool of studies says, the uncertainty in the same sentence."""
    said = (
        f"{POOLS[each.key]} ({each.pooled.k} studies): {minutes(each.pooled.estimate or 0)} "
        f"(95% interval {minutes(each.pooled.low or 0)} to {minutes(each.pooled.high or 0)})"
        for each in pools()
    )
    return f"Minutes saved, combined here: {'; '.join(said)}. The pools overlap, and this is no systematic review."


def _said(rows: Sequence[Row]) -> str:
    """The published average and the registry's, each as far as it goes, in one breath and never in one number."""
    eight = next(each.pooled for each in pools() if each.key == "eight")
    published = (
        f"Published: {eight.k} orthopaedic studies of operating time average {minutes(eight.estimate or 0)} minutes saved (95% interval "
        f"{minutes(eight.low or 0)} to {minutes(eight.high or 0)}; a new study between {minutes(eight.prediction_low or 0)} and "
        f"{minutes(eight.prediction_high or 0)})."
    )
    return f"{published} {_own_said(rows)} They are of different clocks and operations, and are not combined."


def _own_said(rows: Sequence[Row]) -> str:
    row = next((row for row in rows if row[KIND.name] == ALL), None)
    estimate = number(row, "saved") if row else None
    if row is None or estimate is None:
        return "This registry cannot say yet what is saved."
    limits = interval(row)
    sure = f" (95% interval {limits})" if limits else ", with no interval"
    clock = str(CLOCK.text(row["clock"])).partition(" (")[0].lower()
    return f"This registry{WARNINGS[str(row['data'])]}, {clock}: {minutes(estimate)} minutes saved{sure} over {row['n']:,} printed cases."
