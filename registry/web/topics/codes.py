"""The billing codes: applied, billed and paid; what their cases show; and the rules they must keep."""

from collections.abc import Sequence
from dataclasses import replace

from registry.statistics.coding import ANSWERS, INDICATION
from registry.statistics.coding_evidence import GROUP
from registry.statistics.results import Row, Statistic
from registry.statistics.savings import ALL
from registry.vocabulary.billing import BillingGroup
from registry.web.charts.frame import Figure
from registry.web.charts.heat import Spot, heat
from registry.web.charts.intervals import Interval, intervals
from registry.web.numbers import minutes, share
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, number, with_figure
from registry.web.topics.savings import AXIS, READING
from registry.web.words import interval

CLAIMS = ("n", "units", "units_per_case", "billed", "not_billed", "claim_unknown", *ANSWERS, "sites", "data")
APPLIED = ("code", *CLAIMS)
QUARTERS = ("code", "modifier", "organ_system", "quarter", *CLAIMS)
COUNTS = ("organ_system", "billing_group", "n", "share", "sites", "data")
BRIEF = ("billing_group", "saved", "interval", "compared", "n", "timed_share", "clock", "data")
FULL = (
    "billing_group",
    "organ_system",
    "clock",
    "n",
    "timed_share",
    "saved",
    "interval",
    "comparator",
    "compared",
    "n_without",
    "data",
)
RULES = ("code", "rule", "limit", "at_entry", "n", "broken", "share", "sites", "data")
FIRST_CODES = ("0559T", "0561T")
"""Each stands on a case once, so their cases are those of models and guides."""
SHORT = {
    BillingGroup.MODEL: "Model",
    BillingGroup.GUIDE: "Guide",
    BillingGroup.BOTH: "Both",
    BillingGroup.DIGITAL: "Digital",
    BillingGroup.NO_CODE: "None",
}
"""What has room above a column."""


def applied(result: Result) -> Panel:
    """One line for each code, and in words how often the first codes are billed and paid."""
    if not isinstance(result, Statistic):
        return hidden(result)
    return detail(
        result, chosen(result, result.rows, _said_of(result.rows, APPLIED), finding=_applied_said(result.rows))
    )


def _said_of(rows: Sequence[Row], names: Sequence[str]) -> list[str]:
    """Without the answers that no line has: a page has little room, and the file has them all."""
    return [name for name in names if name not in ANSWERS or any(count(row, name) for row in rows)]


def _applied_said(rows: Sequence[Row]) -> str:
    first = [row for row in rows if row["code"] in FIRST_CODES] or list(rows[:1])
    return " ".join(map(_code_said, first))


def _code_said(row: Row) -> str:
    n, sites = count(row), count(row, "sites")
    billed, paid, answered = number(row, "billed_share"), number(row, "paid_share"), count(row, "answered")
    said = f"{row['code']} was applied in {n:,} {'case' if n == 1 else 'cases'} at {sites:,} {'site' if sites == 1 else 'sites'}"
    if billed is not None:
        said += f"; {share(billed)} of its lines billed"
    if paid is None:
        return f"{said}; no payer's answer is known."
    return f"{said}; of the {answered:,} billed with a known answer {share(paid)} paid."


def by_quarter(result: Result) -> Panel:
    """The same by modifier, indication and quarter."""
    if not isinstance(result, Statistic):
        return hidden(result)
    return detail(result, chosen(result, result.rows, _said_of(result.rows, QUARTERS)))


def indications(result: Result) -> Panel:
    """Indications down, billing groups across, the number of cases in each."""
    if not isinstance(result, Statistic):
        return hidden(result)
    coded = result.coverage.covered if result.coverage else 0
    finding = f"{coded:,} of {result.n:,} cases bear a printing or a digital code; each case is in one column."
    table = chosen(result, result.rows, COUNTS, finding=finding if result.rows else "")
    reading = "Number: cases. The fuller the colour, the larger their share of the indication: half or more, a quarter or more, less, none."
    return with_figure(result, table, indications_figure(result), reading=reading)


