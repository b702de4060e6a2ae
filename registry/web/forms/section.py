"""A section of the case form as a Django form: an input for each column, made from the model's field behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.intake import flat, typed
from registry.models import Material, Printer, Site
from registry.models.fields import Amount, Choice, ChoiceList, Month, WholeNumber
from registry.vocabulary.anatomy import SUBREGIONS_OF, Region, Subregion
from registry.vocabulary.clinic import Specialty
from registry.vocabulary.fields import hint, label
from registry.vocabulary.procedures import CATEGORIES
from registry.web.case_form import EFFORT, Placed, Section

Choices = list[tuple[Any, Any]]
NOTHING: tuple[str, Any] = ("", "–")
NOT_KNOWN: tuple[str, Any] = (typed.UNKNOWN, _("Unknown"))


@dataclass(frozen=True)
class Offered:
    """What the site has to choose from: its printers, those used last first, and its materials."""

    printers: Choices
    materials: Choices

    @classmethod
    def of(cls, site: Site) -> "Offered":
        """Two queries."""
        printers = Printer.objects.filter(site=site, active=True).annotate(last=models.Max("prints__id"))
        ordered = printers.order_by(models.F("last").desc(nulls_last=True), "label").values_list("label", flat=True)
        materials = Material.objects.filter(site=site).order_by("name").values_list("name", flat=True)
        return cls([(name, name) for name in ordered], [(name, name) for name in materials])


@dataclass(frozen=True)
class Group:
    """Fields under one heading: one row of them, or a row for each row of a list."""

    title: str | Promise
    list_name: str
    rows: list[list[BoundField]]
    one: str = ""


class SectionForm(forms.Form):
    """The inputs of a section, filled with what was typed, each with what is wrong with it. It judges nothing itself."""

    def __init__(
        self,
        section: Section,
        data: Mapping[str, str],
        rows: Mapping[str, int],
        *,
        offered: Offered,
        problems: Iterable[Placed] = (),
        fixed: Iterable[str] = (),
    ) -> None:
        self.section, self.rows_shown = section, rows
        names = section.names(rows)
        fields = {name: _field(name, offered) for name in names}
        said = {name: _for_widget(fields[name].widget, data.get(name, "")) for name in names}
        super().__init__(said, label_suffix="", use_required_attribute=False)
        self.fields.update(fields)
        for name in fixed:
            if name in fields:
                fields[name].disabled = True
                self.initial[name] = data.get(name, "")
        self.full_clean()
        for placed in problems:
            self.add_error(placed.name if placed.name in self.fields else None, _sentence(placed))

    @property
    def groups(self) -> list[Group]:
        """The section's groups in order, then its lists."""
        single = [Group(title, "", [[self[name] for name in names]]) for title, names in self.section.groups]
        return single + [self._list(name) for name in self.section.lists]

    def _list(self, name: str) -> Group:
        rows = [
            [self[flat.row_name(name, number, field)] for field in flat.fields_of(name)]
            for number in range(1, self.rows_shown[name] + 1)
        ]
        return Group(LISTS[name][0], name, rows, LISTS[name][1])

    @property
    def grid(self) -> list[list[BoundField]]:
        """The inputs of effort, a row for each staff group; empty in other sections."""
        found = [self[name] for name in EFFORT if name in self.fields]
        half = len(found) // 2
        return [found[:half], found[half:]] if found else []


LISTS: dict[str, tuple[Any, Any]] = {
    "imaging": (_("Imaging"), _("image source")),
    "parts": (_("Anatomic parts, the dominant one first"), _("part")),
    "guides": (_("Guides"), _("guide")),
    "prints": (_("Prints"), _("print")),
    "codes": (_("Codes"), _("code")),
    "times": (_("OR times"), _("time")),
    "assessments": (_("Assessments"), _("assessment")),
}


def typed_in(names: Iterable[str], sent: Any) -> dict[str, str]:
    """The texts of these names in a posted form; several ticks of one name are a list."""
    return {name: "; ".join(text for text in sent.getlist(name) if text.strip()) for name in names if name in sent}


