"""A file of printed cases such as a large site might send: ages, months, volumes and minutes vary as they do in life. Nothing in it
is of a patient, and nothing of the importer is used to write it.

Of each case one or two images, parts and effort cells, a guide now and then, 1.6 prints, 1.5 codes, the operation with the time in
the room and from incision to closure.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

PRINTERS = ("J750", "Form bench")
MATERIALS = ("Vero", "Agilus", "Surgical resin")
# Category, organ system, service, indication, region, subregion, structure, minutes in the room.
PRACTISED = (
    ("tka", "msk", "orthopaedics", "M17.11", "lower_extremity", "knee", "bone", 120),
    ("acetabular_fracture", "msk", "orthopaedics", "S32.4", "pelvis", "", "bone", 240),
    ("orthognathic_two_jaw", "head_neck_cmf", "omfs", "M26.213", "head", "face", "bone", 370),
    ("congenital_heart_repair", "cardiac", "congenital_heart", "Q21.3", "chest", "heart", "whole_heart", 285),
    ("partial_nephrectomy", "gu", "urology", "C64.1", "abdomen", "", "kidney", 210),
)
USES = ("preop_planning", "simulation", "patient_education", "intraop_reference", "trainee_education")
HEADER = tuple(
    "local_case_id object_kind order_month age_years age_months sex organ_system indication_system indication_code appropriateness "
    "complexity intended_uses ordering_services print_decision exclusions_attested imaging_1_modality imaging_1_slice_mm "
    "imaging_2_modality part_1_region part_1_subregion part_1_structure part_1_laterality part_2_region part_2_structure "
    "part_2_laterality guide_1_guide_type guide_1_region guide_1_laterality print_1_printer print_1_materials print_1_outcome "
    "print_1_volume_cm3 print_1_print_hours print_1_sterilisation print_2_printer print_2_materials print_2_outcome "
    "print_2_volume_cm3 print_2_sterilisation effort_segmentation_non_clinician effort_cad_non_clinician "
    "effort_consultation_clinician code_1_code code_1_units code_2_code code_2_units procedure_performed_month procedure_category "
    "procedure_used_in_or time_1_clock time_1_minutes time_1_source time_2_clock time_2_minutes time_2_source".split()
)
Line = dict[str, str]


def write(path: Path, rows: int, *, seed: int, bad: float = 0.0) -> None:
    """The file is at `path`: so many rows below the header, of which the share `bad` is wrong in one of many ways."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([line.get(name, "") for name in HEADER] for line in lines(rows, seed=seed, bad=bad))


def lines(rows: int, *, seed: int, bad: float = 0.0) -> Iterator[Line]:
    """The rows as texts by the name of their column; the same seed gives the same ones."""
    dice = Random(seed)
    for number in range(rows):
        line = _case(number, dice)
        if dice.random() < bad:
            dice.choice(WRONGS)(line, dice)
        yield line


def _case(number: int, dice: Random) -> Line:
    category, system, service, indication, region, subregion, structure, usual = dice.choice(PRACTISED)
    guided = dice.random() < 0.2
    month = dice.randrange(24_252, 24_310)  # January 2021 to October 2025
    line = {
        "local_case_id": f"C{number:07d}",
        "object_kind": "both" if guided else "anatomic_model",
        "order_month": _month(month),
        "sex": dice.choice(("female", "male", "Female", "male")),
        "organ_system": system,
        "indication_system": "icd10cm",
        "indication_code": indication,
        "appropriateness": str(dice.randint(3, 9)) if dice.random() < 0.7 else "",
        "complexity": dice.choice(("basic", "intermediate", "intermediate", "complex", "unknown")),
        "intended_uses": "; ".join(dice.sample(USES, dice.choice((1, 1, 2, 3)))),
        "ordering_services": service,
        "print_decision": "printed",
        "exclusions_attested": "yes",
    }
    _aged(line, dice, child=category == "congenital_heart_repair")
    _pictured(line, dice)
    two = _designed(line, dice, region, subregion, structure)
    if guided:
        line |= {
            "guide_1_guide_type": "cutting",
            "guide_1_region": region,
            "guide_1_laterality": line["part_1_laterality"],
        }
    _made(line, dice)
    for name, middle in (
        ("segmentation_non_clinician", 120),
        ("cad_non_clinician", 60),
        ("consultation_clinician", 20),
    ):
        if dice.random() < 0.8:
            line[f"effort_{name}"] = _length(dice, middle) if dice.random() < 0.95 else "unknown"
    line |= {"code_1_code": "0559T", "code_1_units": "1"}
    if two:
        line |= {"code_2_code": "0560T", "code_2_units": "1"}
    _operated(line, dice, month, category, usual)
    return line


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def _length(dice: Random, middle: float) -> str:
    minutes = max(5, min(1_400, round(dice.lognormvariate(0, 0.3) * middle)))
    return str(minutes) if dice.random() < 0.9 else f"{minutes // 60}:{minutes % 60:02d}"


