"""How the fields of a case report are called where people fill them in: a label, and a hint where the label does not say enough."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.vocabulary.clinic import LIKERT_ITEMS

Words = str | Promise

CASE: dict[str, tuple[Words, Words]] = {
    "local_case_id": (_("Case id at your site"), _("Made up by you: no record number, no name, no date")),
    "object_kind": (_("What was made"), ""),
    "order_month": (_("Month of the order"), _("Year and month, 2026-02")),
    "age_years": (_("Age in years"), _("0 to 89, or 90+")),
    "age_months": (_("Age in months"), _("For children under two")),
    "sex": (_("Sex"), ""),
    "organ_system": (_("Organ system"), ""),
    "indication_system": (_("List of the indication code"), ""),
    "indication_code": (_("Indication code"), _("Such as M26.213")),
    "appropriateness": (_("Appropriateness"), _("1 to 9, from your own review")),
    "complexity": (_("Complexity of the service"), ""),
    "intended_uses": (_("Intended uses"), ""),
    "ordering_services": (_("Services that ordered it"), ""),
    "print_decision": (_("What was decided"), ""),
    "print_decision_reason": (_("Why it was not printed"), ""),
    "regulatory_pathway": (_("Regulatory pathway"), _("Scenarios of the FDA discussion paper of 2021")),
    "poc_attestation": (_("Made at the point of care"), ""),
    "exclusions_attested": (_("No biologic material, implant or prosthesis is reported"), ""),
    "no_procedure_reason": (_("Why there is no procedure"), ""),
    "comment": (_("Comment"), _("At most 80 characters, nothing about a person; never leaves your site")),
    "or_log_number": (_("Number in the OR log"), _("Only a keyed hash is kept, to match the OR log later")),
}
IMAGING: dict[str, tuple[Words, Words]] = {
    "modality": (_("Modality"), ""),
    "slice_mm": (_("Slice thickness, mm"), ""),
    "contrast": (_("Contrast medium"), ""),
    "acquired_for_print": (_("Acquired for the print"), ""),
    "fused": (_("Fused with another source"), ""),
}
PARTS: dict[str, tuple[Words, Words]] = {
    "region": (_("Region"), ""),
    "subregion": (_("Subregion"), ""),
    "structure": (_("Structure"), ""),
    "laterality": (_("Side"), _("Needed for extremities, breast and orbit")),
    "comment": (_("Comment"), _("Only to tell parts apart; never leaves your site")),
}
GUIDES: dict[str, tuple[Words, Words]] = {
    "guide_type": (_("Type of guide"), ""),
    "region": (_("Region"), ""),
    "laterality": (_("Side"), _("Needed for extremities, breast and orbit")),
    "count": (_("How many"), ""),
}
PRINTS: dict[str, tuple[Words, Words]] = {
    "printer": (_("Printer"), ""),
    "materials": (_("Materials"), ""),
    "parts": (_("Parts printed"), _("Numbers of the parts above: 1; 2")),
    "scale_percent": (_("Scale, per cent"), ""),
    "copies": (_("Copies"), _("Copies are not further prints")),
    "optical": (_("How it looks"), ""),
    "flexible": (_("Flexible"), ""),
    "colours": (_("Number of colours"), ""),
    "volume_cm3": (_("Printed volume, mL"), ""),
    "mass_g": (_("Mass, g"), ""),
    "print_hours": (_("Machine time, hours"), _("9.5, 9:30 or 9.5h")),
    "material_cost": (_("Material cost"), _("In your site's currency")),
    "outcome": (_("Outcome of the print"), ""),
    "failure_reason": (_("Why it failed or was repeated"), ""),
    "sterilisation": (_("Sterilisation"), _("Needed for use in the sterile field")),
    "qa_result": (_("Quality check"), ""),
    "dim_error_mm": (_("Largest dimensional error, mm"), ""),
    "verification_method": (_("How it was checked"), ""),
}
EFFORT: dict[str, tuple[Words, Words]] = {
    "activity": (_("Activity"), ""),
    "staff": (_("Staff group"), ""),
    "minutes": (_("Minutes"), _("150, 2:30 or 2.5h; 0 for none; unknown if nobody knows")),
}
CODES: dict[str, tuple[Words, Words]] = {
    "code": (_("Code"), ""),
    "units": (_("Units"), ""),
    "modifier": (_("Modifier"), ""),
    "applied_month": (_("Month applied"), _("Year and month, 2026-02")),
    "claim": (_("Claim"), _("Applied is not billed")),
    "claim_status": (_("What became of the claim"), ""),
    "amount_paid": (_("Amount paid"), _("In your site's currency")),
}
PROCEDURE: dict[str, tuple[Words, Words]] = {
    "performed_month": (_("Month of the procedure"), _("Year and month, 2026-02")),
    "category": (_("Procedure category"), _("Or a code of your site's procedure map")),
    "procedure_code_system": (_("List of the procedure code"), ""),
    "procedure_code": (_("Procedure code"), _("As in your site's procedure map")),
    "approach": (_("Approach"), ""),
    "used_in_or": (_("Use in the operating room"), ""),
    "surgeon_experience": (_("Surgeon's experience"), ""),
}
TIMES: dict[str, tuple[Words, Words]] = {
    "clock": (_("Clock"), _("From which moment to which")),
    "minutes": (_("Minutes"), _("137 or 2:17")),
    "source": (_("Where it was read"), ""),
    "confirmed": (_("Unusual, and confirmed"), ""),
    "from": (_("From"), _("08:14; dropped once the minutes are known")),
    "to": (_("To"), _("10:31, or 01:20+1 on the next day")),
}
ASSESSMENTS: dict[str, tuple[Words, Words]] = {
    "respondent_role": (_("Who answered"), ""),
    **{item: (words, "") for item, words in LIKERT_ITEMS.items()},
    "time_saved_minutes": (_("Minutes saved, in your estimate"), _("Negative if it took longer")),
}
FIELDS: dict[str, dict[str, tuple[Words, Words]]] = {
    "case": CASE,
    "imaging": IMAGING,
    "parts": PARTS,
    "guides": GUIDES,
    "prints": PRINTS,
    "effort": EFFORT,
    "codes": CODES,
    "procedure": PROCEDURE,
    "times": TIMES,
    "assessments": ASSESSMENTS,
}
"""By section of a report and field: (label, hint)."""


def label(section: str, field: str) -> str:
    """What a person reads beside the input or above the column."""
    return str(FIELDS[section][field][0])


def hint(section: str, field: str) -> str:
    """What helps to fill it in; empty where the label is enough."""
    return str(FIELDS[section][field][1])
