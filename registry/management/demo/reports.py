"""Everything that the synthetic sites send, made from a seed: the same at every run, other figures within the same table with another."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.management.demo import making, minutes, orders
from registry.management.demo.effort import efforts
from registry.management.demo.plan import PLANTED_BY_CATEGORY, SEED
from registry.management.demo.printed import SITE_BY_CODE, Case, printed_cases
from registry.management.demo.quotas import apportioned, dealt
from registry.management.demo.sites import SYNTHETIC_SITES

CONTROLS = 8000
# A category that a site prints for seldom is operated without a print all the same.
MORE_CONTROLS = 2
DIGITAL_ONLY, CANCELLED = 60, 40
# What is known of the operation of a printed case: six in ten have an OR time, one in twenty late.
OUTCOMES = {"timed": 1450, "late": 132, "recalled": 60, "untimed": 468, "waiting": 527}
# Of the operations that are reported with their case, three in four of all: four prints in ten are assessed.
ASSESSED = 0.53

Report = dict[str, Any]


@dataclass
class Reports:
    """What one site sends: case reports in the order of their months, then outcomes that come later, by local case id."""

    cases: list[Report] = field(default_factory=list)
    late: dict[str, Report] = field(default_factory=dict)


def reports_of(seed: int = SEED) -> dict[str, Reports]:
    """The reports of every synthetic site by its code."""
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    cases = printed_cases(dice)
    made: dict[str, list[tuple[Report, Report | None]]] = defaultdict(list)
    for case, report, late in _printed(dice, cases):
        made[case.site.code].append((report, late))
    for code, report in (*_not_printed(dice, cases), *_controls(dice, cases)):
        made[code].append((report, None))
    return {site.code: _numbered(site.code, made[site.code]) for site in SYNTHETIC_SITES}


def _printed(dice: random.Random, cases: list[Case]) -> Iterable[tuple[Case, Report, Report | None]]:
    """Each printed case, its report, and the outcome that comes later, if one does."""
    complexities = [orders.complexity_of(dice) for _ in cases]
    effort = efforts(dice, [orders.BURDENS[complexity] for complexity in complexities])
    outcomes = dealt(dice, OUTCOMES)
    for case, complexity, worked, outcome in zip(cases, complexities, effort, outcomes, strict=True):
        report = orders.printed(dice, case, complexity, worked)
        used = orders.used_in_or(dice, case)
        report |= making.made(dice, case, sterile=used == "sterile_field")
        procedure = orders.procedure(dice, case, report["order_month"], used)
        in_room = minutes.with_print(dice, case.site, case.planted)
        if outcome in ("timed", "late", "recalled"):
            source = "recall" if outcome == "recalled" else dice.choice(orders.SOURCES)
            procedure["times"] = minutes.times(dice, in_room, source)
        if outcome not in ("late", "waiting"):
            report["procedure"] = procedure
            if dice.random() < ASSESSED:
                report["assessments"] = [orders.assessment(dice, case)]
        yield case, report, procedure if outcome == "late" else None


def _not_printed(dice: random.Random, cases: list[Case]) -> Iterable[tuple[str, Report]]:
    """Orders that were not printed, of the sites and categories of printed ones."""
    for decision, how_many in (("digital_only", DIGITAL_ONLY), ("cancelled", CANCELLED)):
        for case in dice.sample(cases, how_many):
            yield case.site.code, orders.not_printed(dice, case.site, case.planted, decision)


def _controls(dice: random.Random, cases: list[Case]) -> Iterable[tuple[str, Report]]:
    """Three operations without a print for one with, at the sites and of the categories that print."""
    printed = Counter((case.site.code, case.planted.category) for case in cases)
    weights = {key: printed[key] + MORE_CONTROLS for key in sorted(printed)}
    for (code, category), share in apportioned(CONTROLS, weights).items():
        for _ in range(share):
            yield code, orders.control(dice, SITE_BY_CODE[code], PLANTED_BY_CATEGORY[category])


def _numbered(code: str, made: list[tuple[Report, Report | None]]) -> Reports:
    """Local case ids in the order of the months: P printed, D digital, X cancelled, C control."""
    out, counted = Reports(), Counter[str]()
    for report, late in sorted(made, key=lambda each: _month(each[0])):
        letter = _letter(report)
        counted[letter] += 1
        report["local_case_id"] = f"{code}-{letter}{counted[letter]:04d}"
        out.cases.append(report)
        if late is not None:
            out.late[report["local_case_id"]] = {"procedure": late}
    return out


def _month(report: Report) -> str:
    return str(report.get("order_month") or report["procedure"]["performed_month"])


def _letter(report: Report) -> str:
    if report["object_kind"] == "none":
        return "C"
    return {"printed": "P", "digital_only": "D", "cancelled": "X"}[report["print_decision"]]
