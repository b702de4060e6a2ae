"""Case reports for the tests of statistics, as small as the rules allow."""

from typing import Any

from registry.intake.report import CaseReport

IN_ROOM = "in_room"


def time(minutes: int, clock: str = IN_ROOM, source: str = "or_log") -> dict[str, Any]:
    return {"clock": clock, "minutes": minutes, "source": source}


def procedure(month: str, category: str, *times: dict[str, Any], used: str | None = None) -> dict[str, Any]:
    return {"performed_month": month, "category": category, "used_in_or": used, "times": list(times)}


def control(local_id: str, month: str, category: str, *times: dict[str, Any], **more: Any) -> CaseReport:
    return CaseReport(
        {"local_case_id": local_id, "object_kind": "none", "procedure": procedure(month, category, *times), **more}
    )


def asked(
    local_id: str, month: str, *, decision: str = "printed", kind: str = "anatomic_model", **more: Any
) -> CaseReport:
    """A case that asked for an object; `more` overrides or adds fields."""
    printed = decision == "printed"
    return CaseReport(
        {
            "local_case_id": local_id,
            "object_kind": kind,
            "order_month": month,
            "age_years": 40,
            "sex": "female",
            "organ_system": "msk",
            "intended_uses": ["preop_planning"],
            "ordering_services": ["orthopaedics"],
            "print_decision": decision,
            "exclusions_attested": True,
            "parts": [{"region": "pelvis", "structure": "bone"}] if kind in {"anatomic_model", "both"} else [],
            "guides": [{"guide_type": "cutting", "region": "pelvis"}] if kind in {"anatomic_guide", "both"} else [],
            "prints": [print_()] if printed else [],
            **more,
        }
    )


def print_(printer: str = "J750", **more: Any) -> dict[str, Any]:
    return {"printer": printer, "materials": ["Vero"], "outcome": "success", **more}
