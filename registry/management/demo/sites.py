"""The demonstration's sites: twenty invented ones that print, and the one that holds a real OR log."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.management.demo.equipment import BINDER, EVERYWHERE, JETTING, POWDER, VAT, Equipment
from registry.management.demo.plan import SYNTHETIC

REAL = "real OR log"


@dataclass(frozen=True)
class DemoSite:
    """A site of the demonstration.

    `prints` says which procedure categories it prints for, and with which weight against the other sites. `pace` is how long
    its operations take, with a print and without, against what was planted. It sends from the `joined`-th month on.
    `or_minute` and what a print costs are in US dollars.
    """

    code: str
    name: str
    category: str
    prints: Mapping[str, float] = field(default_factory=dict)
    pace: float = 1.0
    joined: int = 0
    more: tuple[Equipment, ...] = ()
    has_baselines: bool = False
    or_minute: int = 46
    clinician_wage: int = 140
    non_clinician_wage: int = 46
    is_synthetic: bool = True
    note: str = SYNTHETIC

    @property
    def equipment(self) -> tuple[Equipment, ...]:
        """Its printers; a site that prints nothing has the one that tests/examples/case.json names."""
        return (*self.more, *EVERYWHERE) if self.prints else (VAT,)

    @property
    def fixed_cost(self) -> int:
        """Of a year: rooms and software, and what each of its printers costs."""
        return 6_000 + 4_500 * len(self.equipment)

    @property
    def processes(self) -> frozenset[str]:
        return frozenset(printer.process for printer in self.equipment)


def _weights(said: str) -> dict[str, float]:
    """`tka 3, osteotomy` as weights; 1 where none is said."""
    words = (each.split() for each in said.split(","))
    return {word[0]: float(word[1]) if len(word) > 1 else 1.0 for word in words}


SYNTHETIC_SITES = (
    DemoSite(
        "NORTH", "Northfield University Hospital", "academic",
        _weights(
            "adult_cardiac_surgery 6, structural_heart 6, partial_nephrectomy 6, prostatectomy 4, acetabular_fracture 5, "
            "tibial_plateau_fracture 3, osteotomy 3, tka 4, spinal_deformity 4, pedicle_screws 4, mandible_reconstruction 6, "
            "orthognathic_two_jaw 5, cranioplasty 5, intracranial_tumor 5, intracranial_aneurysm 5, liver_resection 6, "
            "gynaecology_other 4, lung_resection 5, aortic_repair 5, interventional_radiology_other 5, breast_conserving 4"
        ),
        more=(BINDER, POWDER, JETTING), has_baselines=True, or_minute=62,
    ),
    DemoSite(
        "HARBOR", "Harbor Community Hospital", "community",
        _weights("acetabular_fracture 3, tibial_plateau_fracture 4, tka 5, osteotomy 3, pedicle_screws 2, breast_conserving 2"),
        pace=0.95, joined=5, more=(JETTING,), has_baselines=True, or_minute=37,
    ),
    DemoSite(
        "KIDS", "Little River Children's Hospital", "childrens",
        _weights("congenital_heart_repair 14, spinal_deformity 6"), pace=1.05, more=(POWDER, JETTING), or_minute=62,
    ),
    DemoSite(
        "ROSE", "Rosemead Breast Centre", "ambulatory", _weights("breast_conserving 30"), pace=0.9, joined=2, more=(JETTING,),
    ),
    DemoSite(
        "AXON", "Axonbridge Neuroscience Institute", "academic",
        _weights("intracranial_tumor 26, cranioplasty 24, intracranial_aneurysm 8"), pace=1.08, joined=1,
        more=(POWDER, JETTING), has_baselines=True,
    ),
    DemoSite(
        "LAKESIDE", "Lakeside Heart Hospital", "other",
        _weights("adult_cardiac_surgery 9, structural_heart 9, aortic_repair 6, congenital_heart_repair 3"), pace=0.97, joined=3,
        more=(JETTING,), or_minute=46,
    ),
    DemoSite(
        "PINES", "Pine Hill University Hospital", "academic",
        _weights(
            "partial_nephrectomy 8, prostatectomy 6, liver_resection 5, gynaecology_other 4, lung_resection 4, "
            "mandible_reconstruction 4, intracranial_tumor 2"
        ),
        pace=1.1, joined=4, more=(BINDER, JETTING),
    ),
    DemoSite(
        "VALLEY", "Green Valley Trauma Center", "academic",
        _weights("acetabular_fracture 6, tibial_plateau_fracture 5, osteotomy 4, cranioplasty 3, pedicle_screws 3"),
        joined=3, more=(POWDER,), has_baselines=True,
    ),
    DemoSite(
        "MESA", "Mesa Children's Medical Center", "childrens", _weights("congenital_heart_repair 7, spinal_deformity 3"),
        pace=0.93, joined=6, more=(JETTING,),
    ),
    DemoSite(
        "VETERAN", "Fort Alder Veterans Hospital", "va_federal",
        _weights("mandible_reconstruction 5, partial_nephrectomy 3, prostatectomy 3, aortic_repair 3, tka 4, pedicle_screws 3"),
        pace=1.12, joined=2, more=(BINDER, POWDER), or_minute=37,
    ),
    DemoSite(
        "COAST", "Coastline Regional Hospital", "community", _weights("orthognathic_two_jaw 5, osteotomy 3, breast_conserving 3"),
        joined=8, more=(JETTING,),
    ),
    DemoSite(
        "SUMMIT", "Summit Orthopaedic Hospital", "other", _weights("tka 6, osteotomy 5, tibial_plateau_fracture 3, pedicle_screws 2"),
        pace=0.9, joined=5, more=(POWDER,),
    ),
    DemoSite(
        "DELTA", "Delta Plains Medical Center", "community", _weights("intracranial_tumor 4, cranioplasty 3, lung_resection 3"),
        pace=1.03, joined=9,
    ),
    DemoSite(
        "CEDAR", "Cedar Park University Clinic", "academic",
        _weights("orthognathic_two_jaw 6, mandible_reconstruction 4, congenital_heart_repair 3, gynaecology_other 3"),
        joined=7, more=(POWDER, JETTING),
    ),
    DemoSite(
        "RIVER", "Riverbend Hospital", "community", _weights("partial_nephrectomy 4, liver_resection 3, breast_conserving 2"),
        pace=1.02, joined=10, more=(JETTING,),
    ),
    DemoSite(
        "FOREST", "Forest Glen Hospital", "community", _weights("interventional_radiology_other 4, structural_heart 2"),
        joined=12,
    ),
    DemoSite(
        "PRAIRIE", "Prairie View County Hospital", "community", _weights("acetabular_fracture 2, tka 2, orthognathic_two_jaw 2"),
        pace=1.06, joined=14,
    ),
    DemoSite(
        "ISLAND", "Island Bay Hospital", "community", _weights("mandible_reconstruction 2, partial_nephrectomy 2"),
        pace=0.98, joined=15, more=(JETTING,),
    ),
    DemoSite(
        "CANYON", "Canyon Ridge Medical Center", "academic",
        _weights("adult_cardiac_surgery 3, intracranial_aneurysm 4, aortic_repair 2, spinal_deformity 2"),
        pace=1.04, joined=11, more=(BINDER, JETTING),
    ),
    DemoSite(
        "MAPLE", "Maple Street Surgery Center", "ambulatory", _weights("breast_conserving 1, osteotomy 1"), pace=0.95, joined=18,
    ),
)  # fmt: skip
REAL_SITE = DemoSite(
    "ORLOG",
    "Hospital of the real OR log, first quarter of 2022",
    "other",
    note='real OR log: "Optimizing Operating Room Utilization", Kaggle, CC BY 4.0; AMA code descriptions removed',
    is_synthetic=False,
)
SITES = (*SYNTHETIC_SITES, REAL_SITE)
