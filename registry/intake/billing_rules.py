"""Rules of the billing codes, from the dated reference table. See docs/adr/0008 for what a warning is: it is kept, it never refuses."""

from datetime import date
from typing import Any

from registry.intake.context import Context
from registry.intake.report import Believed
from registry.intake.rules import Rule, each
from registry.intake.sections import Reading
from registry.vocabulary.billing import (
    GUIDE_CODES,
    MODEL_CODES,
    PRINTING_CODES,
    REDUCED_SERVICE_FROM,
    REDUCED_SERVICE_MODIFIER,
    RENDERING_CODES,
    SURFACE_MODEL_CODES,
)

KINDS = {"anatomic_model": {"anatomic_model", "both"}, "anatomic_guide": {"anatomic_guide", "both"}}


def _service_month(row: dict[str, Any], believed: Believed) -> date | None:
    performed = (believed.procedure or {}).get("performed_month")
    return row.get("applied_month") or performed or believed.case.get("order_month")


@each("codes")
def each_code(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    """A code is known, was valid in its month, and its units lie under the dated medically-unlikely limit (a warning)."""
    reference = context.codes.get(row["code"])
    if reference is None:
        reading.refuse("unknown-code", f"{path}.code", "This code is not in the registry's code reference.")
        return
    month = _service_month(row, believed)
    if month and reference.effective_from and month < reference.effective_from.replace(day=1):
        reading.refuse(
            "code-not-yet-valid",
            f"{path}.applied_month",
            f"This code is valid from {reference.effective_from:%Y-%m} on.",
        )
    if month and reference.effective_to and month > reference.effective_to:
        reading.refuse(
            "code-no-longer-valid",
            f"{path}.applied_month",
            f"This code was valid until {reference.effective_to:%Y-%m}.",
        )
    limited = (
        reference.mue_units is not None
        and reference.mue_from is not None
        and month is not None
        and month >= reference.mue_from
    )
    if limited and row["units"] > (reference.mue_units or 0):
        reading.warn(
            "units-unlikely",
            f"{path}.units",
            f"More than {reference.mue_units} units a day are likely to be denied.",
        )


def add_ons(believed: Believed, context: Context, reading: Reading) -> None:
    """An add-on code stands only beside its primary code."""
    present = {row["code"] for row in believed.sections["codes"]}
    for index, row in enumerate(believed.sections["codes"]):
        reference = context.codes.get(row["code"])
        if reference and reference.is_addon and reference.primary_code not in present:
            message = f"This add-on code needs {reference.primary_code} on the same case."
            reading.refuse("add-on-without-primary", f"codes[{index}].code", message)


@each("codes")
def kinds(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    """Model codes go with models, guide codes with guides."""
    reference = context.codes.get(row["code"])
    wanted = KINDS.get(reference.object_kind or "") if reference else None
    if wanted and believed.case["object_kind"] not in wanted:
        reading.refuse("code-of-other-kind", f"{path}.code", "This code does not go with what was made (object_kind).")


def units(believed: Believed, context: Context, reading: Reading) -> None:
    """One unit of the first code, and one further unit for each further component or guide. Copies never add units."""
    parts = len(believed.sections["parts"])
    guides = sum(row.get("count", 1) for row in believed.sections["guides"])
    further = {"0560T": max(parts - 1, 0), "0562T": max(guides - 1, 0)}
    for index, row in enumerate(believed.sections["codes"]):
        path = f"codes[{index}].units"
        if row["code"] in {"0559T", "0561T"} and row["units"] != 1:
            reading.refuse(
                "first-code-once",
                path,
                "The first component or guide is one unit; the further ones go to the add-on code.",
            )
        if row["code"] in further and row["units"] != further[row["code"]]:
            reading.warn(
                "units-differ", path, "The units differ from the components or guides described, less the first."
            )


def companions(believed: Believed, context: Context, reading: Reading) -> None:
    """Rendering and surface-model codes beside a printing code, and the reduced-service modifier."""
    present = {row["code"] for row in believed.sections["codes"]}
    for index, row in enumerate(believed.sections["codes"]):
        path = f"codes[{index}]"
        if row["code"] in RENDERING_CODES and present & PRINTING_CODES:
            reading.warn(
                "rendering-beside-print",
                f"{path}.code",
                "Rendering codes are not used together with the printing codes.",
            )
        if row["code"] in SURFACE_MODEL_CODES and present & PRINTING_CODES:
            message = (
                "Not used beside a printing code: a model reported before and printed unaltered takes modifier 52."
            )
            reading.warn("surface-model-beside-print", f"{path}.code", message)
        if row.get("modifier") == REDUCED_SERVICE_MODIFIER:
            _modifier(row, path, believed, reading)


def _modifier(row: dict[str, Any], path: str, believed: Believed, reading: Reading) -> None:
    if row["code"] not in MODEL_CODES | GUIDE_CODES:
        reading.refuse("modifier-of-other-code", f"{path}.modifier", "Modifier 52 belongs to the printing codes.")
    month = _service_month(row, believed)
    if month and month < REDUCED_SERVICE_FROM:
        reading.refuse(
            "modifier-not-yet-valid", f"{path}.modifier", f"Modifier 52 is used from {REDUCED_SERVICE_FROM:%Y-%m} on."
        )


RULES: tuple[Rule, ...] = (each_code, add_ons, kinds, units, companions)
