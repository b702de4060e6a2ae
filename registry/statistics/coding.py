"""Billing codes as applied, billed and answered. A case stands in the line of each of its codes, so lines of codes never add up.

A case that bears a code under two modifiers is one case and two lines of a claim; units, claims and answers are those of lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from registry.statistics.counts import DATA, ORGAN_SYSTEM, SITES, N, in_order, share
from registry.statistics.models import CodeCell
from registry.statistics.over_time import YEARS_ONLY
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Value
from registry.vocabulary.billing import CODE_REFERENCE, BillingGroup, ClaimState, ClaimStatus, Modifier

SEVERAL = "A case stands in the line of each of its codes, so the lines of codes overlap and do not add up to cases."
ANSWERS = {
    "paid": ClaimStatus.PAID,
    "denied": ClaimStatus.DENIED,
    "zero_paid": ClaimStatus.ZERO_PAID,
    "pending": ClaimStatus.PENDING,
    "no_answer_needed": ClaimStatus.NA,
    "answer_unknown": "unknown",
    "answer_not_said": "",
}
"""What became of the billed lines: every value of the claim status, with unknown and not said apart."""
KNOWN_ANSWERS = ("paid", "denied", "zero_paid")

CODE = Column("code", "Code", words={row.code: f"{row.code} ({row.own_label})" for row in CODE_REFERENCE})
MODIFIER = Column("modifier", "Modifier", words={"": "None", **{str(m): str(m.label) for m in Modifier}})
INDICATION = Column("organ_system", "Indication (organ system)", words=ORGAN_SYSTEM.words)
CLAIMS = (
    Column("units", "Units", "count"),
    Column("units_per_case", "Units a case", "number"),
    Column("billed", "Billed", "count"),
    Column("not_billed", "Not billed", "count"),
    Column("claim_unknown", "Not known whether billed", "count"),
    Column("billed_share", "Share billed", "share"),
    Column("paid", "Paid", "count"),
    Column("denied", "Denied", "count"),
    Column("zero_paid", "Accepted, nothing paid", "count"),
    Column("pending", "Pending", "count"),
    Column("no_answer_needed", "Billed, answer does not apply", "count"),
    Column("answer_unknown", "Billed, answer unknown", "count"),
    Column("answer_not_said", "Billed, answer not stated", "count"),
    Column("answered", "Billed with a known answer", "count"),
    Column("paid_share", "Share paid of those", "share"),
)
CODES_COLUMNS = (CODE, N, Column("lines", "Claim lines", "count"), *CLAIMS, SITES, DATA)
QUARTERS_COLUMNS = (CODE, MODIFIER, INDICATION, Column("quarter", "Quarter"), N, *CLAIMS, SITES, DATA)


def codes_applied(reading: Reading) -> Result:
    """One line for each code, over all modifiers, indications and months."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _cells(reading):
        groups[row["code"]].append(row)
    order = in_order(dict(CODE.words))
    rows: list[Row] = []
    for code in sorted(groups, key=order):
        n = sum(row["n_cases"] - row["n_again"] for row in groups[code])
        lines = sum(row["n_cases"] for row in groups[code])
        rows.append({"code": code, "n": n, "lines": lines, **_claims(groups[code], n), **_of(reading, groups[code])})
    return _result(reading, rows)


def codes_by_quarter(reading: Reading) -> Result:
    """One line for each code, modifier, indication and quarter; a year where the registry keeps years only."""
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in _cells(reading, "month"):
        groups[row["code"], row["modifier"], row["organ_system"], _quarter(reading, row["month"])].append(row)
    codes, systems = in_order(dict(CODE.words)), in_order(dict(INDICATION.words))
    rows: list[Row] = []
    for key in sorted(groups, key=lambda key: (codes(key[0]), key[1], systems(key[2]), key[3])):
        n = sum(row["n_cases"] for row in groups[key])
        named: Row = dict(zip(("code", "modifier", "organ_system", "quarter"), key, strict=True))
        rows.append({**named, "n": n, **_claims(groups[key], n), **_of(reading, groups[key])})
    return _result(reading, rows)


def _cells(reading: Reading, *more: str) -> list[dict[str, Any]]:
    key = ("site_id", "code", "modifier", "organ_system", "claim", "claim_status", *more)
    return reading.sums(CodeCell, key, ("n_cases", "n_again", "units"))


def _quarter(reading: Reading, month: date) -> str:
    return f"{month:%Y}" if reading.by_year else f"{month:%Y} Q{(month.month + 2) // 3}"


def _claims(rows: Iterable[dict[str, Any]], n: int) -> dict[str, Value]:
    """Of the lines of a claim: units, whether billed, and of the billed ones what was answered."""
    claims: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    units = 0
    for row in rows:
        units += row["units"]
        claims[row["claim"]] += row["n_cases"]
        if row["claim"] == ClaimState.BILLED:
            answers[row["claim_status"]] += row["n_cases"]
    answered = sum(answers[ANSWERS[name]] for name in KNOWN_ANSWERS)
    return {
        "units": units,
        "units_per_case": units / n if n else NoNumber("no case"),
        "billed": claims[ClaimState.BILLED],
        "not_billed": claims[ClaimState.NOT_BILLED],
        "claim_unknown": claims[ClaimState.UNKNOWN],
        "billed_share": share(claims[ClaimState.BILLED], claims.total()),
        **{name: answers[status] for name, status in ANSWERS.items()},
        "answered": answered,
        "paid_share": share(answers[ClaimStatus.PAID], answered)
        if answered
        else NoNumber("no billed line is answered"),
    }


def _of(reading: Reading, rows: Iterable[dict[str, Any]]) -> Row:
    sites = {row["site_id"] for row in rows}
    return {"sites": len(sites), "data": reading.data_of(sites).kind}


def _result(reading: Reading, rows: list[Row]) -> Result:
    """n: all cases that asked for an object; the coverage is of those that bear a printing or a digital code."""
    caveats = (SEVERAL, YEARS_ONLY) if reading.by_year else (SEVERAL,)
    return whole(reading, tuple(rows), caveats)


def whole(reading: Reading, rows: tuple[Row, ...], caveats: tuple[str, ...]) -> Result:
    """A result over all cases that asked for an object, and how many of them bear one of the codes that make a group."""
    cases = reading.cases("billing_group")
    n = sum(row["n_cases"] for row in cases)
    coded = sum(row["n_cases"] for row in cases if row["billing_group"] != BillingGroup.NO_CODE)
    sites = {row["site_id"] for row in cases}
    coverage = Coverage(coded, n, "cases bear a printing or a digital code")
    return Result(rows, n, len(sites), reading.data_of(sites), coverage, caveats=caveats)
