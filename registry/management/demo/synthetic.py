"""Synthetic demonstration data: case reports of invented sites, the same at every run.

Minutes in the room are log-normal with a coefficient of variation of 0.3. Every procedure category has a planted mean
without a print and a planted saving in minutes: what the statistics should come near to, and nothing a hospital ever saw.
One saving is zero and one is negative, because a registry that cannot show those cannot be believed.
"""

import math
import random
from dataclasses import dataclass, field
from typing import Any

SYNTHETIC = "synthetic demonstration data"
SEED = 20260701
CV = 0.3
CONTROLS_OF_ONE_CATEGORY = 40
PRINTED_OF_ONE_CATEGORY = 25
MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 13))
ACTIVITIES = ("consultation", "segmentation", "cad", "prep_postprocess")
MEAN_EFFORT = {
    ("consultation", "clinician"): 34,
    ("segmentation", "clinician"): 22,
    ("cad", "clinician"): 18,
    ("prep_postprocess", "clinician"): 12,
    ("consultation", "non_clinician"): 45,
    ("segmentation", "non_clinician"): 148,
    ("cad", "non_clinician"): 72,
    ("prep_postprocess", "non_clinician"): 66,
}


@dataclass(frozen=True)
class Planted:
    """What was planted for one procedure category: minutes in the room without a print, and minutes saved with one."""

    category: str
    object_kind: str
    organ_system: str
    service: str
    indication: str
    complexity: str
    minutes: int
    saving: int
    parts: tuple[tuple[str, str | None, str, str], ...] = ()
    guide: tuple[str, str, str] | None = None


PLANTED = (
    Planted(
        "acetabular_fracture", "anatomic_model", "msk", "orthopaedics", "S32.401A", "basic", 215, 35,
        parts=(("pelvis", None, "bone", "right"), ("pelvis", None, "artery", "right")),
    ),
    Planted(
        "orthognathic_two_jaw", "both", "head_neck_cmf", "omfs", "M26.213", "intermediate", 410, 60,
        parts=(("head", "face", "bone", "midline"), ("head", "face", "teeth", "bilateral")),
        guide=("cutting", "head", "midline"),
    ),
    Planted(
        "tka", "anatomic_guide", "msk", "orthopaedics", "M17.11", "basic", 125, -5,
        guide=("cutting_and_drilling", "lower_extremity", "right"),
    ),
    Planted(
        "congenital_heart_repair", "anatomic_model", "cardiac", "congenital_heart", "Q21.3", "complex", 285, 0,
        parts=(("chest", "heart", "whole_heart", "midline"), ("chest", None, "aorta", "midline")),
    ),
    Planted(
        "spinal_deformity", "anatomic_model", "spine", "spine", "M41.9", "complex", 340, 30,
        parts=(("spine", "thoracic", "bone", "midline"), ("spine", "thoracic", "spinal_cord", "midline")),
    ),
    Planted(
        "partial_nephrectomy", "anatomic_model", "gu", "urology", "C64.2", "intermediate", 190, 18,
        parts=(
            ("abdomen", None, "kidney", "left"),
            ("abdomen", None, "tumor", "left"),
            ("abdomen", None, "artery", "left"),
        ),
    ),
)  # fmt: skip


