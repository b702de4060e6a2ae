"""Words about the object, how it was made and how it was checked."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ObjectKind(models.TextChoices):
    """What was made. `none` marks a control case: the same procedure without a print."""

    ANATOMIC_MODEL = "anatomic_model", _("Anatomic model")
    ANATOMIC_GUIDE = "anatomic_guide", _("Anatomic guide")
    BOTH = "both", _("Anatomic model and guide")
    DIGITAL_ONLY = "digital_only", _("Digital only")
    NONE = "none", _("Control (no print)")


class Process(models.TextChoices):
    """The seven process categories of ISO/ASTM 52900:2021."""

    BINDER_JETTING = "binder_jetting", _("Binder jetting")
    DIRECTED_ENERGY_DEPOSITION = "directed_energy_deposition", _("Directed energy deposition")
    MATERIAL_EXTRUSION = "material_extrusion", _("Material extrusion")
    MATERIAL_JETTING = "material_jetting", _("Material jetting")
    POWDER_BED_FUSION = "powder_bed_fusion", _("Powder bed fusion")
    SHEET_LAMINATION = "sheet_lamination", _("Sheet lamination")
    VAT_PHOTOPOLYMERIZATION = "vat_photopolymerization", _("Vat photopolymerization")


PROCESS_SYNONYMS: dict[str, str] = {
    "bjt": "binder_jetting",
    "binder jet": "binder_jetting",
    "cjp": "binder_jetting",
    "colorjet": "binder_jetting",
    "colorjet printing": "binder_jetting",
    "ded": "directed_energy_deposition",
    "lens": "directed_energy_deposition",
    "lmd": "directed_energy_deposition",
    "laser metal deposition": "directed_energy_deposition",
    "mex": "material_extrusion",
    "fdm": "material_extrusion",
    "fff": "material_extrusion",
    "fused deposition modeling": "material_extrusion",
    "fused deposition modelling": "material_extrusion",
    "fused filament fabrication": "material_extrusion",
    "mjt": "material_jetting",
    "mjp": "material_jetting",
    "multijet": "material_jetting",
    "multijet printing": "material_jetting",
    "polyjet": "material_jetting",
    "pbf": "powder_bed_fusion",
    "sls": "powder_bed_fusion",
    "slm": "powder_bed_fusion",
    "dmls": "powder_bed_fusion",
    "ebm": "powder_bed_fusion",
    "mjf": "powder_bed_fusion",
    "multi jet fusion": "powder_bed_fusion",
    "selective laser sintering": "powder_bed_fusion",
    "selective laser melting": "powder_bed_fusion",
    "shl": "sheet_lamination",
    "lom": "sheet_lamination",
    "laminated object manufacturing": "sheet_lamination",
    "vpp": "vat_photopolymerization",
    "sla": "vat_photopolymerization",
    "dlp": "vat_photopolymerization",
    "lcd": "vat_photopolymerization",
    "msla": "vat_photopolymerization",
    "stereolithography": "vat_photopolymerization",
    "vat photopolymerisation": "vat_photopolymerization",
}
"""Trade names and abbreviations, in lower case, to the code of their process category."""


def process_code(word: str) -> str | None:
    """The `Process` code that `word` (a code, a label or a trade name, in any case) stands for, else None."""
    plain = " ".join(word.replace("_", " ").replace("-", " ").lower().split())
    code = plain.replace(" ", "_")
    return code if code in Process.values else PROCESS_SYNONYMS.get(plain)


class MaterialClass(models.TextChoices):
    PLA = "pla", _("PLA")
    ABS = "abs", _("ABS")
    PETG = "petg", _("PETG")
    PA12 = "pa12", _("Polyamide 12")
    TPU = "tpu", _("TPU")
    RESIN_STANDARD = "resin_standard", _("Standard resin")
    RESIN_BIOCOMPATIBLE = "resin_biocompatible", _("Biocompatible resin")
    PHOTOPOLYMER_RIGID = "photopolymer_rigid", _("Rigid photopolymer")
    PHOTOPOLYMER_FLEXIBLE = "photopolymer_flexible", _("Flexible photopolymer")
    PHOTOPOLYMER_TRANSPARENT = "photopolymer_transparent", _("Transparent photopolymer")
    GYPSUM = "gypsum", _("Gypsum")
    TITANIUM_ALLOY = "titanium_alloy", _("Titanium alloy")
    OTHER = "other", _("Other")


class Biocompatible(models.TextChoices):
    """Whether the site holds ISO 10993 evidence for the material as it processes it."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Unknown")


