"""Words about billing codes. Numbers with our own short labels; no descriptors of the code's owner."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimState(models.TextChoices):
    """Applied is not billed: a federal site applies codes and bills nobody."""

    BILLED = "billed", _("Billed")
    NOT_BILLED = "not_billed", _("Not billed")
    UNKNOWN = "unknown", _("Unknown")


class ClaimStatus(models.TextChoices):
    PAID = "paid", _("Paid")
    DENIED = "denied", _("Denied")
    PENDING = "pending", _("Pending")
    ZERO_PAID = "zero_paid", _("Accepted, nothing paid")
    NA = "na", _("Does not apply")


class Modifier(models.TextChoices):
    REDUCED = "52", _("52 (a model reported earlier, printed unaltered)")


class BillingGroup(models.TextChoices):
    """What the codes of a case say was done; each case is in one group alone. Rendering codes make no group.

    Surface-model codes beside a printing code change nothing: the case is in the group of its printing codes.
    """

    MODEL = "model", _("Model codes only")
    GUIDE = "guide", _("Guide codes only")
    BOTH = "both", _("Model and guide codes")
    DIGITAL = "digital", _("Digital model codes only")
    NO_CODE = "no_code", _("None of these codes")


class CodeRule(models.TextChoices):
    """Rules of the codes, named as the problem of a report that breaks one; both problems of a code's dates are one rule."""

    NOT_VALID = "code-not-valid", _("Outside the dates of the code")
    WITHOUT_PRIMARY = "add-on-without-primary", _("Add-on without its first code")
    OTHER_KIND = "code-of-other-kind", _("Not of what was made")
    FIRST_ONCE = "first-code-once", _("More than one unit of a first code")
    MODIFIER_EARLY = "modifier-not-yet-valid", _("Modifier 52 before its date")
    UNITS_UNLIKELY = "units-unlikely", _("Units over the payers' limit")
    UNITS_DIFFER = "units-differ", _("Units differ from the components or guides described")
    RENDERING_BESIDE = "rendering-beside-print", _("Rendering code beside a printing code")
    SURFACE_BESIDE = "surface-model-beside-print", _("Digital model code beside a printing code")


@dataclass(frozen=True)
class CodeRow:
    """One dated row of the code reference.

    `effective_from` None: the code is older than anything the registry accepts. `mue_units` is the number of
    units per patient and day above which the registry warns, from `mue_from` on.
    """

    code: str
    own_label: str
    is_addon: bool
    primary_code: str
    object_kind: str
    effective_from: date | None
    mue_units: int | None
    mue_from: date | None
    source_url: str
    system: str = "cpt"
    effective_to: date | None = None


_MUE_FROM = date(2026, 4, 1)
_PRINTED_FROM = date(2019, 7, 1)
_SURFACE_FROM = date(2026, 7, 1)
_ACR_2018 = "https://3dheals.com/blog-expert-reimbursement-for-3d-printed-models/"
_ACR_2026 = "https://www.acr.org/News-and-Publications/2026/acr-achieves-mue-increase"
_SIG_2026 = "https://www.materialise.com/en/inspiration/articles/5-key-takeaways-rsna-sig-cme-course-2026"
_RENDERING = "https://3dheals.com/3d-printing-in-hospitals-reimbursement/"


def _printed(code: str, label: str, kind: str, addon_to: str = "", mue_units: int | None = None) -> CodeRow:
    mue_from, source = (_MUE_FROM, _ACR_2026) if mue_units else (None, _ACR_2018)
    return CodeRow(code, label, bool(addon_to), addon_to, kind, _PRINTED_FROM, mue_units, mue_from, source)


def _surface(code: str, label: str, addon_to: str = "") -> CodeRow:
    return CodeRow(code, label, bool(addon_to), addon_to, "digital_only", _SURFACE_FROM, None, None, _SIG_2026)


def _rendering(code: str, label: str) -> CodeRow:
    return CodeRow(
        code,
        label,
        is_addon=False,
        primary_code="",
        object_kind="",
        effective_from=None,
        mue_units=None,
        mue_from=None,
        source_url=_RENDERING,
    )


CODE_REFERENCE: tuple[CodeRow, ...] = (
    _printed("0559T", "Printed model, first component", "anatomic_model"),
    _printed("0560T", "Printed model, each further component", "anatomic_model", addon_to="0559T", mue_units=5),
    _printed("0561T", "Printed guide, first", "anatomic_guide"),
    _printed("0562T", "Printed guide, each further one", "anatomic_guide", addon_to="0561T", mue_units=2),
    _surface("1030T", "Digital surface model, first"),
    _surface("1031T", "Digital surface model, further", addon_to="1030T"),
    _surface("1032T", "Digital model with simulation, first"),
    _surface("1033T", "Digital model with simulation, further", addon_to="1032T"),
    _surface("1034T", "Digital model, simulated and computed, first"),
    _surface("1035T", "Digital model, simulated and computed, further", addon_to="1034T"),
    _rendering("76376", "3D rendering, at the scanner"),
    _rendering("76377", "3D rendering, at a separate workstation"),
)

MODEL_CODES: frozenset[str] = frozenset({"0559T", "0560T"})
GUIDE_CODES: frozenset[str] = frozenset({"0561T", "0562T"})
PRINTING_CODES: frozenset[str] = MODEL_CODES | GUIDE_CODES
SURFACE_MODEL_CODES: frozenset[str] = frozenset({"1030T", "1031T", "1032T", "1033T", "1034T", "1035T"})
RENDERING_CODES: frozenset[str] = frozenset({"76376", "76377"})
REDUCED_SERVICE_MODIFIER = Modifier.REDUCED.value
REDUCED_SERVICE_FROM = _SURFACE_FROM
"""Modifier 52 on a printing code says: reported before as a surface model and printed unaltered."""