def _for_widget(widget: forms.Widget, text: str) -> Any:
    """The text as the widget takes it; a word that it does not offer is offered too, so that nothing typed is lost."""
    several = isinstance(widget, forms.CheckboxSelectMultiple)
    if isinstance(widget, ChoiceWidget):
        known = {str(value) for _name, group, _index in widget.optgroups("", []) for value in _values(group)}
        strange = [word for word in (typed.listed(text) if several else [text]) if word and word not in known]
        widget.choices = [*widget.choices, *((word, word) for word in strange)]
    return typed.listed(text) if several else text


def _values(group: list[dict[str, Any]]) -> list[Any]:
    return [option["value"] for option in group]


def _field(name: str, offered: Offered) -> forms.Field:
    column = flat.column(name)
    if column is None:
        raise LookupError(name)
    if column.section == "effort":
        activity, staff = column.field.split()
        says = f"{label('effort', 'activity')}: {activity}, {staff}".replace("_", " ")
        return forms.CharField(required=False, label=says, widget=_input("text", inputmode="numeric", size=6))
    widget = _widget(column, offered)
    return forms.CharField(
        required=False,
        label=label(column.section, column.field),
        help_text=hint(column.section, column.field),
        widget=widget,
    )


def _widget(column: flat.Column, offered: Offered) -> forms.Widget:  # noqa: PLR0911 - one line a kind of field
    if column.section == "prints" and column.field == "printer":
        return forms.Select(choices=[NOTHING, *offered.printers])
    if column.field == flat.MATERIALS:
        return _ticks(offered.materials)
    if column.section == "times" and column.field in flat.CLOCK_TIMES:
        return _input("text", inputmode="numeric", size=7, **{f"data-{column.field}": ""})
    field = flat.model_field(column)
    unknown = [NOT_KNOWN] if _may_be_unknown(field) else []
    match field:
        case Choice():
            return forms.Select(choices=[NOTHING, *_grouped(column, field), *unknown])
        case ChoiceList():
            return _ticks(list(field.labels.items()))
        case Month():
            return _input("month")
        case models.BooleanField():
            return forms.Select(choices=[NOTHING, ("yes", _("Yes")), ("no", _("No")), *unknown])
        case Amount():
            return _input("text", inputmode="decimal", size=8)
        case WholeNumber():
            more = {"data-result": ""} if column.section == "times" else {}
            return _input("text", inputmode="numeric", size=8, **more)
        case _:
            return _input("text", maxlength=getattr(field, "max_length", None))


def _input(kind: str, **attributes: Any) -> forms.TextInput:
    said = {name: value for name, value in attributes.items() if value is not None}
    return forms.TextInput(attrs={"type": kind, "autocomplete": "off", **said})


def _sentence(placed: Placed) -> str:
    """What is wrong at this input; where it may be answered with Unknown, that too."""
    column = flat.column(placed.name)
    open_to_unknown = column is not None and _may_be_unknown(flat.model_field(column))
    if placed.problem.code == "required" and open_to_unknown:
        return str(_("Fill this in, or say that it is unknown"))
    return placed.sentence


def _ticks(choices: Choices) -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(choices=choices, attrs={"class": "choices"})


def _may_be_unknown(field: Any) -> bool:
    """Whether a report may say that nobody knows: the column takes null, and its vocabulary has no word for it."""
    return bool(field is not None and field.null and typed.UNKNOWN not in getattr(field, "words", ()))


def _grouped(column: flat.Column, field: Choice) -> Choices:
    """The words of a choice; long lists in groups."""
    if column.section == "procedure" and column.field == "category":
        return [
            (str(specialty.label), [(each.code, each.label) for each in CATEGORIES if each.specialty == specialty])
            for specialty in Specialty
        ]
    if column.field == "subregion":
        return [
            (str(Region(region).label), [(code, Subregion(code).label) for code in codes])
            for region, codes in SUBREGIONS_OF.items()
            if codes
        ]
    return list(field.flatchoices)