class GuideType(models.TextChoices):
    CUTTING = "cutting", _("Cutting")
    DRILLING = "drilling", _("Drilling")
    CUTTING_AND_DRILLING = "cutting_and_drilling", _("Cutting and drilling")
    POSITIONING = "positioning", _("Positioning")
    NEEDLE_BIOPSY = "needle_biopsy", _("Needle or biopsy")
    OTHER = "other", _("Other")


class Optical(models.TextChoices):
    """How the object looks, not what the printer could have done."""

    OPAQUE = "opaque", _("Opaque")
    TRANSLUCENT = "translucent", _("Translucent")
    TRANSPARENT = "transparent", _("Transparent")


class Sterilisation(models.TextChoices):
    NONE = "none", _("Not sterilised")
    STEAM_121 = "steam_121", _("Steam, 121 °C")
    STEAM_134 = "steam_134", _("Steam, 134 °C")
    HYDROGEN_PEROXIDE = "hydrogen_peroxide", _("Hydrogen peroxide, vapour or plasma")
    ETHYLENE_OXIDE = "ethylene_oxide", _("Ethylene oxide")
    GAMMA = "gamma", _("Gamma radiation")
    DRY_HEAT = "dry_heat", _("Dry heat")
    CHEMICAL_DISINFECTION = "chemical_disinfection", _("Chemical disinfection")


class QaResult(models.TextChoices):
    PASS = "pass", _("Passed")
    REWORK = "rework", _("Reworked")
    REJECT = "reject", _("Rejected")
    NOT_DONE = "not_done", _("Not done")


class PrintOutcome(models.TextChoices):
    SUCCESS = "success", _("Success")
    REPRINT = "reprint", _("Printed again")
    FAILED = "failed", _("Failed")


class FailureReason(models.TextChoices):
    WARPING_OR_ADHESION = "warping_or_adhesion", _("Warped or came off the plate")
    SUPPORTS = "supports", _("Supports failed or could not be removed")
    INCOMPLETE = "incomplete", _("Stopped before the end")
    POST_PROCESSING = "post_processing", _("Damaged after printing")
    INACCURATE = "inaccurate", _("Dimensions out of tolerance")
    SEGMENTATION = "segmentation", _("The digital model was wrong")
    MATERIAL = "material", _("Wrong or spoilt material")
    MACHINE = "machine", _("Printer fault")
    OTHER = "other", _("Other")


class VerificationMethod(models.TextChoices):
    PHYSICAL_MEASUREMENT = "physical_measurement", _("Measured by hand")
    DIGITAL_PHOTO = "digital_photo", _("Digital photo")
    SURFACE_SCAN = "surface_scan", _("Surface scan")
    PHOTOGRAMMETRY = "photogrammetry", _("Photogrammetry")
    CT_OF_PRINT = "ct_of_print", _("CT of the print")
    OTHER = "other", _("Other")


class RegulatoryPathway(models.TextChoices):
    """Scenarios A to E of the FDA discussion paper of December 2021, which is not guidance."""

    A = "A", _("A: minimal-risk printing by the facility")
    B = "B", _("B: manufacturer's turn-key system")
    C = "C", _("C: manufacturer's system that needs more capability")
    D = "D", _("D: manufacturer on the premises")
    E = "E", _("E: the facility is the manufacturer")


class EffortActivity(models.TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    SEGMENTATION = "segmentation", _("Segmentation")
    CAD = "cad", _("Computer-aided design")
    PREP_POSTPROCESS = "prep_postprocess", _("Print preparation and post-processing")


class StaffGroup(models.TextChoices):
    CLINICIAN = "clinician", _("Clinician")
    NON_CLINICIAN = "non_clinician", _("Non-clinician")
