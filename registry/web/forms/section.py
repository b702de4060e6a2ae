"""A section of the case form as a Django form: an input for each column, made from the model's field behind it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registry.intake import flat, typed
from registry.intake.sections import CASE
from registry.models import Material, Printer, Site
from registry.models.fields import Amount, Choice, ChoiceList, Month, WholeNumber
from registry.vocabulary.anatomy import SUBREGIONS_OF, Region, Subregion
from registry.vocabulary.clinic import LIKERT_ITEMS, Specialty
from registry.vocabulary.fields import hint, label
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import CATEGORIES
from registry.web.case_form import CONTROL, EFFORT, LISTS, Section, Words
from registry.web.judged import Placed, called, has_boxes, may_be_unknown

Choices = list[tuple[Any, Any]]
NOTHING: tuple[str, Any] = ("", "–")
NOT_KNOWN: tuple[str, Any] = (typed.UNKNOWN, _("Unknown"))
AGREEMENT = {1: _("1, disagree"), 5: _("5, agree")}
ORDER = {"times": ("clock", "from", "to", "minutes", "source", "confirmed")}
"""In which order a row asks, where that is not the order of a file."""
BOXES = {"class": "boxes"}
REQUIRED = frozenset(CASE.required)
"""What every case with a print must say, whatever else it says; what a control needs beside its id hangs together, and is not marked."""
MARKED = '{} <span class="must">{}</span>'


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

    title: Words
    list_name: str
    rows: list[list[BoundField]]
    one: Words = ""
    full: bool = False


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
        self.placed = tuple(placed if placed.name in names else _elsewhere(placed) for placed in problems)
        fields = {name: _field(name, offered, data.get(name, "")) for name in names}
        for name in REQUIRED.intersection(fields) if section is not CONTROL else ():
            fields[name].label = format_html(MARKED, fields[name].label, _("required"))
        said = {name: _for_widget(fields[name].widget, data.get(name, "")) for name in names}
        super().__init__(said, label_suffix="", use_required_attribute=False)
        self.fields.update(fields)
        for name in fixed:
            if name in fields:
                fields[name].disabled = True
                self.initial[name] = data.get(name, "")
        self.full_clean()
        for placed in self.placed:
            self.add_error(placed.name if placed.name in self.fields else None, placed.words)

    @property
    def groups(self) -> list[Group]:
        """The section's groups in order, then its lists."""
        single = [Group(title, "", [[self[name] for name in names]]) for title, names in self.section.groups]
        return single + [self._list(name) for name in self.section.lists]

    def _list(self, name: str) -> Group:
        rows = [
            [self[flat.row_name(name, number, field)] for field in ORDER.get(name, flat.fields_of(name))]
            for number in range(1, self.rows_shown[name] + 1)
        ]
        return Group(LISTS[name][0], name, rows, LISTS[name][1], full=len(rows) >= flat.most_of(name))

    @property
    def grid(self) -> list[list[BoundField]]:
        """The inputs of effort, a row for each staff group; empty in other sections."""
        found = [self[name] for name in EFFORT if name in self.fields]
        half = len(found) // 2
        return [found[:half], found[half:]] if found else []


def _elsewhere(placed: Placed) -> Placed:
    """The same problem where its input is not on the page: its sentence says what it is about."""
    said = f"{placed.label}: {placed.words}" if placed.label else placed.words
    return Placed("", replace(placed.problem, code="elsewhere", message=said))


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


def _field(name: str, offered: Offered, text: str) -> forms.Field:
    column = flat.column(name)
    if column is None:
        raise LookupError(name)
    if column.section == "effort":
        return forms.CharField(required=False, label=called(column), widget=_input("text", size=6))
    return forms.CharField(
        required=False,
        label=label(column.section, column.field),
        help_text=hint(column.section, column.field),
        widget=_widget(column, offered, text),
    )


def _widget(column: flat.Column, offered: Offered, text: str) -> forms.Widget:
    field = flat.model_field(column)
    if has_boxes(column):
        choices = list(field.labels.items()) if isinstance(field, ChoiceList) else offered.materials
        return forms.CheckboxSelectMultiple(attrs=BOXES, choices=choices)
    choices = _choices(column, field, offered)
    if choices:
        unknown = [NOT_KNOWN] if may_be_unknown(column) else []
        return forms.Select(choices=[NOTHING, *choices, *unknown])
    return _typed(column, field, text)


def _choices(column: flat.Column, field: Any, offered: Offered) -> Choices:
    """What can be chosen; nothing where it must be typed."""
    if (column.section, column.field) == ("prints", "printer"):
        return offered.printers
    if (column.section, column.field) == ("case", "object_kind"):
        return [choice for choice in ObjectKind.choices if choice[0] != ObjectKind.NONE]
    if column.field in LIKERT_ITEMS:
        return [(str(n), AGREEMENT.get(n, n)) for n in range(1, 6)]
    if isinstance(field, Choice):
        return _grouped(column, field)
    return [("yes", _("Yes")), ("no", _("No"))] if isinstance(field, models.BooleanField) else []


def _typed(column: flat.Column, field: Any, text: str) -> forms.TextInput:
    """An input to type in. The keys of a phone have no colon and no letters, so only plain numbers ask for them."""
    if column.section == "times" and column.field in flat.CLOCK_TIMES:
        return _input("text", size=7, **{f"data-{column.field}": ""})
    # A browser shows nothing of what is no month, and what was typed must not be lost.
    if isinstance(field, Month) and (not text or re.fullmatch(r"\d{4}-\d\d", text, re.ASCII)):
        return _input("month")
    if isinstance(field, Amount | WholeNumber):
        plain = not may_be_unknown(column) and column.section != "times"
        more = {"data-result": ""} if column.section == "times" else {}
        return _input("text", size=8, inputmode="decimal" if plain else None, **more)
    return _input("text", maxlength=getattr(field, "max_length", None))


def _input(kind: str, **attributes: Any) -> forms.TextInput:
    said = {name: value for name, value in attributes.items() if value is not None}
    return forms.TextInput(attrs={"type": kind, "autocomplete": "off", **said})


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
