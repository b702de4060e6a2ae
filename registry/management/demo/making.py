"""What was made of one printed case: imaging, parts or guides, prints, codes."""

import random
from typing import Any

from registry.management.demo.equipment import Equipment
from registry.management.demo.plan import Planted
from registry.management.demo.printed import GUIDE, MODEL, Case

OUTCOMES = {"success": 84, "reprint": 11, "failed": 5}
REASONS = ("warping_or_adhesion", "supports", "incomplete", "post_processing", "inaccurate", "machine")
CHECKS = ("physical_measurement", "physical_measurement", "surface_scan", "digital_photo", "ct_of_print")
STERILISED = ("steam_134", "steam_121", "hydrogen_peroxide", "ethylene_oxide")
SIDES = ("left", "right")


def side_of(dice: random.Random, planted: Planted) -> str:
    return dice.choice(SIDES) if planted.is_sided else "midline"


def imaging(dice: random.Random, planted: Planted) -> list[dict[str, Any]]:
    """The main source; for one case in seven a second, fused with it."""
    first = {
        "modality": planted.modality,
        "slice_mm": dice.choice((0.5, 0.6, 0.625, 0.75, 1, 1.25)),
        "contrast": dice.choice((True, True, False, None)),
        "acquired_for_print": dice.random() < 0.3,
    }
    if dice.random() >= 1 / 7:
        return [first]
    return [{**first, "fused": True}, {"modality": "CT" if planted.modality == "MR" else "MR", "fused": True}]


def parts(planted: Planted, how_many: int, side: str) -> list[dict[str, Any]]:
    """The first so many parts of the plan, the dominant one first."""
    return [
        {"region": region, "structure": structure, "laterality": side} | ({"subregion": subregion} if subregion else {})
        for region, subregion, structure in planted.parts[:how_many]
    ]


def made(dice: random.Random, case: Case, *, sterile: bool) -> dict[str, Any]:
    """Parts or guides, prints and codes of a printed case; codes as the rules want them."""
    side = side_of(dice, case.planted)
    if case.kind == MODEL:
        what = {"parts": parts(case.planted, case.pieces, side)}
    else:
        region = case.planted.parts[0][0]
        guide = {"guide_type": case.planted.guide_type, "region": region, "laterality": side, "count": case.pieces}
        what = {"guides": [guide]}
    return what | {"prints": _prints(dice, case, sterile=sterile), "codes": _codes(dice, case)}


def _prints(dice: random.Random, case: Case, *, sterile: bool) -> list[dict[str, Any]]:
    """One print; after a failed one a second, which went well."""
    printer = next(each for each in case.site.equipment if each.process == case.process)
    first = _print(dice, case, printer, dice.choices(list(OUTCOMES), list(OUTCOMES.values()))[0], sterile=sterile)
    if first["outcome"] != "failed" or dice.random() < 0.2:
        return [first]
    return [first, _print(dice, case, printer, "success", sterile=sterile)]


def _print(dice: random.Random, case: Case, printer: Equipment, outcome: str, *, sterile: bool) -> dict[str, Any]:
    size = dice.lognormvariate(0, 0.5) * (1 + 0.15 * (case.pieces - 1))
    usable = outcome != "failed"
    said: dict[str, Any] = {
        "printer": printer.label,
        "materials": [name for name, _ in _materials(dice, printer)],
        "scale_percent": 100 if case.kind == GUIDE else dice.choice((100,) * 9 + (150, 50)),
        "copies": dice.choice((1,) * 9 + (2,)),
        "print_hours": _or_unknown(dice, round(min(printer.hours * size, 120), 1)),
        "material_cost": _or_unknown(dice, round(printer.cost * size, 2)),
        "outcome": outcome,
        "sterilisation": dice.choice(STERILISED) if sterile and usable else "none",
        "qa_result": "reject"
        if not usable
        else "rework"
        if outcome == "reprint"
        else dice.choice(("pass",) * 8 + ("not_done",)),
    }
    if case.kind == MODEL:
        said["parts"] = list(range(1, case.pieces + 1))
    if outcome != "success":
        said["failure_reason"] = dice.choice(REASONS)
    if said["qa_result"] == "pass" and dice.random() < 0.4:
        said |= {"dim_error_mm": round(dice.gauss(0, 0.15), 2), "verification_method": dice.choice(CHECKS)}
    return said


def _materials(dice: random.Random, printer: Equipment) -> tuple[tuple[str, str], ...]:
    """One material of the printer, the first one more often; jetting sometimes mixes two."""
    if printer.process == "material_jetting" and dice.random() < 0.25:
        return printer.materials[:2]
    return (printer.materials[0] if dice.random() < 0.7 else dice.choice(printer.materials),)


def _or_unknown(dice: random.Random, value: float) -> float | None:
    return None if dice.random() < 0.08 else value


def _codes(dice: random.Random, case: Case) -> list[dict[str, Any]]:
    """The first component or guide, and one unit for each further one. Two cases in three bear codes, as not every site applies them."""
    if dice.random() < 1 / 3:
        return []
    first, further = ("0559T", "0560T") if case.kind == MODEL else ("0561T", "0562T")
    claim = dice.choice(("billed", "not_billed", "not_billed", "unknown"))
    said = {"claim": claim} | (
        {"claim_status": dice.choice(("paid", "denied", "pending", "zero_paid"))} if claim == "billed" else {}
    )
    codes = [{"code": first, "units": 1, **said}]
    return [*codes, {"code": further, "units": case.pieces - 1, **said}] if case.pieces > 1 else codes
