"""The naive twin of what the billing codes are counted by: the sets of codes and the rules are written out once more, by hand."""

from datetime import date
from typing import Any

from registry.models import Case, CodeReference, Procedure

MODEL, GUIDE = {"0559T", "0560T"}, {"0561T", "0562T"}
SURFACE = {"1030T", "1031T", "1032T", "1033T", "1034T", "1035T"}
RENDERING = {"76376", "76377"}


def billing_group(case: Case) -> str:
    """The one group of the case; a control has none."""
    if case.object_kind == "none":
        return ""
    codes = {row.code for row in case.codes.all()}
    printing = "_".join(name for name, some in (("model", MODEL), ("guide", GUIDE)) if codes & some)
    return {"model": "model", "guide": "guide", "model_guide": "both"}.get(
        printing, "digital" if codes & SURFACE else "no_code"
    )


def count_codes(place: Any, case: Case, found: dict[str, Any]) -> None:
    """Cases, those counted under another modifier already, and units."""
    seen: set[str] = set()
    for row in sorted(case.codes.all(), key=lambda row: row.modifier):
        status = row.claim_status or ("unknown" if "claim_status" in row.unknown_fields else "")
        key = (*place, row.code, row.modifier, case.organ_system, row.claim, status)
        counts = found["CodeCell"].setdefault(key, [0, 0, 0])
        counts[0] += 1
        counts[1] += row.code in seen
        counts[2] += row.units
        seen.add(row.code)


def count_rules(place: Any, case: Case, procedure: Procedure | None, found: dict[str, Any]) -> None:
    """How often each rule applied, and how often it was broken."""
    printing = any(row.code in MODEL | GUIDE for row in case.codes.all())
    for row in case.codes.all():
        month = row.applied_month or (procedure.performed_month if procedure else case.order_month)
        pieces = {
            "0560T": case.parts.count(),
            "0562T": sum(guide.count for guide in case.guides.all()),
        }.get(row.code)
        reference = _in_force(row.code, month)
        judged = {"code-not-valid": reference is None}
        if reference and reference.mue_units and reference.mue_from <= month:
            judged["units-unlikely"] = row.units > reference.mue_units
        if pieces is not None:
            judged["units-differ"] = row.units != max(pieces - 1, 0)
        if row.code in RENDERING:
            judged["rendering-beside-print"] = printing
        if row.code in SURFACE:
            judged["surface-model-beside-print"] = printing
        for rule, broken in judged.items():
            counts = found["CodeRuleCell"].setdefault((*place, row.code, rule), [0, 0])
            counts[0] += 1
            counts[1] += broken


def _in_force(code: str, month: date) -> Any:
    for row in CodeReference.objects.filter(code=code).order_by("-effective_from"):
        begun = row.effective_from is None or row.effective_from.replace(day=1) <= month
        if begun and (row.effective_to is None or month <= row.effective_to):
            return row
    return None
