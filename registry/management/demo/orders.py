"""One report in the shape of the REST interface: a printed case, an order that was not printed, a control."""

import random
from typing import Any

from registry.management.demo import making, minutes
from registry.management.demo.plan import Planted
from registry.management.demo.printed import GUIDE, Case, drawn_age
from registry.management.demo.sites import DemoSite
from registry.models.case import NINETY_PLUS

MONTHS = tuple(f"{2020 + month // 12}-{month % 12 + 1:02d}" for month in range(5, 42))
SOURCES = ("or_log", "or_log", "ehr", "chart")
COMPLEXITIES = {"basic": 3, "intermediate": 4, "complex": 3}
# How much more or less work a case of this complexity is than the mean one.
BURDENS = {"basic": 0.7, "intermediate": 1.0, "complex": 1.35}
ALWAYS_FEMALE, ALWAYS_MALE = ("gynaecology_other", "breast_conserving"), ("prostatectomy",)
ASKED = ("q1_easy", "q2_compatible", "q3_plan_changed", "q4_important", "q5_quality")


def month_of(dice: random.Random, site: DemoSite) -> int:
    """Number of the month of an order; later months have more orders than earlier ones."""
    months = range(site.joined, len(MONTHS))
    return dice.choices(months, [1 + month / 12 for month in months])[0]


def printed(dice: random.Random, case: Case, complexity: str, effort: list[dict[str, Any]]) -> dict[str, Any]:
    """The order and what was made, without its outcome."""
    uses = ["preop_planning", "tool_fabrication"] if case.kind == GUIDE else ["preop_planning"]
    if case.kind != GUIDE:
        uses += [use for use in ("simulation", "patient_education", "device_sizing") if dice.random() < 0.3]
    report = _order(dice, case.site, case.planted, case.age)
    return report | {
        "object_kind": case.kind,
        "complexity": complexity,
        "intended_uses": uses,
        "print_decision": "printed",
        "effort": effort,
    }


def used_in_or(dice: random.Random, case: Case) -> str:
    if case.kind == GUIDE:
        return "sterile_field"
    return dice.choices(("planning_only", "intra_op_nonsterile", "sterile_field"), (5, 4, 1))[0]


def procedure(dice: random.Random, case: Case, ordered: str, used: str) -> dict[str, Any]:
    """The operation, at most two months after the order and within the period of the demonstration; without its minutes."""
    month = min(MONTHS.index(ordered) + dice.choices((0, 1, 2), (5, 4, 1))[0], len(MONTHS) - 1)
    return {
        "performed_month": MONTHS[month],
        "category": case.planted.category,
        "approach": case.planted.approach,
        "used_in_or": used,
        "surgeon_experience": dice.choice(("5_years_or_more", "5_years_or_more", "under_5_years", "trainee", None)),
    }


def not_printed(dice: random.Random, site: DemoSite, planted: Planted, decision: str) -> dict[str, Any]:
    """An order that stayed digital, or was cancelled."""
    if decision == "digital_only":
        outcome = {"print_decision_reason": dice.choice(("screen_sufficed", "no_added_value", "no_time"))}
        if dice.random() < 0.4:
            outcome["no_procedure_reason"] = "no_procedure"
    else:
        outcome = {"print_decision_reason": "patient_or_plan_changed", "no_procedure_reason": "cancelled"}
    report = _order(dice, site, planted, drawn_age(dice, planted))
    return report | {
        "object_kind": "digital_only",
        "complexity": complexity_of(dice),
        "intended_uses": ["preop_planning"],
        "print_decision": decision,
        **outcome,
        "parts": making.parts(planted, 1, making.side_of(dice, planted)),
    }


def control(dice: random.Random, site: DemoSite, planted: Planted) -> dict[str, Any]:
    """The same operation without a print, with its minutes from the OR log."""
    in_room = minutes.without_print(dice, site, planted)
    report = {
        "local_case_id": "",
        "object_kind": "none",
        "age_years": said_age(drawn_age(dice, planted)),
        "sex": sex_of(dice, planted),
        "procedure": {
            "performed_month": MONTHS[month_of(dice, site)],
            "category": planted.category,
            "times": minutes.times(dice, in_room, "or_log"),
        },
    }
    return report | ({"complexity": complexity_of(dice)} if dice.random() < 0.9 else {})


def assessment(dice: random.Random, case: Case) -> dict[str, Any]:
    """What the surgeon said of the print; one in eight estimates the minutes saved."""
    answers = {item: dice.choices((2, 3, 4, 5), (1, 2, 5, 4))[0] for item in ASKED}
    before = dice.choice((2, 3, 4))
    confidence = {"q6_confident_before": before, "q7_confident_after": min(5, before + dice.choice((0, 1, 1, 2)))}
    estimate = {"time_saved_minutes": case.planted.saving + 5 * dice.randint(-3, 5)} if dice.random() < 1 / 8 else {}
    return {"respondent_role": dice.choice(("surgeon",) * 5 + ("trainee",)), **answers, **confidence, **estimate}


def complexity_of(dice: random.Random) -> str:
    return dice.choices(list(COMPLEXITIES), list(COMPLEXITIES.values()))[0]


def said_age(age: int | None) -> int | str | None:
    """An age as a report says it: 90 stands for "90+"."""
    return "90+" if age == NINETY_PLUS else age


def sex_of(dice: random.Random, planted: Planted) -> str:
    if planted.category in ALWAYS_FEMALE:
        return "female"
    return "male" if planted.category in ALWAYS_MALE else dice.choice(("female", "male"))


def _order(dice: random.Random, site: DemoSite, planted: Planted, age: int | None) -> dict[str, Any]:
    return {
        "local_case_id": "",
        "order_month": MONTHS[month_of(dice, site)],
        "age_years": said_age(age),
        "sex": sex_of(dice, planted),
        "organ_system": planted.organ_system,
        "indication_system": "icd10cm",
        "indication_code": planted.indication,
        "appropriateness": dice.choice((7, 8, 8, 9, None)),
        "ordering_services": [planted.service],
        "poc_attestation": True,
        "exclusions_attested": True,
        "imaging": making.imaging(dice, planted),
    }
