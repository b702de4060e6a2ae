"""The rules of the billing codes: what the dated reference says of each code, and how often cases break it.

What every door refuses cannot occur in a case. What is unlikely and not impossible is a warning kept with the case, and counted.
Dates are counted too, by the reference as it is now: it may learn after the entry that a code has ended.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from registry.models import CodeReference
from registry.statistics.coding import CODE, whole
from registry.statistics.counts import DATA, SITES, in_order, share, words
from registry.statistics.models import CodeRuleCell
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Value
from registry.vocabulary.billing import (
    PRINTING_CODES,
    REDUCED_SERVICE_FROM,
    RENDERING_CODES,
    SURFACE_MODEL_CODES,
    CodeRule,
)

REFUSED, WARNED = "refused", "warned"
AT_ENTRY = Column("at_entry", "At entry", words={REFUSED: "Refused", WARNED: "Warning, kept with the case"})
COLUMNS = (
    CODE,
    Column("rule", "Rule", words=words(CodeRule)),
    Column("limit", "What the reference says"),
    AT_ENTRY,
    Column("n", "Claim lines it applies to", "count"),
    Column("broken", "Broken", "count"),
    Column("share", "Share broken", "share"),
    SITES,
    DATA,
)
UNCOUNTED = {CodeRule.WITHOUT_PRIMARY, CodeRule.OTHER_KIND, CodeRule.FIRST_ONCE, CodeRule.MODIFIER_EARLY}
REFUSED_RULES = {CodeRule.NOT_VALID, *UNCOUNTED}
COUNTED = "Judged by the month of service and by the reference of today."
REFUSED_AT_ENTRY = NoNumber("refused at entry")
NEVER_APPLIED = NoNumber("no line of this code that the rule is about")
KINDS = {"anatomic_model": "a model, or both", "anatomic_guide": "a guide, or both"}
PIECES = {"0560T": "components", "0562T": "guides"}


@dataclass(frozen=True)
class Stated:
    """What the reference says of one code by one rule. `counted`: whether cases that break it are."""

    code: str
    rule: str
    limit: str
    at_entry: str
    counted: bool


def code_rules(reading: Reading) -> Result:
    """A line for each code of the reference and each rule about it."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    sites: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in reading.sums(CodeRuleCell, ("site_id", "code", "rule"), ("n", "n_broken")):
        counts[row["code"], row["rule"]].update(n=row["n"], broken=row["n_broken"])
        sites[row["code"], row["rule"]].add(row["site_id"])
    rows = tuple(
        {
            "code": stated.code,
            "rule": stated.rule,
            "limit": stated.limit,
            "at_entry": stated.at_entry,
            **_counted(stated, counts[stated.code, stated.rule]),
            "sites": len(sites[stated.code, stated.rule]),
            "data": reading.data_of(sites[stated.code, stated.rule]).kind,
        }
        for stated in _stated()
    )
    return whole(reading, rows, (COUNTED,))


def _counted(stated: Stated, counts: Counter[str]) -> dict[str, Value]:
    if not stated.counted:
        return dict.fromkeys(("n", "broken", "share"), REFUSED_AT_ENTRY)
    known = share(counts["broken"], counts["n"]) if counts["n"] else NEVER_APPLIED
    return {"n": counts["n"], "broken": counts["broken"], "share": known}


def _stated() -> Iterator[Stated]:
    """What the reference says of each code, in the order of the rules; a code with several dated rows says them one after another."""
    rows: dict[str, list[CodeReference]] = defaultdict(list)
    for row in CodeReference.objects.order_by("effective_from"):
        rows[row.code].append(row)
    for code in sorted(rows, key=in_order(dict(CODE.words))):
        said: dict[str, list[str]] = defaultdict(list)
        for row in rows[code]:
            for rule, limit in (*_dated(row), *_lasting(row)):
                said[rule].append(limit)
        for rule in CodeRule.values:
            if rule in said:
                at_entry = REFUSED if rule in REFUSED_RULES else WARNED
                yield Stated(code, rule, "; ".join(dict.fromkeys(said[rule])), at_entry, counted=rule not in UNCOUNTED)


def _dated(row: CodeReference) -> Iterator[tuple[str, str]]:
    """Rules that depend on the date of service."""
    begins = f"from {row.effective_from:%Y-%m-%d}" if row.effective_from else "from before the registry's first case"
    yield (
        CodeRule.NOT_VALID,
        f"{begins} to {row.effective_to:%Y-%m-%d}" if row.effective_to else f"{begins}, no end known",
    )
    if row.code in PRINTING_CODES:
        yield CodeRule.MODIFIER_EARLY, f"from {REDUCED_SERVICE_FROM:%Y-%m-%d}"
    if row.mue_units is not None and row.mue_from is not None:
        yield CodeRule.UNITS_UNLIKELY, f"at most {row.mue_units} units a day, from {row.mue_from:%Y-%m-%d}"


def _lasting(row: CodeReference) -> Iterator[tuple[str, str]]:
    """Rules that hold whatever the date."""
    if row.is_addon:
        yield CodeRule.WITHOUT_PRIMARY, f"only with {row.primary_code} on the same case"
    if row.object_kind in KINDS:
        yield CodeRule.OTHER_KIND, f"only where what was made is {KINDS[row.object_kind]}"
    if row.code in PRINTING_CODES and not row.is_addon:
        yield CodeRule.FIRST_ONCE, "one unit"
    if row.code in PIECES:
        yield CodeRule.UNITS_DIFFER, f"one unit for each of the {PIECES[row.code]} described but the first"
    if row.code in RENDERING_CODES:
        yield CodeRule.RENDERING_BESIDE, "not beside a printing code"
    if row.code in SURFACE_MODEL_CODES:
        yield CodeRule.SURFACE_BESIDE, "not beside a printing code"
