"""The demonstration's four sites: three synthetic ones, and the one that holds a real OR log."""

from dataclasses import dataclass

from registry.management.demo.synthetic import SYNTHETIC

REAL = "real OR log"


@dataclass(frozen=True)
class DemoSite:
    """A site of the demonstration; `printers` are (label, model, process, name of its material, class of its material)."""

    code: str
    name: str
    category: str
    note: str
    is_synthetic: bool = True
    printers: tuple[tuple[str, str, str, str, str], ...] = ()

    @property
    def equipment(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """The printers, and the one that tests/examples/case.json names, for whoever tries it at this site."""
        return self.printers if _VAT in self.printers else (*self.printers, _VAT)

    @property
    def kind_of_data(self) -> str:
        return SYNTHETIC if self.is_synthetic else REAL

    @property
    def materials_of_printers(self) -> dict[str, str]:
        return {label: material for label, _, _, material, _ in self.printers}


_JETTING = ("Jetting room 2", "Jet 1", "material_jetting", "Rigid photopolymer", "photopolymer_rigid")
_EXTRUSION = ("Extrusion bench", "Extruder 3", "material_extrusion", "Medical PLA", "pla")
_VAT = ("SLA bench", "Vat 5", "vat_photopolymerization", "Surgical resin", "resin_biocompatible")
_POWDER = ("Powder room", "Sinter 2", "powder_bed_fusion", "Polyamide 12", "pa12")

SYNTHETIC_SITES = (
    DemoSite("NORTH", "Northfield University Hospital", "academic", SYNTHETIC, printers=(_JETTING, _VAT)),
    DemoSite("HARBOR", "Harbor Community Hospital", "community", SYNTHETIC, printers=(_EXTRUSION, _VAT)),
    DemoSite("KIDS", "Little River Children's Hospital", "childrens", SYNTHETIC, printers=(_POWDER, _JETTING)),
)
REAL_SITE = DemoSite(
    "ORLOG",
    "Hospital of the real OR log, first quarter of 2022",
    "other",
    'real OR log: "Optimizing Operating Room Utilization", Kaggle, CC BY 4.0; AMA code descriptions removed',
    is_synthetic=False,
)
SITES = (*SYNTHETIC_SITES, REAL_SITE)
