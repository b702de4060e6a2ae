"""Sites beside each other for the registry, and one site beside the others for itself: differences to look into, and no league table."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from registry.reports.tables import Column, Table
from registry.statistics.benchmarks_tables import INSIDE, OUTSIDE_998
from registry.statistics.results import NoNumber, Row, Statistic
from registry.web.numbers import rounded, share
from registry.web.panels import Panel, Result, chosen, detail, hidden, label, main_clock, number, with_figure
from registry.web.topics.funnels import caterpillar_figure, drawn_rows, funnel_figure, span, written_in

CATERPILLAR = "site-benchmarks-share-caterpillar"
NO_LEAGUE = "Small sites differ by chance alone, so no site has a bare rank."
UNNAMED = "Of other sites there are rounded figures of all together, made without the cases of any site you belong to."
FUNNEL_READING = (
    "Dot: a site; a site outside its limits bears its name. Line across: the mean of the sites. The limits are drawn for a typical "
    "spread; each site is judged by its own standard error."
)
OWN_READING = "Dot: this site. Line across: the mean of the other sites, rounded; the limits allow for the rounding."
CATERPILLAR_READING = (
    "Dot: the shrunken value, drawn to the mean the more the fewer cases a site has; line: ± 1.96 of its SD; faint tick: the raw "
    "value. Hollow, beneath the others and in the order of their codes: too few cases to place. Band: where a new, similar site would "
    "lie. Dashed: no saving. This is no league table: sites whose lines overlap cannot be told apart by their order."
)
BRIEF = ("site", "own", "n", "n_without", "effective_n", "outside", "clock", "data")
PLACES = ("site", "value", "place", "rank", "reliability", "clock", "data")
BY_PROCEDURE = ("category", "site", "own", "n", "n_without", "effective_n", "outside", "place", "clock", "data")
BESIDE = ("category", "own", "theirs", "n", "n_without", "detectable", "outside", "place", "clock", "data")
OWN = ("saved", "low", "high")
THEIRS = ("target", "others_low", "others_high")
SHRUNKEN = ("shrunken", "shrunken_low", "shrunken_high")


def together(result: Result) -> list[Panel]:
    """All procedures together: the funnel, and the shrunken values with the places."""
    if not isinstance(result, Statistic):
        return [hidden(result)]
    main, _ = main_clock(result.rows)
    table = _table(result, main, BRIEF, _flags(drawn_rows(result)))
    places = _table(result, main, PLACES, _spread(result, main))
    places = replace(places, key=CATERPILLAR, title="Shrunken values of the sites", notes=())
    return [
        with_figure(result, table, funnel_figure(result), reading=FUNNEL_READING),
        replace(
            with_figure(result, places, caterpillar_figure(result), reading=CATERPILLAR_READING), drawn_as=CATERPILLAR
        ),
    ]


def by_procedure(result: Result) -> Panel:
    """Every site in every procedure; the funnel is of the procedure with the most sites, where these are ten."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    main, _ = main_clock(result.rows)
    drawn = drawn_rows(result)
    none = "No procedure has ten sites with enough cases, so none has limits." if main else ""
    table = _table(result, main, BY_PROCEDURE, _flags(drawn) or none)
    if not drawn:
        return detail(result, table)
    reading = f"Drawn: {label(result, drawn[0], 'category')}. {FUNNEL_READING}"
    return replace(with_figure(result, table, funnel_figure(result), reading=reading), wide=True)


def beside(result: Result) -> Panel:
    """All procedures together: this site in full, the others coarse, one figure a line."""
    if not isinstance(result, Statistic):
        return hidden(result)
    main, _ = main_clock(result.rows)
    table = chosen(result, main, ("clock", "data"), finding=" ".join(_standing(result, row) for row in main))
    lines = tuple(line for row in main for line in _figures(result, row))
    table = replace(table, columns=(Column("what", "Figure"), Column("value", "Value", "interval")), rows=lines)
    return with_figure(result, table, funnel_figure(result), reading=OWN_READING)


