"""What people write for our words in their own files: abbreviations, trade names, other spellings. In small letters, without punctuation.

Trade names are synonyms of the process categories of ISO/ASTM 52900 (`manufacturing.PROCESS_SYNONYMS`).
"""

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from registry.vocabulary import anatomy, billing, clinic, imaging, manufacturing, procedures, workflow

UNKNOWN = "unknown"
UNKNOWNS = frozenset(
    {"unknown", "unk", "not known", "n k", "nk", "not recorded", "nr", "not documented", "nd", "unsure"}
)
SAYS_NOTHING = frozenset({"", "n a", "na", "none given", "blank", "not applicable", "nil"})
"""What stands in a cell that was left empty on purpose, as `plain` leaves it."""

CHOICES: dict[str, Any] = {
    "object_kind": manufacturing.ObjectKind,
    "sex": clinic.Sex,
    "organ_system": clinic.OrganSystem,
    "indication_system": clinic.IndicationSystem,
    "complexity": clinic.Complexity,
    "intended_uses": clinic.IntendedUse,
    "ordering_services": clinic.Specialty,
    "print_decision": workflow.PrintDecision,
    "print_decision_reason": workflow.PrintDecisionReason,
    "regulatory_pathway": manufacturing.RegulatoryPathway,
    "no_procedure_reason": workflow.NoProcedureReason,
    "modality": imaging.Modality,
    "region": anatomy.Region,
    "subregion": anatomy.Subregion,
    "structure": anatomy.Structure,
    "laterality": anatomy.Laterality,
    "guide_type": manufacturing.GuideType,
    "optical": manufacturing.Optical,
    "outcome": manufacturing.PrintOutcome,
    "failure_reason": manufacturing.FailureReason,
    "sterilisation": manufacturing.Sterilisation,
    "qa_result": manufacturing.QaResult,
    "verification_method": manufacturing.VerificationMethod,
    "claim": billing.ClaimState,
    "claim_status": billing.ClaimStatus,
    "category": procedures.ProcedureCategory,
    "procedure_code_system": procedures.ProcedureCodeSystem,
    "approach": procedures.Approach,
    "used_in_or": procedures.UsedInOr,
    "surgeon_experience": procedures.SurgeonExperience,
    "clock": procedures.Clock,
    "source": procedures.TimeSource,
    "respondent_role": clinic.AssessmentRole,
}
"""By field of a report, the words that it takes."""

