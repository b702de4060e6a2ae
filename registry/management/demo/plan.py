"""What was planted: procedure categories of the synthetic sites, their minutes, the minutes that a print saves, and whom they treat.

The minutes without a print and the saving are what the statistics should come near to, and nothing a hospital ever saw.
Two savings are zero and one is negative, because a registry that cannot show those cannot be believed.
"""

from dataclasses import dataclass

from registry.vocabulary.procedures import CATEGORY_BY_CODE

SYNTHETIC = "synthetic demonstration data"
SEED = 20260701
# A part: region, subregion (or None), structure.
Part = tuple[str, str | None, str]


@dataclass(frozen=True)
class Planted:
    """What was planted for one procedure category.

    `minutes` in the room without a print, log-normal with coefficient of variation `cv`; `saving` minutes with one. `models`
    and `guides` printed cases; `ages` the youngest, the commonest and the oldest; `parts` the dominant one first.
    """

    category: str
    models: int
    guides: int
    minutes: int
    cv: float
    saving: int
    ages: tuple[int, int, int]
    indication: str
    modality: str
    parts: tuple[Part, ...]
    is_sided: bool = False
    guide_type: str = "cutting"
    approach: str = "open"

    @property
    def organ_system(self) -> str:
        return CATEGORY_BY_CODE[self.category].organ_system

    @property
    def service(self) -> str:
        return CATEGORY_BY_CODE[self.category].specialty


_HEART = ("chest", "heart")
_ARTERY, _VEIN, _TUMOR, _BONE = "artery", "vein", "tumor", "bone"

