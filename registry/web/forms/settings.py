"""What a site says of itself: its description, printers, materials, procedure map, baselines, cost of a minute, tokens."""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.actions.sites import LONGEST_TOKEN_DAYS
from registry.errors import InvalidReport
from registry.intake import typed
from registry.intake.site_reports import read_map
from registry.models import ApiToken, Baseline, CostRate, Material, Printer, ProcedureMap, Site
from registry.vocabulary.clinic import Specialty
from registry.vocabulary.procedures import CATEGORIES
from registry.vocabulary.workflow import SiteKind, TokenScope
from registry.web.forms.said import MONTH_HINT, SaidForm, asks

MOST_SHOWN = 20
"""So many faulty lines are named at once."""
_PLACE = re.compile(r"entries\[(\d+)\]")


def grouped_categories() -> list[tuple[Any, Any]]:
    """The procedure categories by specialty, as a select shows them."""
    specialties: dict[str, list[tuple[str, Any]]] = {}
    for category in CATEGORIES:
        specialties.setdefault(category.specialty, []).append((category.code, category.label))
    return [("", _("Choose…")), *((Specialty(name).label, words) for name, words in specialties.items())]


class SiteForm(SaidForm):
    """How a site describes itself."""

    name = asks(Site, "name", _("Name of the site"))
    category = asks(Site, "category", _("Kind of facility"))
    community_size = asks(Site, "community_size", _("Community"))
    trauma_level = asks(Site, "trauma_level", _("Trauma level"))
    country = asks(Site, "country", _("Country"), _("Two capital letters, as in US"))
    timezone = asks(Site, "timezone", _("Time zone"))
    currency = asks(Site, "currency", _("Currency"), _("Three capital letters, as in USD"))
    annual_fixed_cost = asks(
        Site,
        "annual_fixed_cost",
        _("Fixed cost a year"),
        _("Of printing, in the currency above: equipment, software, rooms; not the wages, which count by the minute"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
        self.fields["timezone"].widget = forms.Select(choices=[(name, name.replace("_", " ")) for name in zones])


class PrinterForm(SaidForm):
    """A printer as cases will name it."""

    label = asks(Printer, "label", _("Name"), _("Cases, files and REST name the printer so. It stays as it is"))
    manufacturer = asks(Printer, "manufacturer", _("Manufacturer"))
    model = asks(Printer, "model", _("Model"))
    process = asks(Printer, "process", _("Process"), _("The process category of ISO/ASTM 52900"))


class AmendPrinterForm(SaidForm):
    """What may change of a printer that cases name already."""

    manufacturer = asks(Printer, "manufacturer", _("Manufacturer"))
    model = asks(Printer, "model", _("Model"))
    process = asks(Printer, "process", _("Process"), _("Recorded prints keep the process they were recorded with"))
    in_service_from = asks(Printer, "in_service_from", _("In service from"), MONTH_HINT)
    in_service_to = asks(Printer, "in_service_to", _("In service to"), MONTH_HINT)


class AmendMaterialForm(SaidForm):
    """What may change of a material that prints name already."""

    material_class = asks(Material, "material_class", _("Kind of material"))
    biocompatible = asks(
        Material, "biocompatible", _("Biocompatible"), _("Whether you hold ISO 10993 evidence for it as you process it")
    )
    manufacturer = asks(Material, "manufacturer", _("Manufacturer"))


class MaterialForm(AmendMaterialForm):
    """A material as prints will name it."""

    name = asks(Material, "name", _("Name"), _("Prints, files and REST name the material so. It stays as it is"))
    field_order = ("name", "material_class", "biocompatible", "manufacturer")


class MapForm(SaidForm):
    """One code of the site's files and the category it means."""

    code_system = asks(ProcedureMap, "code_system", _("List of codes"))
    code = asks(ProcedureMap, "code", _("Code"), _("As your files write it: letters, digits, spaces and . & / _ -"))
    category = asks(ProcedureMap, "category", _("Means"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].widget = forms.Select(choices=grouped_categories())


class MapLinesForm(SaidForm):
    """Many codes at once, a line each, as pasted from a sheet. `cleaned_data` has the `entries` of `set_procedure_map`."""

    code_system = asks(ProcedureMap, "code_system", _("List of codes"))
    lines = forms.CharField(
        label=_("Codes and categories"),
        help_text=_("A line each: code, comma, category by its word or name. Two columns copied from a sheet do too"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"required": _("Fill in: Codes and categories")},
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "lines_%s", **kwargs})
        self.site = site

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "code_system" not in said or "lines" not in said:
            return said
        lines = _lines(said["lines"])
        entries = [{"code_system": said["code_system"], "code": line.code, "category": line.said()} for line in lines]
        try:
            return {"entries": read_map({"entries": entries}, site=self.site)}
        except InvalidReport as refusal:
            self._name_lines(refusal, lines)
        return said

    def _name_lines(self, refusal: InvalidReport, lines: list["_Line"]) -> None:
        for problem in refusal.problems[:MOST_SHOWN]:
            place = _PLACE.match(problem.path)
            line = lines[int(place[1])] if place else None
            where = _("Line %(number)d: ") % {"number": line.number} if line else ""
            what = line.unfinished() if line and problem.path.endswith(".category") else None
            self.add_error("lines", f"{where}{what or _said_of(problem.path, problem.code, problem.message)}")
        if len(refusal.problems) > MOST_SHOWN:
            more = {"number": len(refusal.problems) - MOST_SHOWN}
            self.add_error("lines", _("And %(number)d more problems.") % more)


def _said_of(path: str, code: str, message: str) -> str:
    if path.endswith(".category"):
        return str(_("no category is called so. Use a word or a name of the list below."))
    if code == "malformed":
        return str(_("a code has letters, digits, spaces and . & / _ - only."))
    return f"{message[0].lower()}{message[1:]}"


@dataclass(frozen=True)
class _Line:
    """One line as typed; `category` is None where nothing parts it from the code."""

    number: int
    code: str
    category: str | None

    def said(self) -> Any:
        """The category as an entry of a map says it."""
        column: Any = ProcedureMap._meta.get_field("category")
        return typed.said(column, self.category) if self.category else ""

    def unfinished(self) -> str | None:
        """What the line lacks to name a category at all; None where it names one."""
        if self.category is None:
            return str(_("no comma, semicolon or tab parts the code from its category."))
        return None if self.category else str(_("the category is missing after the code."))


def _lines(text: str) -> list[_Line]:
    """The lines that say something. A first line of headings says nothing."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        # No code has one of these, and names of categories have commas.
        code, *rest = (part.strip() for part in re.split(r"[,;\t]", line, maxsplit=1))
        if line.strip() and not (number == 1 and code.casefold() == "code"):
            found.append(_Line(number, code, rest[0] if rest else None))
    return found


class BaselineForm(SaidForm):
    """OR minutes without a print: `cleaned_data` has the `report` of `set_baseline`, which reads it."""

    category = asks(Baseline, "category", _("Procedure"))
    clock = asks(Baseline, "clock", _("Clock"), _("From which moment to which the minutes were taken"))
    n = asks(Baseline, "n", _("Number of procedures"))
    mean = asks(Baseline, "mean", _("Mean, in minutes"))
    sd = asks(
        Baseline,
        "sd",
        _("Standard deviation, in minutes"),
        _("Of the single times, not the standard error of their mean"),
    )
    median = asks(Baseline, "median", _("Median, in minutes"))
    period_start = asks(Baseline, "period_start", _("First month"), MONTH_HINT)
    period_end = asks(Baseline, "period_end", _("Last month"), MONTH_HINT)
    citation = asks(Baseline, "citation", _("Where the figures come from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].widget = forms.Select(choices=grouped_categories())

    def clean(self) -> dict[str, Any]:
        columns: dict[str, Any] = {name: Baseline._meta.get_field(name) for name in self.fields}
        said = {name: typed.said(columns[name], text) for name, text in self.cleaned_data.items() if text != ""}
        return {"report": said}


WITH_ON_COSTS = _("What the hour costs the employer, in the currency above")


class CostRateForm(SaidForm):
    """What an OR minute costs at the site, and what a print costs beside material and equipment."""

    per_minute = asks(CostRate, "per_minute", _("Cost of one OR minute"))
    currency = asks(CostRate, "currency", _("Currency"), _("Three capital letters, as in USD"))
    year = asks(CostRate, "year", _("Year of the prices"))
    clinician_wage = asks(CostRate, "clinician_wage", _("Wage of a clinician, an hour"), WITH_ON_COSTS)
    non_clinician_wage = asks(CostRate, "non_clinician_wage", _("Wage of a non-clinician, an hour"), WITH_ON_COSTS)
    outsourced_per_case = asks(
        CostRate,
        "outsourced_per_case",
        _("Printing outside, for one printed case"),
        _("0 where nothing is sent out. Left empty, no net value can be said"),
    )
    source = asks(CostRate, "source", _("Where the figure comes from"))


class TokenForm(SaidForm):
    """A machine that may act for the site or its sandbox."""

    name = asks(ApiToken, "name", _("What it is for"), _("As in: OR log interface"))
    kind = forms.ChoiceField(
        label=_("Where it works"),
        choices=[(SiteKind.LIVE, _("Live: what it sends counts")), (SiteKind.SANDBOX, _("Sandbox: for trying out"))],
        widget=forms.RadioSelect(attrs={"class": "choices"}),
        initial=SiteKind.SANDBOX,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices choices-down"}),
        error_messages={"required": _("Choose: What it may do")},
    )
    expires_in_days = forms.TypedChoiceField(
        label=_("How long it works"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (LONGEST_TOKEN_DAYS, _("A year"))],
        initial=90,
    )