SYNONYMS: dict[str, dict[str, str]] = {
    "object_kind": {
        "model": "anatomic_model", "models": "anatomic_model", "3d model": "anatomic_model",
        "anatomical model": "anatomic_model", "printed model": "anatomic_model", "3d printed model": "anatomic_model",
        "guide": "anatomic_guide", "guides": "anatomic_guide", "surgical guide": "anatomic_guide",
        "cutting guide": "anatomic_guide", "anatomical guide": "anatomic_guide", "drill guide": "anatomic_guide",
        "patient specific guide": "anatomic_guide", "psi": "anatomic_guide",
        "model and guide": "both", "model guide": "both", "models and guides": "both", "guide and model": "both",
        "model plus guide": "both", "digital": "digital_only", "digital model": "digital_only",
        "virtual model": "digital_only", "virtual": "digital_only", "vsp only": "digital_only", "vr": "digital_only",
        "3d pdf": "digital_only", "digital model only": "digital_only", "control": "none", "no print": "none",
    },
    "sex": {"f": "female", "w": "female", "woman": "female", "girl": "female", "m": "male", "man": "male", "boy": "male",
            "o": "other", "x": "other", "nonbinary": "other", "non binary": "other", "intersex": "other"},
    "organ_system": {
        "heart": "cardiac", "cardio": "cardiac", "cardiovascular": "cardiac", "cv": "cardiac", "chd": "cardiac",
        "congenital heart": "cardiac", "gi": "gi_hepatobiliary", "liver": "gi_hepatobiliary", "hepatic": "gi_hepatobiliary",
        "hepatobiliary": "gi_hepatobiliary", "hpb": "gi_hepatobiliary", "abdominal": "gi_hepatobiliary",
        "gastrointestinal": "gi_hepatobiliary", "pancreas": "gi_hepatobiliary", "genitourinary": "gu", "renal": "gu",
        "kidney": "gu", "urology": "gu", "urologic": "gu", "urinary": "gu", "prostate": "gu", "gyn": "gyn_ob",
        "ob gyn": "gyn_ob", "obgyn": "gyn_ob", "obstetrics": "gyn_ob", "fetal": "gyn_ob", "gynecology": "gyn_ob",
        "craniomaxillofacial": "head_neck_cmf", "cmf": "head_neck_cmf", "head and neck": "head_neck_cmf",
        "head neck": "head_neck_cmf", "h n": "head_neck_cmf", "maxillofacial": "head_neck_cmf", "omfs": "head_neck_cmf",
        "ent": "head_neck_cmf", "craniofacial": "head_neck_cmf", "dental": "head_neck_cmf", "oral": "head_neck_cmf",
        "mandible": "head_neck_cmf", "facial": "head_neck_cmf", "ortho": "msk", "orthopedic": "msk", "orthopedics": "msk",
        "orthopaedic": "msk", "bone": "msk", "musculoskeletal": "msk", "extremity": "msk", "neurologic": "neuro",
        "neurological": "neuro", "brain": "neuro", "cns": "neuro", "neurosurgery": "neuro", "cranial": "neuro",
        "spinal": "spine", "chest": "thoracic", "lung": "thoracic", "pulmonary": "thoracic", "airway": "thoracic",
        "aorta": "vascular", "vessel": "vascular", "aortic": "vascular", "misc": "other",
    },
    "indication_system": {"icd": "icd10cm", "icd10": "icd10cm", "icd 10": "icd10cm", "icd 10 cm": "icd10cm"},
    "complexity": {"simple": "basic", "low": "basic", "easy": "basic", "moderate": "intermediate", "medium": "intermediate",
                   "average": "intermediate", "high": "complex", "difficult": "complex", "hard": "complex"},
    "intended_uses": {
        "planning": "preop_planning", "pre op planning": "preop_planning", "preoperative planning": "preop_planning",
        "pre operative planning": "preop_planning", "surgical planning": "preop_planning", "presurgical planning": "preop_planning",
        "pre surgical planning": "preop_planning", "preop": "preop_planning", "pre op": "preop_planning",
        "treatment planning": "preop_planning", "vsp": "preop_planning", "rehearsal": "simulation", "practice": "simulation",
        "surgical simulation": "simulation", "surgical rehearsal": "simulation", "intraop": "intraop_reference",
        "intra op": "intraop_reference", "intraoperative": "intraop_reference", "intraoperative reference": "intraop_reference",
        "intraop reference": "intraop_reference", "intraoperative guidance": "intraop_reference", "or reference": "intraop_reference",
        "sizing": "device_sizing", "implant sizing": "device_sizing", "plate bending": "device_sizing",
        "pre bending": "device_sizing", "prebending": "device_sizing", "pre bending plates": "device_sizing",
        "device selection": "device_sizing", "guide": "tool_fabrication", "cutting guide": "tool_fabrication",
        "surgical guide": "tool_fabrication", "tool": "tool_fabrication", "consent": "patient_education",
        "informed consent": "patient_education", "patient ed": "patient_education", "patient counseling": "patient_education",
        "patient communication": "patient_education", "patient family education": "patient_education", "teaching": "trainee_education", "training": "trainee_education",
        "resident education": "trainee_education", "resident teaching": "trainee_education",
        "medical education": "trainee_education", "trainee": "trainee_education", "qc": "quality_control", "qa": "quality_control",
        "dx": "diagnosis", "diagnostic": "diagnosis",
    },
    "ordering_services": {
        "ortho": "orthopaedics", "orthopedics": "orthopaedics", "orthopedic": "orthopaedics", "orthopaedic": "orthopaedics",
        "orthopedic surgery": "orthopaedics", "orthopaedic surgery": "orthopaedics", "ortho trauma": "orthopaedics",
        "ortho onc": "orthopaedics", "orthopedic oncology": "orthopaedics", "ortho spine": "spine", "spine surgeon": "spine",
        "oms": "omfs", "oral surgery": "omfs", "oral maxillofacial": "omfs", "maxillofacial": "omfs", "maxillofacial surgery": "omfs",
        "cmf": "omfs", "max fax": "omfs", "plastics": "plastics_craniofacial", "plastic surgery": "plastics_craniofacial",
        "plastic": "plastics_craniofacial", "craniofacial": "plastics_craniofacial", "prs": "plastics_craniofacial",
        "plastic reconstructive": "plastics_craniofacial", "otolaryngology": "ent", "otorhinolaryngology": "ent",
        "oto": "ent", "hno": "ent", "head and neck": "ent", "ohns": "ent", "neuro": "neurosurgery", "nsgy": "neurosurgery",
        "nsg": "neurosurgery", "neuro surgery": "neurosurgery", "neurosurg": "neurosurgery", "ct surgery": "cardiac_surgery",
        "cardiothoracic": "cardiac_surgery", "cardiothoracic surgery": "cardiac_surgery", "cts": "cardiac_surgery",
        "cv surgery": "cardiac_surgery", "cardiac": "cardiac_surgery", "cardiovascular surgery": "cardiac_surgery",
        "heart surgery": "cardiac_surgery", "cards": "cardiology", "interventional cardiology": "cardiology",
        "structural heart": "cardiology", "ep": "cardiology", "chd": "congenital_heart", "congenital": "congenital_heart",
        "congenital heart surgery": "congenital_heart", "peds cardiac": "congenital_heart", "pediatric cardiology": "congenital_heart",
        "pediatric cardiac surgery": "congenital_heart", "peds cardiology": "congenital_heart", "peds ct surgery": "congenital_heart",
        "vascular surg": "vascular", "ir": "interventional_radiology", "interventional": "interventional_radiology",
        "vir": "interventional_radiology", "uro": "urology", "gu": "urology", "urologic surgery": "urology",
        "transplant": "transplant", "transplantation": "transplant", "hpb": "hepatobiliary_general",
        "general surgery": "hepatobiliary_general", "gen surg": "hepatobiliary_general", "general": "hepatobiliary_general",
        "hepatobiliary": "hepatobiliary_general", "surg onc": "hepatobiliary_general", "surgical oncology": "hepatobiliary_general",
        "colorectal": "colorectal", "crs": "colorectal", "thoracic": "thoracic", "breast": "breast",
        "ob gyn": "gynaecology_obstetrics", "obgyn": "gynaecology_obstetrics", "gyn": "gynaecology_obstetrics",
        "gynecology": "gynaecology_obstetrics", "obstetrics": "gynaecology_obstetrics", "mfm": "gynaecology_obstetrics",
        "gyn onc": "gynaecology_obstetrics", "maternal fetal medicine": "gynaecology_obstetrics",
        "peds surgery": "paediatric_surgery", "pediatric surgery": "paediatric_surgery", "peds": "paediatric_surgery",
        "pediatrics": "paediatric_surgery", "rad onc": "radiation_oncology", "radonc": "radiation_oncology",
        "radiation": "radiation_oncology", "dentistry": "dental", "prosthodontics": "dental", "misc": "other",
    },
    "print_decision": {"print": "printed", "3d printed": "printed", "completed": "printed", "done": "printed",
                       "digital": "digital_only", "virtual": "digital_only",
                       "cancel": "cancelled", "canceled": "cancelled", "declined": "cancelled", "withdrawn": "cancelled"},
    "modality": {
        "ct scan": "CT", "cta": "CT", "cat": "CT", "cat scan": "CT", "cbct": "CT", "cone beam": "CT", "cone beam ct": "CT",
        "ct angio": "CT", "ct angiography": "CT", "cect": "CT", "ncct": "CT", "computed tomography": "CT", "hrct": "CT",
        "cardiac ct": "CT", "mri": "MR", "mra": "MR", "mri scan": "MR", "cmr": "MR", "cardiac mri": "MR", "mrcp": "MR",
        "magnetic resonance": "MR", "mr angiography": "MR", "magnetic resonance imaging": "MR", "echo": "US", "tee": "US",
        "3d echo": "US", "sonography": "US", "sono": "US", "us": "US", "rotational angiography": "XA", "3dra": "XA",
        "angiography": "XA", "angio": "XA", "dsa": "XA", "pet ct": "PT", "pet": "PT", "spect": "NM", "xray": "DX", "x ray": "DX",
        "radiograph": "DX", "radiography": "DX", "laser scan": "LS", "surface scan": "OSS", "intraoral scan": "OSS",
        "optical scan": "OSS", "ios": "OSS", "photogrammetry": "XC", "panorex": "PX", "opg": "PX",
    },
    "region": {
        "cranium": "head", "skull": "head", "face": "head", "brain": "head", "craniofacial": "head", "maxillofacial": "head", "thorax": "chest", "heart": "chest", "cardiac": "chest", "lung": "chest", "abdominal": "abdomen", "abd": "abdomen", "liver": "abdomen", "kidney": "abdomen", "pelvic": "pelvis", "acetabulum": "pelvis", "ue": "upper_extremity", "upper ext": "upper_extremity",
        "upper limb": "upper_extremity", "arm": "upper_extremity", "shoulder": "upper_extremity", "hand": "upper_extremity",
        "wrist": "upper_extremity", "elbow": "upper_extremity", "forearm": "upper_extremity", "le": "lower_extremity",
        "lower ext": "lower_extremity", "lower limb": "lower_extremity", "leg": "lower_extremity", "knee": "lower_extremity",
        "ankle": "lower_extremity", "foot": "lower_extremity", "spinal": "spine", "vertebral": "spine",
    },
    "subregion": {"orbital": "orbit", "facial": "face", "midface": "face", "cardiac": "heart", "ribs": "chest_wall",
                  "c spine": "cervical", "t spine": "thoracic", "l spine": "lumbar", "sacrum": "sacrococcygeal"},
    "structure": {
        "mandible": "bone", "maxilla": "bone", "tibia": "bone", "fibula": "bone", "femur": "bone", "humerus": "bone",
        "radius": "bone", "ulna": "bone", "scapula": "bone", "clavicle": "bone", "rib": "bone", "ribs": "bone", "pelvis": "bone",
        "acetabulum": "bone", "hip": "bone", "vertebra": "bone", "vertebrae": "bone", "spine": "bone", "sacrum": "bone",
        "bones": "bone", "osseous": "bone", "talus": "bone", "calcaneus": "bone", "orbit": "bone", "cranium": "skull",
        "heart": "whole_heart", "whole heart": "whole_heart", "myocardium": "ventricular_myocardium", "lv": "left_ventricle",
        "rv": "right_ventricle", "la": "left_atrium", "ra": "right_atrium", "valve": "heart_valves", "valves": "heart_valves",
        "mitral valve": "heart_valves", "aortic valve": "heart_valves", "coronaries": "coronary_arteries",
        "pulmonary artery": "pulmonary_arteries", "trachea": "airway", "bronchi": "airway", "hepatic": "liver", "renal": "kidney",
        "kidneys": "kidney", "tumour": "tumor", "mass": "tumor", "neoplasm": "tumor", "lesion": "tumor", "arteries": "artery",
        "arterial": "artery", "veins": "vein", "venous": "vein", "tooth": "teeth", "skin": "skin_surface", "nerves": "nerve",
        "muscle": "muscle_tendon", "implant": "hardware", "screws": "hardware", "aneurysm": "artery", "bowel": "gi_tract",
    },
    "laterality": {"l": "left", "lt": "left", "left side": "left", "r": "right", "rt": "right", "right side": "right",
                   "b": "bilateral", "bl": "bilateral", "b l": "bilateral", "both": "bilateral", "bilat": "bilateral", "lr": "bilateral",
                   "l r": "bilateral", "mid": "midline", "central": "midline", "center": "midline", "n a": "na", "none": "na",
                   "not applicable": "na"},
    "guide_type": {"cut": "cutting", "osteotomy": "cutting", "resection": "cutting", "cutting guide": "cutting", "drill": "drilling",
                   "drill guide": "drilling", "drilling guide": "drilling", "cutting drilling": "cutting_and_drilling",
                   "cut and drill": "cutting_and_drilling", "positioning guide": "positioning", "splint": "positioning",
                   "biopsy": "needle_biopsy", "needle": "needle_biopsy"},
    "optical": {"clear": "transparent", "see through": "transparent", "semi transparent": "translucent",},
    "outcome": {"ok": "success", "good": "success", "successful": "success", "succeeded": "success", "pass": "success",
                "passed": "success", "complete": "success", "completed": "success", "printed": "success", "done": "success",
                "yes": "success", "reprinted": "reprint", "re print": "reprint", "redo": "reprint", "repeat": "reprint",
                "printed twice": "reprint", "fail": "failed", "failure": "failed", "aborted": "failed", "no": "failed"},
    "failure_reason": {"warping": "warping_or_adhesion", "warped": "warping_or_adhesion", "adhesion": "warping_or_adhesion",
                       "bed adhesion": "warping_or_adhesion", "support failure": "supports", "support": "supports",
                       "broke": "post_processing", "breakage": "post_processing", "printer error": "machine",
                       "machine error": "machine", "printer fault": "machine", "segmentation error": "segmentation",
                       "out of material": "material", "wrong material": "material", "incomplete print": "incomplete"},
    "sterilisation": {"no": "none", "not sterilized": "none", "non sterile": "none", "nonsterile": "none", "autoclave 134": "steam_134", "steam 134": "steam_134", "autoclave 121": "steam_121",
                      "steam 121": "steam_121", "sterrad": "hydrogen_peroxide", "h2o2": "hydrogen_peroxide",
                      "plasma": "hydrogen_peroxide", "vhp": "hydrogen_peroxide", "v pro": "hydrogen_peroxide",
                      "hydrogen peroxide": "hydrogen_peroxide", "eto": "ethylene_oxide", "eo": "ethylene_oxide",
                      "gamma": "gamma", "chemical": "chemical_disinfection", "disinfected": "chemical_disinfection",
                      "cidex": "chemical_disinfection"},
    "qa_result": {"ok": "pass", "good": "pass", "passed": "pass", "yes": "pass", "y": "pass", "acceptable": "pass", "accept": "pass",
                  "accepted": "pass", "redo": "rework", "reworked": "rework", "minor": "rework", "fail": "reject", "failed": "reject",
                  "rejected": "reject", "no": "not_done", "none": "not_done", "not performed": "not_done"},
    "verification_method": {"caliper": "physical_measurement", "calipers": "physical_measurement", "measured": "physical_measurement",
                            "measurement": "physical_measurement", "photo": "digital_photo", "visual": "digital_photo",
                            "scan": "surface_scan", "surface scanner": "surface_scan", "ct": "ct_of_print", "ct scan": "ct_of_print"},
    "claim": {"yes": "billed", "y": "billed", "submitted": "billed", "charged": "billed", "no": "not_billed", "n": "not_billed",
              "not submitted": "not_billed", "no charge": "not_billed"},
    "claim_status": {"approved": "paid", "reimbursed": "paid", "rejected": "denied", "open": "pending", "in review": "pending",
                     "zero": "zero_paid", "paid zero": "zero_paid", "n a": "na", "not applicable": "na"},
    "category": {
        "tka": "tka", "tkr": "tka", "total knee": "tka", "total knee arthroplasty": "tka", "knee arthroplasty": "tka",
        "tha": "tha", "thr": "tha", "total hip": "tha", "total hip arthroplasty": "tha", "hip arthroplasty": "tha",
        "tsa": "shoulder_arthroplasty", "total shoulder": "shoulder_arthroplasty", "shoulder arthroplasty": "shoulder_arthroplasty",
        "rtsa": "shoulder_arthroplasty", "reverse total shoulder": "shoulder_arthroplasty", "acetabular fracture": "acetabular_fracture",
        "acetabulum orif": "acetabular_fracture", "pelvic fracture": "acetabular_fracture", "tibial plateau": "tibial_plateau_fracture",
        "osteotomy": "osteotomy", "corrective osteotomy": "osteotomy", "tumor resection": "bone_tumor_resection",
        "bone tumor": "bone_tumor_resection", "scoliosis": "spinal_deformity", "spinal fusion": "pedicle_screws",
        "pedicle screw": "pedicle_screws", "mandible reconstruction": "mandible_reconstruction",
        "mandibular reconstruction": "mandible_reconstruction", "fibula free flap": "mandible_reconstruction",
        "mandible recon": "mandible_reconstruction", "orthognathic": "orthognathic_two_jaw", "bimax": "orthognathic_two_jaw",
        "orbital fracture": "facial_fracture", "facial fracture": "facial_fracture", "orbit fracture": "facial_fracture",
        "orif facial": "facial_fracture", "cranial vault": "cranial_vault", "craniosynostosis": "cranial_vault",
        "cvr": "cranial_vault", "cranioplasty": "cranioplasty", "craniotomy for tumor": "intracranial_tumor",
        "aneurysm clipping": "intracranial_aneurysm", "aneurysm coiling": "intracranial_aneurysm",
        "cabg": "adult_cardiac_surgery", "avr": "adult_cardiac_surgery", "mvr": "adult_cardiac_surgery", "tavr": "structural_heart",
        "tavi": "structural_heart", "laao": "structural_heart", "watchman": "structural_heart", "mitraclip": "structural_heart",
        "chd repair": "congenital_heart_repair", "vsd repair": "congenital_heart_repair", "dorv repair": "congenital_heart_repair",
        "congenital heart surgery": "congenital_heart_repair", "norwood": "congenital_heart_repair", "fontan": "congenital_heart_repair",
        "evar": "aortic_repair", "fevar": "aortic_repair", "tevar": "aortic_repair", "aaa repair": "aortic_repair",
        "partial nephrectomy": "partial_nephrectomy", "ralpn": "partial_nephrectomy", "robotic partial nephrectomy": "partial_nephrectomy",
        "prostatectomy": "prostatectomy", "ralp": "prostatectomy", "liver transplant": "liver_transplant", "oltx": "liver_transplant",
        "living donor hepatectomy": "liver_transplant", "hepatectomy": "liver_resection", "liver resection": "liver_resection",
        "whipple": "pancreas_resection", "pancreatectomy": "pancreas_resection", "lobectomy": "lung_resection",
        "lung resection": "lung_resection",
    },
    "procedure_code_system": {"icd 10 pcs": "icd10pcs", "pcs": "icd10pcs", "internal": "local"},
    "approach": {"mis": "minimally_invasive", "lap": "minimally_invasive", "laparoscopic": "minimally_invasive",
                 "endoscopic": "minimally_invasive", "vats": "minimally_invasive", "arthroscopic": "minimally_invasive",
                 "robot": "robotic", "robot assisted": "robotic", "da vinci": "robotic", "davinci": "robotic", "perc": "percutaneous",
                 "catheter": "percutaneous", "transcatheter": "percutaneous", "endovascular": "percutaneous", "n a": "na",
                 "not applicable": "na"},
    "used_in_or": {"planning": "planning_only", "pre op": "planning_only", "preop": "planning_only", "pre op only": "planning_only",
                   "intraop": "intra_op_nonsterile", "in room": "intra_op_nonsterile", "in or": "intra_op_nonsterile",
                   "non sterile": "intra_op_nonsterile", "nonsterile": "intra_op_nonsterile",
                   "sterile": "sterile_field", "on field": "sterile_field", "no": "not_used", "unused": "not_used"},
    "surgeon_experience": {"resident": "trainee", "fellow": "trainee", "under 5": "under_5_years",
                           "junior": "under_5_years", "senior": "5_years_or_more"},
    "clock": {"in room out of room": "in_room", "wheels in wheels out": "in_room", "room time": "in_room", "or time": "in_room",
              "cut to close": "incision_closure", "skin to skin": "incision_closure", "incision to close": "incision_closure",
              "surgical time": "incision_closure", "anesthesia": "anaesthesia", "pump": "bypass", "cpb": "bypass"},
    "source": {"epic": "ehr", "cerner": "ehr", "emr": "ehr", "optime": "or_log", "log": "or_log", "op note": "chart",
               "memory": "recall", "estimate": "recall",},
    "respondent_role": {"attending": "surgeon", "md": "surgeon", "resident": "trainee", "fellow": "trainee",
                        "np": "advanced_practice", "pa": "advanced_practice", "np pa": "advanced_practice", "app": "advanced_practice",
                        "radiology": "radiologist", "rad": "radiologist"},
}  # fmt: skip
"""By field, what people write for one of its words."""


def plain(text: str) -> str:
    """Small letters and single spaces, nothing else: `Wheels-In_Time` is `wheels in time`."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def word_of(field: str, text: str) -> str | None:
    """The word of this field that `text` stands for, by code, label or synonym in any case; None where it is none of them."""
    return _words(field, get_language()).get(plain(text)) if field in CHOICES else None


@lru_cache(maxsize=128)
def _words(field: str, _language: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, label in CHOICES[field].choices:
        found.setdefault(plain(str(code)), str(code))
        found.setdefault(plain(str(label)), str(code))
    return {**SYNONYMS.get(field, {}), **found}