def beside_by_procedure(result: Result) -> Panel:
    """The site's own procedures, each beside the others where these are enough."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    main, _ = main_clock(result.rows)
    reasons = Counter(row["target"].reason for row in main if isinstance(row["target"], NoNumber))
    shown = len(main) - reasons.total()
    finding = f"Of {len(main):,} procedures {shown:,} can be shown beside other sites." if main else ""
    finding += "".join(f" In {n:,}, {reason}." for reason, n in reasons.items())
    return detail(result, _table(result, main, BESIDE, finding))


def _table(result: Statistic, rows: Sequence[Row], names: Sequence[str], finding: str) -> Table:
    """The columns of these names, values with their intervals in one; a column that never has a value is left out."""
    # A site's row has no place among others where these are not shown, and the finding says why.
    told = [name for name in names if not all(isinstance(row[RESTS_ON.get(name, name)], NoNumber) for row in rows)]
    base = chosen(result, rows, [name for name in told if name not in MADE], finding=finding)
    columns = {column.name: (column, base.column(column.name)) for column in base.columns}
    for name in (name for name in told if name in MADE):
        heading, make = MADE[name]
        columns[name] = (
            Column(name, heading, "text" if name == "place" else "interval"),
            [make(result, row) for row in rows],
        )
    kept = [columns[name] for name in told if name in columns]
    lines = zip(*(values for _, values in kept), strict=True)
    return replace(base, columns=tuple(column for column, _ in kept), rows=tuple(lines))


def _flags(rows: Sequence[Row]) -> str:
    """How many sites lie outside the limits, which, and how many chance alone would put there."""
    if not rows:
        return ""
    outside = [str(row["site"]) for row in rows if row["outside"] != INSIDE]
    far = [str(row["site"]) for row in rows if row["outside"] == OUTSIDE_998]
    expected = rounded(0.05 * len(rows), 1)
    return (
        f"Of {len(rows):,} sites {len(outside):,} {'lies' if len(outside) == 1 else 'lie'} outside the 95% limits"
        f"{_named(outside)}; chance alone would put {expected} sites outside the 95% limits. Outside the 99.8% limits: "
        f"{', '.join(far) or 'none'}. Outside the 99.8% limits means: look for a reason."
    )


def _named(codes: Sequence[str]) -> str:
    return f" ({', '.join(codes)})" if codes else ""


def _spread(result: Statistic, rows: Sequence[Row]) -> str:
    """From where to where the shrunken values go, where a new site would lie, and how many sites can be placed."""
    values = [value for row in rows if (value := number(row, "shrunken")) is not None]
    if not values:
        return ""
    ends = " to ".join(written_in(result, end) for end in (min(values), max(values)))
    low, high = number(rows[0], "new_low"), number(rows[0], "new_high")
    new = ""
    if low is not None and high is not None:
        new = f" A new, similar site would lie between {written_in(result, low)} and {written_in(result, high)}."
    placed = sum(number(row, "top_quarter") is not None for row in rows)
    return f"Shrunken values go from {ends}.{new} {placed:,} of {len(rows):,} sites have cases enough to be placed."


def _standing(result: Statistic, row: Row) -> str:
    """This site, the others, and where it stands, in words."""
    unit = " of the minutes without a print" if result.unit == "share_saved" else " minutes a case"
    own = f"Saved at this site: {_short_span(result, row, OWN)}{unit}."
    least = f"Its cases can just tell a difference of {span(result, row, 'detectable')} from chance."
    if isinstance(row["target"], NoNumber):
        return f"{own} Other sites are not shown: {row['target']}. {least}"
    theirs = f"The mean of {row['others']} other sites is about {_whole(_short_span(result, row, THEIRS))}."
    return " ".join(part for part in (own, theirs, _outside(row), _quarter(result, row), least) if part)


def _short_span(result: Statistic, row: Row, names: Sequence[str]) -> str:
    return span(result, row, *names).replace("(", "(95% interval ")


def _whole(text: str) -> str:
    """Rounded figures without their empty decimal."""
    return text.replace(".0", "")


def _outside(row: Row) -> str:
    if isinstance(row["outside"], NoNumber):
        return f"{row['outside']}"
    if row["outside"] == INSIDE:
        return "This site lies inside the limits that chance explains."
    level = "99.8%" if row["outside"] == OUTSIDE_998 else "95%"
    reason = "which means: look for a reason" if level == "99.8%" else "as 1 of 20 sites would by chance alone"
    return f"This site lies outside the {level} limits, {reason}."


def _quarter(result: Statistic, row: Row) -> str:
    top = number(row, "top_quarter")
    if top is None:
        return f"Its place: {row['quarter']}." if row["quarter"] != row["outside"] else ""
    quarter = label(result, row, "quarter")
    return f"Of four quarters it is most likely in the {quarter[:1].lower()}{quarter[1:]}; in the first with a probability of {share(top)}."


def _place(result: Statistic, row: Row) -> str:
    """Quarter with the probability of the first, else why there is none."""
    top = number(row, "top_quarter")
    return str(row["quarter"]) if top is None else f"{label(result, row, 'quarter').partition(',')[0]} ({share(top)})"


def _rank(_: Statistic, row: Row) -> str:
    """Never without its interval."""
    expected = number(row, "expected_rank")
    if expected is None:
        return "–"
    return f"{rounded(expected, 1)} ({row['rank_low']} to {row['rank_high']} of {row['placed']})"


def _figures(result: Statistic, row: Row) -> list[tuple[str, str]]:
    """Every figure of a site beside the others, one a line."""
    lines = [
        ("Printed cases, and comparator cases", f"{row['n']:,}, {row['n_without']:,}"),
        ("This site (95% interval)", span(result, row, *OWN)),
        ("Effective number of cases", f"{rounded(float(str(row['effective_n'])), 1)}"),
        ("Difference that these cases can just tell from chance", span(result, row, "detectable")),
    ]
    if isinstance(row["target"], NoNumber):
        return [*lines, ("Other sites", f"not shown: {row['target']}")]
    return [
        *lines,
        ("Other sites", f"{row['others']}"),
        ("Mean of the others, rounded (95% interval)", _whole(span(result, row, *THEIRS))),
        ("A new, similar site, rounded (95% prediction)", _whole(_ends(result, row, ("new_low", "new_high")))),
        ("95% limits at this size", _ends(result, row, ("limit_95_low", "limit_95_high"))),
        ("99.8% limits at this size", _ends(result, row, ("limit_998_low", "limit_998_high"))),
        ("Shrunken value (± 1.96 SD)", span(result, row, *SHRUNKEN)),
        ("Reliability", f"{rounded(float(str(row['reliability'])), 2)}"),
        ("Quarter (probability of the first)", _place(result, row)),
    ]


def _ends(result: Statistic, row: Row, names: tuple[str, str]) -> str:
    low, high = (number(row, name) for name in names)
    if low is None or high is None:
        return str(row[names[0]])
    return f"{written_in(result, low)} to {written_in(result, high)}"


def _spans(names: tuple[str, ...]) -> Callable[[Statistic, Row], str]:
    return lambda result, row: span(result, row, *names)


MADE: dict[str, tuple[str, Callable[[Statistic, Row], str]]] = {
    "own": ("Saved (95% interval)", _spans(OWN)),
    "theirs": ("Other sites (95% interval)", _spans(THEIRS)),
    "value": ("Shrunken value (± 1.96 SD)", _spans(SHRUNKEN)),
    "place": ("Quarter (probability of the first)", _place),
    "rank": ("Expected rank (95% interval)", _rank),
}
"""Columns that a page makes of several: heading, and what it says of a row."""
RESTS_ON = {
    "own": "saved",
    "theirs": "target",
    "value": "shrunken",
    "place": "quarter",
    "rank": "expected_rank",
    "outside": "outside",
}
"""The column without which there is nothing to say."""
