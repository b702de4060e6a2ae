"""What a batch is judged against, looked up once per batch, or once per procedure category: nothing per row queries the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import model_to_dict
from django.utils.timezone import now

from registry.intake import usual
from registry.models import CodeReference, Deployment, Material, Printer, ProcedureMap, Site


@dataclass(frozen=True)
class Context:
    site: Site
    mode: str
    today: date
    printers: dict[str, Printer]
    materials: dict[str, Material]
    procedure_map: dict[tuple[str, str], tuple[str, int]]
    codes: dict[str, CodeReference]
    usual: usual.Usual

    def is_like(self, other: "Context") -> bool:
        """Whether every report is judged alike in both, but for what is usual."""
        return self.facts() == other.facts()

    def facts(self) -> tuple[Any, ...]:
        """All that a report is judged against, but for what is usual."""
        site = (self.site.pk, self.site.status, self.site.agreement_signed_on)
        printers = {label: (printer.pk, printer.process) for label, printer in self.printers.items()}
        materials = {name: material.pk for name, material in self.materials.items()}
        codes = {code: model_to_dict(row) for code, row in self.codes.items()}
        return site, self.mode, self.today, printers, materials, self.procedure_map, codes

    @classmethod
    def of(cls, site: Site) -> "Context":
        """The site's printers, materials and map, and the code reference. Six queries."""
        mapped = ProcedureMap.objects.filter(site=site).order_by("version")
        rows = mapped.values_list("code_system", "code", "category", "version")
        return cls(
            site=site,
            mode=Deployment.objects.values_list("privacy_mode", flat=True).get(),
            today=now().date(),
            printers={printer.label: printer for printer in Printer.objects.filter(site=site)},
            materials={material.name: material for material in Material.objects.filter(site=site)},
            procedure_map={(system, code): (category, version) for system, code, category, version in rows},
            codes={row.code: row for row in CodeReference.objects.order_by("effective_from")},
            usual=usual.at(site),
        )