PLANTED = (
    Planted(
        "congenital_heart_repair", 375, 0, 285, 0.30, 0, (0, 2, 18), "Q21.3", "CT",
        ((*_HEART, "whole_heart"), ("chest", None, "aorta"), (*_HEART, "pulmonary_arteries"),
         (*_HEART, "ventricular_myocardium"), (*_HEART, "heart_valves")),
    ),
    Planted(
        "adult_cardiac_surgery", 82, 0, 300, 0.25, 15, (22, 68, 91), "I35.0", "CT",
        ((*_HEART, "whole_heart"), ("chest", None, "aorta"), (*_HEART, "heart_valves"), (*_HEART, "left_atrium"),
         (*_HEART, "coronary_arteries")),
    ),
    Planted(
        "structural_heart", 50, 0, 110, 0.30, 12, (30, 80, 95), "I34.0", "CT",
        ((*_HEART, "heart_valves"), (*_HEART, "left_atrium"), ("chest", None, "aorta"), (*_HEART, "left_ventricle"),
         ("chest", None, _VEIN)),
        approach="percutaneous",
    ),
    Planted(
        "breast_conserving", 340, 60, 115, 0.30, 14, (24, 50, 86), "C50.411", "MR",
        (("breast", None, _TUMOR), ("breast", None, "skin_surface"), ("breast", None, "soft_tissue"),
         ("breast", None, _VEIN), ("breast", None, "muscle_tendon")),
        is_sided=True, guide_type="positioning",
    ),
    Planted(
        "partial_nephrectomy", 220, 0, 190, 0.28, 18, (18, 54, 86), "C64.2", "CT",
        (("abdomen", None, "kidney"), ("abdomen", None, _TUMOR), ("abdomen", None, _ARTERY), ("abdomen", None, _VEIN),
         ("abdomen", None, "ureter")),
        is_sided=True, approach="robotic",
    ),
    Planted(
        "prostatectomy", 70, 0, 205, 0.25, 10, (45, 66, 84), "C61", "MR",
        (("pelvis", None, "prostate"), ("pelvis", None, _TUMOR), ("pelvis", None, "seminal_vesicle"),
         ("pelvis", None, "bladder"), ("pelvis", None, "nerve")),
        approach="robotic",
    ),
    Planted(
        "acetabular_fracture", 100, 20, 215, 0.33, 40, (14, 32, 92), "S32.401A", "CT",
        (("pelvis", None, _BONE), ("pelvis", None, _ARTERY), ("pelvis", None, "hardware"), ("pelvis", None, "nerve"),
         ("pelvis", None, "soft_tissue")),
        is_sided=True, guide_type="drilling",
    ),
    Planted(
        "tibial_plateau_fracture", 60, 30, 99, 0.25, 14, (16, 50, 88), "S82.141A", "CT",
        (("lower_extremity", "knee", _BONE), ("lower_extremity", "lower_leg", _BONE), ("lower_extremity", "knee", "ligament"),
         ("lower_extremity", "knee", _ARTERY), ("lower_extremity", "knee", "cartilage")),
        is_sided=True, guide_type="drilling",
    ),
    Planted(
        "osteotomy", 40, 70, 106, 0.25, 15, (10, 45, 80), "M21.161", "CT",
        (("lower_extremity", "lower_leg", _BONE), ("lower_extremity", "knee", _BONE), ("lower_extremity", "ankle", _BONE),
         ("lower_extremity", "lower_leg", "hardware"), ("lower_extremity", "thigh", _BONE)),
        is_sided=True, guide_type="cutting_and_drilling",
    ),
    Planted(
        "tka", 0, 60, 105, 0.24, -5, (48, 70, 93), "M17.11", "MR", (("lower_extremity", "knee", _BONE),),
        is_sided=True, guide_type="cutting_and_drilling",
    ),
    Planted(
        "spinal_deformity", 70, 10, 340, 0.30, 30, (5, 13, 45), "M41.9", "CT",
        (("spine", "thoracic", _BONE), ("spine", "lumbar", _BONE), ("spine", "thoracic", "spinal_cord"),
         ("spine", "thoracic", "hardware"), ("spine", "cervical", _BONE)),
        guide_type="drilling",
    ),
    Planted(
        "pedicle_screws", 30, 40, 230, 0.28, 20, (20, 62, 88), "M43.16", "CT",
        (("spine", "lumbar", _BONE), ("spine", "lumbar", "nerve"), ("spine", "lumbar", "hardware"),
         ("spine", "sacrococcygeal", _BONE), ("spine", "lumbar", _ARTERY)),
        guide_type="drilling",
    ),
    Planted(
        "mandible_reconstruction", 60, 70, 560, 0.22, 45, (18, 66, 90), "C03.1", "CT",
        (("head", "face", _BONE), ("head", "face", _TUMOR), ("head", "face", "teeth"), ("head", "face", "nerve"),
         ("neck", None, _ARTERY)),
    ),
    Planted(
        "orthognathic_two_jaw", 40, 62, 410, 0.20, 38, (15, 19, 50), "M26.213", "CT",
        (("head", "face", _BONE), ("head", "face", "teeth"), ("head", "face", "nerve"), ("head", "face", "skin_surface"),
         ("head", "face", "soft_tissue")),
    ),
    Planted(
        "cranioplasty", 30, 108, 180, 0.30, 16, (12, 66, 90), "M95.2", "CT",
        (("head", "craniofacial", "skull"), ("head", "craniofacial", "skin_surface"), ("head", "brain", "gray_matter"),
         ("head", "craniofacial", "hardware"), ("head", "brain", _VEIN)),
    ),
    Planted(
        "intracranial_tumor", 65, 220, 320, 0.30, 25, (10, 72, 93), "C71.1", "MR",
        (("head", "brain", _TUMOR), ("head", "craniofacial", "skull"), ("head", "brain", _ARTERY),
         ("head", "brain", "white_matter"), ("head", "brain", "ventricles")),
        guide_type="needle_biopsy",
    ),
    Planted(
        "intracranial_aneurysm", 40, 0, 260, 0.30, 22, (20, 50, 84), "I67.1", "XA",
        (("head", "brain", _ARTERY), ("head", "craniofacial", "skull"), ("head", "brain", _VEIN), ("head", "skull_base", _BONE),
         ("head", "brain", "gray_matter")),
    ),
    Planted(
        "liver_resection", 60, 0, 280, 0.30, 20, (2, 55, 84), "C22.0", "CT",
        (("abdomen", None, "liver"), ("abdomen", None, _TUMOR), ("abdomen", None, "portal_vein"),
         ("abdomen", None, _VEIN), ("abdomen", None, "biliary_tree")),
    ),
    Planted(
        "gynaecology_other", 40, 0, 140, 0.32, 10, (18, 36, 60), "D25.1", "MR",
        (("pelvis", None, "uterus"), ("pelvis", None, _TUMOR), ("pelvis", None, "ovary"), ("pelvis", None, _ARTERY),
         ("pelvis", None, "bladder")),
        approach="minimally_invasive",
    ),
    Planted(
        "lung_resection", 35, 0, 170, 0.28, 12, (28, 67, 86), "C34.11", "CT",
        (("chest", None, "lung"), ("chest", None, _TUMOR), ("chest", None, "airway"), ("chest", None, _ARTERY),
         ("chest", None, _VEIN)),
        is_sided=True, approach="minimally_invasive",
    ),
    Planted(
        "aortic_repair", 40, 0, 210, 0.32, 24, (40, 72, 93), "I71.4", "CT",
        (("abdomen", None, "aorta"), ("abdomen", None, _ARTERY), ("abdomen", None, "kidney"),
         ("abdomen", None, "hardware"), ("pelvis", None, _ARTERY)),
    ),
    Planted(
        "interventional_radiology_other", 16, 24, 90, 0.35, 0, (18, 66, 90), "R91.8", "CT",
        (("chest", None, _TUMOR), ("chest", "chest_wall", _BONE), ("chest", None, _VEIN), ("chest", None, "lung"),
         ("chest", None, "skin_surface")),
        guide_type="needle_biopsy", approach="percutaneous",
    ),
)  # fmt: skip
PLANTED_BY_CATEGORY = {planted.category: planted for planted in PLANTED}