@dataclass
class Reports:
    """What one site sends: case reports first, then outcomes that come late, by local case id."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    late: dict[str, dict[str, Any]] = field(default_factory=dict)


def reports_of(site: str, printers: dict[str, str], share: int, of: int) -> Reports:
    """The reports of one site: every `of`-th control and printed case, beginning with number `share`.

    `printers` are the site's printer labels, each with the name of the material it prints.
    """
    dice = random.Random(f"{SEED} {site}")  # noqa: S311 - repeatable on purpose
    out = Reports()
    for planted in PLANTED:
        for number in range(share, CONTROLS_OF_ONE_CATEGORY, of):
            out.cases.append(_control(dice, planted, f"{site}-{planted.category[:5]}-C{number:03d}"))
        for number in range(share, PRINTED_OF_ONE_CATEGORY, of):
            _add_printed(dice, planted, f"{site}-{planted.category[:5]}-P{number:03d}", printers, out)
    out.cases.append(_not_printed(dice, PLANTED[0], f"{site}-D001", "digital_only"))
    out.cases.append(_not_printed(dice, PLANTED[-1], f"{site}-X001", "cancelled"))
    return out


def _control(dice: random.Random, planted: Planted, local_id: str) -> dict[str, Any]:
    minutes = _minutes(dice, planted.minutes)
    return {
        "local_case_id": local_id,
        "object_kind": "none",
        "age_years": _age(dice, planted),
        "sex": dice.choice(("female", "male")),
        "complexity": planted.complexity,
        "procedure": {
            "performed_month": dice.choice(MONTHS),
            "category": planted.category,
            "times": _times(dice, minutes, "or_log"),
        },
    }


def _add_printed(dice: random.Random, planted: Planted, local_id: str, printers: dict[str, str], out: Reports) -> None:
    """Six printed cases in ten have an OR time, two of them late; two have a procedure without one; two still wait."""
    report = _order(dice, planted, local_id, "printed")
    used = "sterile_field" if planted.guide else dice.choice(("planning_only", "intra_op_nonsterile"))
    report |= _made(dice, planted, printers, sterile=used == "sterile_field")
    month = MONTHS.index(report["order_month"])
    procedure: dict[str, Any] = {
        "performed_month": MONTHS[min(month + dice.choice((0, 0, 1)), len(MONTHS) - 1)],
        "category": planted.category,
        "approach": "open",
        "used_in_or": used,
    }
    minutes = _minutes(dice, planted.minutes - planted.saving)
    chance = dice.random()
    if chance < 0.4:
        report["procedure"] = procedure | {"times": _times(dice, minutes, dice.choice(("or_log", "ehr", "chart")))}
    elif chance < 0.6:
        out.late[local_id] = {"procedure": procedure | {"times": _times(dice, minutes, "or_log")}}
    elif chance < 0.8:
        report["procedure"] = procedure
    if dice.random() < 0.5:
        report["assessments"] = [_assessment(dice, planted)]
    out.cases.append(report)


def _not_printed(dice: random.Random, planted: Planted, local_id: str, decision: str) -> dict[str, Any]:
    report = _order(dice, planted, local_id, decision)
    if decision == "digital_only":
        report |= {"object_kind": "digital_only", "print_decision_reason": "screen_sufficed"}
    else:
        report |= {"print_decision_reason": "patient_or_plan_changed", "no_procedure_reason": "cancelled"}
    return report | {"parts": _parts(planted)}


def _order(dice: random.Random, planted: Planted, local_id: str, decision: str) -> dict[str, Any]:
    return {
        "local_case_id": local_id,
        "object_kind": planted.object_kind,
        "order_month": dice.choice(MONTHS),
        "age_years": _age(dice, planted),
        "sex": dice.choice(("female", "male")),
        "organ_system": planted.organ_system,
        "indication_system": "icd10cm",
        "indication_code": planted.indication,
        "complexity": planted.complexity,
        "intended_uses": ["preop_planning", "tool_fabrication" if planted.guide else "patient_education"],
        "ordering_services": [planted.service],
        "print_decision": decision,
        "poc_attestation": True,
        "exclusions_attested": True,
        "imaging": [
            {"modality": "CT", "slice_mm": dice.choice((0.5, 0.625, 1, 1.25)), "contrast": dice.random() < 0.5}
        ],
        "effort": [
            {"activity": activity, "staff": staff, "minutes": None if dice.random() < 0.1 else _minutes(dice, mean)}
            for (activity, staff), mean in MEAN_EFFORT.items()
        ],
    }


def _made(dice: random.Random, planted: Planted, printers: dict[str, str], *, sterile: bool) -> dict[str, Any]:
    """Parts, guides, prints and codes of one printed case; codes as the rules want them."""
    printer = dice.choice(sorted(printers))
    first, further = ("0559T", "0560T") if planted.parts else ("0561T", "0562T")
    made: dict[str, Any] = {
        "prints": [
            {
                "printer": printer,
                "materials": [printers[printer]],
                "parts": [number for number, _ in enumerate(planted.parts, start=1)],
                "scale_percent": 100,
                "copies": 1,
                "print_hours": round(dice.uniform(3, 14), 1),
                "material_cost": round(dice.uniform(8, 180), 2),
                "outcome": dice.choices(("success", "reprint", "failed"), (84, 11, 5))[0],
                "sterilisation": "steam_134" if sterile else "none",
                "qa_result": "pass",
            }
        ],
        "codes": [{"code": first, "units": 1, "claim": "unknown"}],
    }
    if planted.parts:
        made["parts"] = _parts(planted)
        if len(planted.parts) > 1:
            made["codes"].append({"code": further, "units": len(planted.parts) - 1, "claim": "unknown"})
    if planted.guide:
        guide_type, region, laterality = planted.guide
        made["guides"] = [{"guide_type": guide_type, "region": region, "laterality": laterality, "count": 1}]
        if planted.parts:
            made["codes"].append({"code": "0561T", "units": 1, "claim": "unknown"})
    return made


def _parts(planted: Planted) -> list[dict[str, Any]]:
    return [
        {"region": region, "structure": structure, "laterality": laterality}
        | ({"subregion": subregion} if subregion else {})
        for region, subregion, structure, laterality in planted.parts
    ]


def _assessment(dice: random.Random, planted: Planted) -> dict[str, Any]:
    asked = ("q1_easy", "q2_compatible", "q3_plan_changed", "q4_important", "q5_quality")
    answers = {item: dice.choices((2, 3, 4, 5), (1, 2, 5, 4))[0] for item in asked}
    before = dice.choice((2, 3, 4))
    confidence = {"q6_confident_before": before, "q7_confident_after": min(5, before + dice.choice((0, 1, 1, 2)))}
    estimate = {"time_saved_minutes": planted.saving} if dice.random() < 0.12 else {}
    return {"respondent_role": "surgeon", **answers, **confidence, **estimate}


def _age(dice: random.Random, planted: Planted) -> int | str:
    if planted.category == "congenital_heart_repair":
        return dice.randint(1, 17)
    age = dice.randint(16, 94)
    return "90+" if age > 89 else age


def _times(dice: random.Random, in_room: int, source: str) -> list[dict[str, Any]]:
    """Minutes in the room and, for half of the operations, from incision to closure."""
    times = [{"clock": "in_room", "minutes": in_room, "source": source}]
    if dice.random() < 0.5 and in_room > 40:
        times.append({"clock": "incision_closure", "minutes": round(in_room * 0.72), "source": source})
    return times


def _minutes(dice: random.Random, mean: float) -> int:
    """Whole minutes from a log-normal distribution with this arithmetic mean and a CV of 0.3, within 5 to 1440."""
    variance = math.log(1 + CV**2)
    drawn = dice.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))
    return max(5, min(1440, round(drawn)))
