"""Words about the patient's problem, who asked and what for."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")


class OrganSystem(models.TextChoices):
    BREAST = "breast", _("Breast")
    CARDIAC = "cardiac", _("Cardiac")
    GI_HEPATOBILIARY = "gi_hepatobiliary", _("Gastrointestinal and hepatobiliary")
    GU = "gu", _("Genito-urinary")
    GYN_OB = "gyn_ob", _("Gynaecology and obstetrics")
    HEAD_NECK_CMF = "head_neck_cmf", _("Head and neck, craniomaxillofacial")
    MSK = "msk", _("Musculoskeletal")
    NEURO = "neuro", _("Neurologic")
    SPINE = "spine", _("Spine")
    THORACIC = "thoracic", _("Thoracic")
    VASCULAR = "vascular", _("Vascular")
    OTHER = "other", _("Other")


class Specialty(models.TextChoices):
    """Clinical services that order models and guides."""

    ORTHOPAEDICS = "orthopaedics", _("Orthopaedics")
    SPINE = "spine", _("Spine surgery")
    OMFS = "omfs", _("Oral and maxillofacial surgery")
    PLASTICS_CRANIOFACIAL = "plastics_craniofacial", _("Plastic and craniofacial surgery")
    ENT = "ent", _("ENT")
    NEUROSURGERY = "neurosurgery", _("Neurosurgery")
    CARDIAC_SURGERY = "cardiac_surgery", _("Cardiac surgery")
    CARDIOLOGY = "cardiology", _("Cardiology")
    CONGENITAL_HEART = "congenital_heart", _("Congenital heart")
    VASCULAR = "vascular", _("Vascular surgery")
    INTERVENTIONAL_RADIOLOGY = "interventional_radiology", _("Interventional radiology")
    UROLOGY = "urology", _("Urology")
    TRANSPLANT = "transplant", _("Transplant surgery")
    HEPATOBILIARY_GENERAL = "hepatobiliary_general", _("Hepatobiliary and general surgery")
    COLORECTAL = "colorectal", _("Colorectal surgery")
    THORACIC = "thoracic", _("Thoracic surgery")
    BREAST = "breast", _("Breast surgery")
    GYNAECOLOGY_OBSTETRICS = "gynaecology_obstetrics", _("Gynaecology and obstetrics")
    PAEDIATRIC_SURGERY = "paediatric_surgery", _("Paediatric surgery")
    RADIATION_ONCOLOGY = "radiation_oncology", _("Radiation oncology")
    DENTAL = "dental", _("Dental")
    OTHER = "other", _("Other")


class IntendedUse(models.TextChoices):
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    PREOP_PLANNING = "preop_planning", _("Planning before the operation")
    SIMULATION = "simulation", _("Simulation or rehearsal")
    INTRAOP_REFERENCE = "intraop_reference", _("Reference during the operation")
    DEVICE_SIZING = "device_sizing", _("Device sizing or plate bending")
    TOOL_FABRICATION = "tool_fabrication", _("Making a tool or guide")
    PATIENT_EDUCATION = "patient_education", _("Patient education or consent")
    TRAINEE_EDUCATION = "trainee_education", _("Trainee education")
    QUALITY_CONTROL = "quality_control", _("Quality control")


class Complexity(models.TextChoices):
    BASIC = "basic", _("Basic")
    INTERMEDIATE = "intermediate", _("Intermediate")
    COMPLEX = "complex", _("Complex")


class IndicationSystem(models.TextChoices):
    ICD10CM = "icd10cm", _("ICD-10-CM")
    LOCAL = "local", _("The site's own list")


class AssessmentRole(models.TextChoices):
    """Who answered an assessment."""

    SURGEON = "surgeon", _("Operating surgeon or interventionalist")
    TRAINEE = "trainee", _("Trainee")
    RADIOLOGIST = "radiologist", _("Radiologist")
    ADVANCED_PRACTICE = "advanced_practice", _("Nurse practitioner or physician assistant")
    OTHER = "other", _("Other")


LIKERT_ITEMS: dict[str, str | Promise] = {
    "q1_easy": _("It was easy to work with."),
    "q2_compatible": _("It suited the way I approached this case."),
    "q3_plan_changed": _("Because of it, I changed or refined the plan."),
    "q4_important": _("It mattered for this case."),
    "q5_quality": _("Its quality was good enough."),
    "q6_confident_before": _("I was confident in my plan before I had it."),
    "q7_confident_after": _("I was confident in my plan once I had used it."),
}
"""The seven statements of a user assessment, 1 (disagree) to 5 (agree), in our own wording."""