def _aged(line: Line, dice: Random, *, child: bool) -> None:
    if child and dice.random() < 0.5:
        months = dice.randint(0, 23)
        line |= {"age_years": str(months // 12), "age_months": str(months)}
    else:
        years = dice.randint(2, 17) if child else round(dice.triangular(18, 95, 58))
        line["age_years"] = "90+" if years >= 90 else str(years)


def _pictured(line: Line, dice: Random) -> None:
    line |= {"imaging_1_modality": "CT", "imaging_1_slice_mm": dice.choice(("0.5", "0.625", "1", "1.25"))}
    if dice.random() < 0.4:
        line["imaging_2_modality"] = dice.choice(("MR", "US", "XA"))


def _designed(line: Line, dice: Random, region: str, subregion: str, structure: str) -> bool:
    """Whether there is a second part."""
    side = dice.choice(("left", "right")) if region in {"lower_extremity", "pelvis", "abdomen"} else "midline"
    line |= {
        "part_1_region": region,
        "part_1_subregion": subregion,
        "part_1_structure": structure,
        "part_1_laterality": side,
    }
    if two := dice.random() < 0.5:
        line |= {
            "part_2_region": region,
            "part_2_structure": dice.choice(("artery", "vein", "bone")),
            "part_2_laterality": side,
        }
    return two


def _made(line: Line, dice: Random) -> None:
    line |= {
        "print_1_printer": dice.choice(PRINTERS),
        "print_1_materials": dice.choice((*MATERIALS, f"{MATERIALS[0]}; {MATERIALS[1]}")),
        "print_1_outcome": dice.choice(("success",) * 9 + ("reprint",)),
        "print_1_volume_cm3": f"{dice.lognormvariate(4, 0.8):.1f}",
        "print_1_print_hours": f"{min(dice.lognormvariate(2, 0.5), 200):.2f}",
        "print_1_sterilisation": "steam_134",
    }
    if dice.random() < 0.6:
        line |= {
            "print_2_printer": dice.choice(PRINTERS),
            "print_2_materials": dice.choice(MATERIALS),
            "print_2_outcome": "success",
            "print_2_volume_cm3": f"{dice.lognormvariate(4, 0.8):.1f}",
            "print_2_sterilisation": "steam_134",
        }


def _operated(line: Line, dice: Random, ordered: int, category: str, usual: int) -> None:
    line |= {
        "procedure_performed_month": _month(ordered + dice.choice((0, 0, 1, 1, 2))),
        "procedure_category": category,
        "procedure_used_in_or": dice.choice(("planning_only", "intra_op_nonsterile", "sterile_field")),
    }
    room = max(40, min(1_400, round(dice.lognormvariate(0, 0.25) * usual)))
    skin = max(5, room - dice.randint(20, 35))
    line |= {"time_1_clock": "in_room", "time_1_minutes": str(room), "time_1_source": "or_log"}
    line |= {"time_2_clock": "incision_closure", "time_2_minutes": str(skin), "time_2_source": "or_log"}


def _said(**said: str) -> Callable[[Line, Random], None]:
    return lambda line, _dice: line.update(said)


WRONGS: tuple[Callable[[Line, Random], None], ...] = (
    _said(sex="F?"),
    _said(order_month="2026-13"),
    _said(procedure_performed_month="2019-01"),
    _said(age_years="91"),
    _said(age_years="12", age_months="3"),
    _said(print_1_printer="The old one"),
    _said(print_1_materials=""),
    _said(part_1_structure="thumb"),
    _said(code_1_units="2"),
    _said(code_1_code="ZZZZZ"),
    _said(time_1_minutes="3"),
    _said(time_2_minutes="1440"),
    _said(local_case_id="a b"),
    _said(exclusions_attested="no"),
    _said(procedure_category="knee thing"),
    _said(print_1_volume_cm3="1.234,5"),
)
