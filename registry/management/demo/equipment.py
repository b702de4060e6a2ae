"""Printers and materials of the demonstration's sites, and what a print of each process takes."""

from dataclasses import dataclass

Material = tuple[str, str]


@dataclass(frozen=True)
class Equipment:
    """One printer: its `materials` are pairs of name and class; `hours` and `cost` are medians of one print."""

    label: str
    model: str
    process: str
    materials: tuple[Material, ...]
    hours: float
    cost: float


JETTING = Equipment(
    "Jetting room 2", "Jet 1", "material_jetting",
    (("Rigid photopolymer", "photopolymer_rigid"), ("Flexible photopolymer", "photopolymer_flexible"),
     ("Clear photopolymer", "photopolymer_transparent")),
    9, 110,
)  # fmt: skip
VAT = Equipment(
    "SLA bench", "Vat 5", "vat_photopolymerization",
    (("Surgical resin", "resin_biocompatible"), ("Standard resin", "resin_standard")), 8, 22,
)  # fmt: skip
EXTRUSION = Equipment(
    "Extrusion bench", "Extruder 3", "material_extrusion",
    (("Medical PLA", "pla"), ("Medical ABS", "abs"), ("PETG", "petg")), 11, 6,
)  # fmt: skip
POWDER = Equipment("Powder room", "Sinter 2", "powder_bed_fusion", (("Polyamide 12", "pa12"),), 16, 60)
BINDER = Equipment("Binder room", "Binder 4", "binder_jetting", (("Gypsum composite", "gypsum"),), 7, 45)

CATALOGUE = (BINDER, POWDER, JETTING, VAT, EXTRUSION)
# Everybody has these two, so that tests/examples/case.json is accepted wherever it is tried.
EVERYWHERE = (VAT, EXTRUSION)
