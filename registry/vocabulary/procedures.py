"""Words about operations: what was done, how it was timed, what it is compared with."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Category:
    """One procedure category: our own word, `specialty` and `organ_system` as in `vocabulary.clinic`."""

    code: str
    label: str | Promise
    specialty: str
    organ_system: str


CATEGORIES: tuple[Category, ...] = (
    Category("acetabular_fracture", _("Acetabular or pelvic fracture fixation"), "orthopaedics", "msk"),
    Category("upper_limb_fracture", _("Upper limb fracture fixation"), "orthopaedics", "msk"),
    Category("lower_limb_fracture", _("Lower limb fracture fixation"), "orthopaedics", "msk"),
    Category("tibial_plateau_fracture", _("Tibial plateau fracture fixation"), "orthopaedics", "msk"),
    Category("tka", _("Knee replacement"), "orthopaedics", "msk"),
    Category("tha", _("Hip replacement"), "orthopaedics", "msk"),
    Category("shoulder_arthroplasty", _("Shoulder replacement"), "orthopaedics", "msk"),
    Category("osteotomy", _("Corrective osteotomy of a limb"), "orthopaedics", "msk"),
    Category("bone_tumor_resection", _("Bone tumor resection"), "orthopaedics", "msk"),
    Category("arthroscopy", _("Arthroscopy"), "orthopaedics", "msk"),
    Category("hand_surgery", _("Hand or wrist surgery"), "orthopaedics", "msk"),
    Category("forefoot_correction", _("Forefoot or toe correction"), "orthopaedics", "msk"),
    Category("foot_ankle_other", _("Other foot or ankle surgery"), "orthopaedics", "msk"),
    Category("orthopaedics_other", _("Other orthopaedic surgery"), "orthopaedics", "msk"),
    Category("spinal_deformity", _("Spinal deformity correction"), "spine", "spine"),
    Category("pedicle_screws", _("Pedicle screw fixation, thoracic or lumbar"), "spine", "spine"),
    Category("upper_cervical_fixation", _("Upper cervical fixation"), "spine", "spine"),
    Category("spine_other", _("Other spine surgery"), "spine", "spine"),
    Category("mandible_reconstruction", _("Mandible reconstruction with a flap"), "omfs", "head_neck_cmf"),
    Category("orthognathic_two_jaw", _("Orthognathic surgery, two jaws"), "omfs", "head_neck_cmf"),
    Category("facial_fracture", _("Facial or orbital fracture fixation"), "omfs", "head_neck_cmf"),
    Category("omfs_other", _("Other oral or maxillofacial surgery"), "omfs", "head_neck_cmf"),
    Category("cranial_vault", _("Cranial vault reshaping"), "plastics_craniofacial", "head_neck_cmf"),
    Category("skin_soft_tissue", _("Skin or soft tissue procedure"), "plastics_craniofacial", "other"),
    Category("rhinoplasty", _("Rhinoplasty"), "plastics_craniofacial", "head_neck_cmf"),
    Category("plastics_other", _("Other plastic or craniofacial surgery"), "plastics_craniofacial", "other"),
    Category("nose_sinus", _("Nasal septum or sinus surgery"), "ent", "head_neck_cmf"),
    Category("tonsil_adenoid", _("Tonsil or adenoid surgery"), "ent", "head_neck_cmf"),
    Category("ear_surgery", _("Ear surgery"), "ent", "head_neck_cmf"),
    Category("ent_other", _("Other ENT surgery"), "ent", "head_neck_cmf"),
    Category("cranioplasty", _("Cranioplasty"), "neurosurgery", "neuro"),
    Category("intracranial_tumor", _("Intracranial or skull base tumor resection"), "neurosurgery", "neuro"),
    Category("intracranial_aneurysm", _("Intracranial aneurysm or malformation treatment"), "neurosurgery", "neuro"),
    Category("neurosurgery_other", _("Other neurosurgery"), "neurosurgery", "neuro"),
    Category("adult_cardiac_surgery", _("Adult heart valve or coronary surgery"), "cardiac_surgery", "cardiac"),
    Category("cardiac_surgery_other", _("Other cardiac surgery"), "cardiac_surgery", "cardiac"),
    Category("structural_heart", _("Structural heart intervention by catheter"), "cardiology", "cardiac"),
    Category("cardiology_other", _("Other cardiac catheter procedure"), "cardiology", "cardiac"),
    Category("congenital_heart_repair", _("Congenital heart repair"), "congenital_heart", "cardiac"),
    Category("congenital_heart_other", _("Other congenital heart procedure"), "congenital_heart", "cardiac"),
    Category("aortic_repair", _("Aortic repair, open or endovascular"), "vascular", "vascular"),
    Category("dialysis_access", _("Dialysis access procedure"), "vascular", "vascular"),
    Category("vascular_other", _("Other vascular surgery"), "vascular", "vascular"),
    Category("interventional_radiology_other", _("Image-guided intervention"), "interventional_radiology", "other"),
    Category("partial_nephrectomy", _("Partial nephrectomy"), "urology", "gu"),
    Category("prostatectomy", _("Prostate removal or ablation"), "urology", "gu"),
    Category("stone_surgery", _("Urinary stone surgery"), "urology", "gu"),
    Category("urology_other", _("Other urologic surgery"), "urology", "gu"),
    Category("liver_transplant", _("Liver transplant or living donation"), "transplant", "gi_hepatobiliary"),
    Category("transplant_other", _("Other transplant surgery"), "transplant", "other"),
    Category("liver_resection", _("Liver resection"), "hepatobiliary_general", "gi_hepatobiliary"),
    Category("pancreas_resection", _("Pancreas resection"), "hepatobiliary_general", "gi_hepatobiliary"),
    Category("cholecystectomy", _("Gallbladder removal"), "hepatobiliary_general", "gi_hepatobiliary"),
    Category("bariatric", _("Bariatric surgery"), "hepatobiliary_general", "gi_hepatobiliary"),
    Category("general_other", _("Other general surgery"), "hepatobiliary_general", "gi_hepatobiliary"),
    Category("colorectal_other", _("Colorectal surgery"), "colorectal", "gi_hepatobiliary"),
    Category("lung_resection", _("Lung resection"), "thoracic", "thoracic"),
    Category("thoracic_other", _("Other thoracic surgery"), "thoracic", "thoracic"),
    Category("breast_conserving", _("Breast-conserving surgery"), "breast", "breast"),
    Category("breast_other", _("Other breast surgery"), "breast", "breast"),
    Category("hysteroscopy_cervix", _("Hysteroscopy or cervix procedure"), "gynaecology_obstetrics", "gyn_ob"),
    Category("gynaecology_other", _("Other gynaecologic or obstetric surgery"), "gynaecology_obstetrics", "gyn_ob"),
    Category("paediatric_ear", _("Ear drum procedure in a child"), "paediatric_surgery", "head_neck_cmf"),
    Category("paediatric_other", _("Other paediatric surgery"), "paediatric_surgery", "other"),
    Category(
        "radiation_oncology_other", _("Brachytherapy or radiation oncology procedure"), "radiation_oncology", "other"
    ),
    Category("dental_other", _("Dental or implant surgery"), "dental", "head_neck_cmf"),
    Category("eye_surgery", _("Eye surgery"), "other", "other"),
    Category("other_procedure", _("Other procedure"), "other", "other"),
)

CATEGORY_BY_CODE: dict[str, Category] = {category.code: category for category in CATEGORIES}

CATCH_ALL: dict[str, str] = {
    "orthopaedics": "orthopaedics_other",
    "spine": "spine_other",
    "omfs": "omfs_other",
    "plastics_craniofacial": "plastics_other",
    "ent": "ent_other",
    "neurosurgery": "neurosurgery_other",
    "cardiac_surgery": "cardiac_surgery_other",
    "cardiology": "cardiology_other",
    "congenital_heart": "congenital_heart_other",
    "vascular": "vascular_other",
    "interventional_radiology": "interventional_radiology_other",
    "urology": "urology_other",
    "transplant": "transplant_other",
    "hepatobiliary_general": "general_other",
    "colorectal": "colorectal_other",
    "thoracic": "thoracic_other",
    "breast": "breast_other",
    "gynaecology_obstetrics": "gynaecology_other",
    "paediatric_surgery": "paediatric_other",
    "radiation_oncology": "radiation_oncology_other",
    "dental": "dental_other",
    "other": "other_procedure",
}
"""Specialty to the category that takes whatever its other categories do not, so that no OR log is unmappable."""

# One list only: the choices are made from CATEGORIES, which mypy's Enum plugin cannot follow.
ProcedureCategory: Any = models.TextChoices(  # type: ignore[call-overload]
    "ProcedureCategory", [(c.code.upper(), (c.code, c.label)) for c in CATEGORIES]
)


class Clock(models.TextChoices):
    """From which moment to which. Minutes of two clocks are never compared."""

    IN_ROOM = "in_room", _("In room (wheels in to wheels out)")
    INCISION_CLOSURE = "incision_closure", _("Incision to closure")
    ANAESTHESIA = "anaesthesia", _("Anaesthesia")
    TOURNIQUET = "tourniquet", _("Tourniquet")
    BYPASS = "bypass", _("Bypass")


class TimeSource(models.TextChoices):
    """Where minutes were read. The order is the precedence: the first one present counts."""

    OR_LOG = "or_log", _("OR log")
    EHR = "ehr", _("Electronic health record")
    CHART = "chart", _("Chart")
    RECALL = "recall", _("Recall")


class Approach(models.TextChoices):
    OPEN = "open", _("Open")
    MINIMALLY_INVASIVE = "minimally_invasive", _("Minimally invasive")
    ROBOTIC = "robotic", _("Robotic")
    PERCUTANEOUS = "percutaneous", _("Percutaneous")
    NA = "na", _("Does not apply")


class UsedInOr(models.TextChoices):
    PLANNING_ONLY = "planning_only", _("For planning only")
    INTRA_OP_NONSTERILE = "intra_op_nonsterile", _("In the room, outside the sterile field")
    STERILE_FIELD = "sterile_field", _("In the sterile field")
    NOT_USED = "not_used", _("Not used")


class SurgeonExperience(models.TextChoices):
    TRAINEE = "trainee", _("Trainee")
    UNDER_5_YEARS = "under_5_years", _("Under 5 years")
    FIVE_YEARS_OR_MORE = "5_years_or_more", _("5 years or more")


class ProcedureCodeSystem(models.TextChoices):
    CPT = "cpt", _("CPT (number only)")
    ICD10PCS = "icd10pcs", _("ICD-10-PCS")
    LOCAL = "local", _("The site's own list")
    SERVICE = "service", _("OR log's service name")


class ComparatorKind(models.TextChoices):
    SITE_BASELINE = "site_baseline", _("The site's own baseline")
    MATCHED_CONTROL = "matched_control", _("Matched controls")
    LITERATURE = "literature", _("Literature")
