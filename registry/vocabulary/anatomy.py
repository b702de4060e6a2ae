"""Words about anatomy: region, subregion, structure, laterality (terms of the 3DPR dictionary, 2023-01-24)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    HEAD = "head", _("Head")
    NECK = "neck", _("Neck")
    CHEST = "chest", _("Chest")
    ABDOMEN = "abdomen", _("Abdomen")
    PELVIS = "pelvis", _("Pelvis")
    UPPER_EXTREMITY = "upper_extremity", _("Upper extremity")
    LOWER_EXTREMITY = "lower_extremity", _("Lower extremity")
    SPINE = "spine", _("Spine")
    BREAST = "breast", _("Breast")


class Subregion(models.TextChoices):
    ORBIT = "orbit", _("Orbit")
    FACE = "face", _("Face")
    SKULL_BASE = "skull_base", _("Skull base")
    CRANIOFACIAL = "craniofacial", _("Craniofacial")
    BRAIN = "brain", _("Brain")
    HEART = "heart", _("Heart")
    CHEST_WALL = "chest_wall", _("Chest wall")
    SHOULDER = "shoulder", _("Shoulder")
    UPPER_ARM = "upper_arm", _("Upper arm")
    ELBOW = "elbow", _("Elbow")
    FOREARM = "forearm", _("Forearm")
    WRIST = "wrist", _("Wrist")
    HAND = "hand", _("Hand")
    HIP = "hip", _("Hip")
    THIGH = "thigh", _("Thigh")
    KNEE = "knee", _("Knee")
    LOWER_LEG = "lower_leg", _("Lower leg")
    ANKLE = "ankle", _("Ankle")
    FOOT = "foot", _("Foot")
    CERVICAL = "cervical", _("Cervical")
    THORACIC = "thoracic", _("Thoracic")
    LUMBAR = "lumbar", _("Lumbar")
    SACROCOCCYGEAL = "sacrococcygeal", _("Sacrococcygeal")


class Structure(models.TextChoices):
    """What a part represents. A named bone (tibia, rib) is `bone`."""

    SKULL = "skull", _("Skull")
    TEETH = "teeth", _("Teeth")
    WHITE_MATTER = "white_matter", _("White matter")
    GRAY_MATTER = "gray_matter", _("Gray matter")
    CEREBELLUM = "cerebellum", _("Cerebellum")
    VENTRICLES = "ventricles", _("Cerebral ventricles")
    CORPUS_CALLOSUM = "corpus_callosum", _("Corpus callosum")
    AMYGDALA = "amygdala", _("Amygdala")
    HIPPOCAMPUS = "hippocampus", _("Hippocampus")
    THYROID = "thyroid", _("Thyroid")
    LUNG = "lung", _("Lung")
    AIRWAY = "airway", _("Airway")
    CORONARY_ARTERIES = "coronary_arteries", _("Coronary arteries")
    CORONARY_VEINS = "coronary_veins", _("Coronary sinus and cardiac veins")
    LEFT_ATRIUM = "left_atrium", _("Left atrium")
    RIGHT_ATRIUM = "right_atrium", _("Right atrium")
    LEFT_VENTRICLE = "left_ventricle", _("Left ventricle")
    RIGHT_VENTRICLE = "right_ventricle", _("Right ventricle")
    PULMONARY_ARTERIES = "pulmonary_arteries", _("Pulmonary arteries")
    VENTRICULAR_MYOCARDIUM = "ventricular_myocardium", _("Ventricular myocardium")
    HEART_VALVES = "heart_valves", _("Heart valves")
    SURGICAL_CONDUIT = "surgical_conduit", _("Surgical conduit, graft or device")
    WHOLE_HEART = "whole_heart", _("Whole heart")
    LIVER = "liver", _("Liver")
    BILIARY_TREE = "biliary_tree", _("Biliary tree")
    PORTAL_VEIN = "portal_vein", _("Portal vein")
    GALLBLADDER = "gallbladder", _("Gallbladder")
    ADRENAL = "adrenal", _("Adrenal gland")
    KIDNEY = "kidney", _("Kidney")
    URETER = "ureter", _("Ureter")
    PANCREAS = "pancreas", _("Pancreas")
    SPLEEN = "spleen", _("Spleen")
    PROSTATE = "prostate", _("Prostate")
    SEMINAL_VESICLE = "seminal_vesicle", _("Seminal vesicle")
    UTERUS = "uterus", _("Uterus")
    CERVIX = "cervix", _("Cervix of the uterus")
    OVARY = "ovary", _("Ovary")
    TESTICLE = "testicle", _("Testicle")
    BLADDER = "bladder", _("Bladder")
    URETHRA = "urethra", _("Urethra")
    VAGINA = "vagina", _("Vagina")
    PENIS = "penis", _("Penis")
    AORTA = "aorta", _("Aorta")
    ARTERY = "artery", _("Artery")
    VEIN = "vein", _("Vein")
    COLLATERAL_VESSEL = "collateral_vessel", _("Collateral vessel")
    BONE = "bone", _("Bone")
    NERVE = "nerve", _("Nerve")
    SPINAL_CORD = "spinal_cord", _("Spinal cord")
    LYMPHATIC = "lymphatic", _("Lymphatic vessel or node")
    AERODIGESTIVE_TRACT = "aerodigestive_tract", _("Aerodigestive tract")
    GI_TRACT = "gi_tract", _("Gastrointestinal tract")
    MUSCLE_TENDON = "muscle_tendon", _("Muscle or tendon")
    LIGAMENT = "ligament", _("Ligament")
    CARTILAGE = "cartilage", _("Cartilage")
    TUMOR = "tumor", _("Tumor")
    SKIN_SURFACE = "skin_surface", _("Skin surface")
    SOFT_TISSUE = "soft_tissue", _("Soft tissue")
    HARDWARE = "hardware", _("Hardware")
    CYST = "cyst", _("Cyst")


class Laterality(models.TextChoices):
    LEFT = "left", _("Left")
    RIGHT = "right", _("Right")
    BILATERAL = "bilateral", _("Both sides")
    MIDLINE = "midline", _("Midline")
    NA = "na", _("Does not apply")


SUBREGIONS_OF: dict[str, tuple[str, ...]] = {
    "head": ("orbit", "face", "skull_base", "craniofacial", "brain"),
    "neck": (),
    "chest": ("heart", "chest_wall"),
    "abdomen": (),
    "pelvis": (),
    "upper_extremity": ("shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand"),
    "lower_extremity": ("hip", "thigh", "knee", "lower_leg", "ankle", "foot"),
    "spine": ("cervical", "thoracic", "lumbar", "sacrococcygeal"),
    "breast": (),
}
"""Region to its subregions; an empty tuple means that the region has none."""

LATERALITY_REQUIRED_REGIONS: frozenset[str] = frozenset({"upper_extremity", "lower_extremity", "breast"})
LATERALITY_REQUIRED_SUBREGIONS: frozenset[str] = frozenset({"orbit"})
LATERALITY_REQUIRED: frozenset[str] = LATERALITY_REQUIRED_REGIONS | LATERALITY_REQUIRED_SUBREGIONS
"""Region and subregion codes that cannot be understood without a side (the two lists share no code)."""