def indications_figure(result: Statistic) -> Figure | None:
    """Every indication that occurs, by every billing group."""
    systems = list(dict.fromkeys(str(row["organ_system"]) for row in result.rows))
    at = {(row["organ_system"], row["billing_group"]): row for row in result.rows}
    spots = []
    for system in systems:
        name = label(result, {"organ_system": system}, "organ_system")
        for group in BillingGroup:
            row = at.get((system, group.value))
            n, part = (count(row), number(row, "share") or 0.0) if row else (0, 0.0)
            said = f"{name}, {str(group.label).lower()}: {n:,} {'case' if n == 1 else 'cases'}, {share(part)} of the indication"
            spots.append(Spot(name, SHORT[group], f"{n:,}", part, said))
    names = [label(result, {"organ_system": system}, "organ_system") for system in systems]
    title = f"Cases by {INDICATION.heading.lower()} and {GROUP.heading.lower()}"
    return heat(spots, rows=names, columns=list(SHORT.values()), title=title) if spots else None


def evidence(result: Result) -> Panel:
    """Minutes saved by billing group, over all indications."""
    if not isinstance(result, Statistic):
        return hidden(result)
    rows = [row for row in _main(result)[0] if row["organ_system"] == ALL]
    table = chosen(result, rows, BRIEF, finding=_groups_said(result, rows))
    return with_figure(result, table, evidence_figure(result), reading=READING, total_first=True)


def evidence_in_full(result: Result) -> list[Panel]:
    """The same for each indication, with comparators and remarks; those by other clocks."""
    if not isinstance(result, Statistic):
        return []
    main, others = _main(result)
    panels = []
    if main:
        title = "Minutes saved by billing group and indication, with comparators"
        panel = detail(result, chosen(result, main, FULL), key="evidence-by-indication", title=title)
        panels.append(replace(panel, total_first=True))
    if others:
        title = "Minutes saved by billing group and indication, by other clocks"
        panels.append(detail(result, chosen(result, others, FULL), key="evidence-by-other-clocks", title=title, at=0))
    return panels


def evidence_figure(result: Statistic) -> Figure | None:
    """Dots and intervals of the billing groups over all indications; where one is missing, the reason in its place."""
    rows = [row for row in _main(result)[0] if row["organ_system"] == ALL]
    return intervals([_drawn(label(result, row, "billing_group"), row) for row in rows], title=AXIS) if rows else None


def _drawn(name: str, row: Row) -> Interval:
    estimate, low, high = (number(row, column) for column in ("saved", "low", "high"))
    if estimate is None:
        return Interval(name, None, None, None, f"{name}: {row['saved']}", str(row["saved"]))
    if low is None or high is None:
        return Interval(
            name, estimate, None, None, f"{name}: {minutes(estimate)} minutes saved, {row['low']}", str(row["low"])
        )
    return Interval(
        name, estimate, low, high, f"{name}: {minutes(estimate)} minutes saved, 95% interval {interval(row)}"
    )


def _main(result: Statistic) -> tuple[list[Row], list[Row]]:
    """The rows by the clock with the most printed cases, and those by all other clocks."""
    over_all = [row for row in result.rows if row["billing_group"] == row["organ_system"] == ALL]
    main = max(over_all, key=lambda row: count(row, "printed"), default={"clock": ""})["clock"]
    return [row for row in result.rows if row["clock"] == main], [row for row in result.rows if row["clock"] != main]


def _groups_said(result: Statistic, rows: Sequence[Row]) -> str:
    """What each group that is coded saves, with what it rests on."""
    said = [
        f"{label(result, row, 'billing_group')}: {minutes(saved)} minutes saved a case"
        f"{f' (95% interval {known})' if (known := interval(row)) else ', with no interval'}, "
        f"from {count(row, 'compared'):,} of {count(row):,} cases."
        for row in rows
        if row["billing_group"] not in {ALL, BillingGroup.NO_CODE} and (saved := number(row, "saved")) is not None
    ]
    return " ".join(said) or "No billing group has minutes saved that can be stated."


def rules(result: Result) -> list[Panel]:
    """The rules of the codes that are in use and how often they are broken; then every rule with its limit and dates."""
    if not isinstance(result, Statistic):
        return [hidden(result, wide=True)]
    used = [row for row in result.rows if number(row, "n")]
    warned, outdated = (
        sum(count(row, "broken") for row in used if row["at_entry"] == said) for said in ("warned", "refused")
    )
    finding = (
        f"{_lines(warned)} a warning, and {_lines(outdated)} a date of service outside the dates of the code. "
        "What else would break a rule was refused at entry."
    )
    broken = detail(result, chosen(result, used, RULES, finding=finding if used else ""))
    title = "All rules of the codes, with limits by date of service"
    return [broken, detail(result, chosen(result, result.rows, RULES), key="all-code-rules", title=title, at=0)]


def _lines(n: int) -> str:
    return f"{n:,} {'claim line has' if n == 1 else 'claim lines have'}"
