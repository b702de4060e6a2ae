import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry.intake import flat
from registry.intake.conversions import CHECKED
from registry.intake.matching import converting
from registry.intake.matching.asking import ATTESTED, Asked, asked, lacking
from registry.intake.matching.identifiers import HARMLESS
from registry.intake.matching.proposing import Proposed
from registry.intake.plan import Plan, Taken
from registry.web.matching import HeldFile
from registry.web.matching_words import AS_WRITTEN, ASKS, field_label

OF_ALL = "all_"
KEY = "local_case_id"
ATTEST = _(
    "No case of this file, nor of a later one read by this matching, is of biologic material, an implant or a prosthesis"
)
LACKING = {
    "parts": _(
        "No column says which part of the body was modelled. Each model needs at least a region and a structure."
    ),
    "prints": _("No column speaks of the print. Each printed case needs its printer, material and outcome."),
}


class MatchForm(forms.Form):
    """What each column of a file is, how its texts become ours, and what is said of all its rows."""

    remember = forms.CharField(
        label=_("Remember this matching as"),
        required=False,
        max_length=80,
        help_text=_("The next file with these columns goes straight to its check. Leave empty to remember nothing."),
    )

    def __init__(self, file: HeldFile, said: QueryDict | None, *, name: str, is_judged: bool) -> None:
        """`said`: what its owner has chosen so far; it is told what is wrong with it only when it `is_judged`."""
        usual = file.map_name or re.sub(r"[\W\d_]+", " ", name.rpartition(".")[0]).strip()
        super().__init__(said.copy() if said and is_judged else None, label_suffix="", initial={"remember": usual})
        self.file, self.said = file, said
        self.columns = file.proposal.columns
        self.taken = [self._taken(column) for column in self.columns]
        names = [taken.name for taken in self.taken]
        full = {self.taken[column.place].name for column in self.columns if column.texts}
        self.asked = asked(names, empty={*names} - full - {""}, site_words=file.site_words, clocks=file.proposal.clocks)
        self.answered = {*said.getlist("asked")} if said else set()
        self.places: dict[str, str] = {}
        for each in self.asked:
            self._ask(each)

    def _ask(self, each: Asked) -> None:
        """A question that was not on the page yet begins with what is usual."""
        name, several = OF_ALL + each.name, each.kind == "several"
        usual = self.file.of_all.get(each.name, each.usual)
        if self.said is not None and each.name in self.answered:
            usual = "; ".join(self.said.getlist(name))
        elif isinstance(self.data, QueryDict):
            self.data.setlist(name, usual.split("; ") if several and usual else [usual] if usual else [])
        self.fields[name] = _field(each, usual, field_label(each.name, self.file.proposal.clocks))

    def _posted(self, name: str, place: int) -> str:
        return str(self.said.get(f"{name}_{place}", "")).strip() if self.said is not None else ""

    def _taken(self, column: Proposed) -> Taken:
        """The column as its owner has it, or as it is proposed; a conversion that does not fit the field gives way to one that does."""
        if self.said is None or f"column_{column.place}" not in self.said:
            return Taken(column.header, column.name, column.conversion)
        name, said = self._posted("column", column.place), self._posted("conversion", column.place)
        if flat.column(name) is None:
            return Taken(column.header)
        if column.conversion.startswith(CHECKED) and name == column.name:
            return Taken(column.header, name, column.conversion)
        conversion = "" if said == AS_WRITTEN else said
        if said and conversion in converting.fitting(name) and not (said == AS_WRITTEN and name != self._was(column)):
            return Taken(column.header, name, conversion)
        return Taken(column.header, name, self._found(column, name).name)

    def _was(self, column: Proposed) -> str:
        """The field that stood there when its conversion was chosen."""
        return self._posted("was", column.place)

    def _found(self, column: Proposed, name: str) -> converting.Conversion:
        if name == column.name:
            return converting.Conversion(column.conversion, column.asks)
        return converting.proposed(name, column.texts)

    def asks(self, column: Proposed) -> str:
        """What is still to be said of how the values of this column are written."""
        name = self.taken[column.place].name
        chosen = self._posted("conversion", column.place) if self._was(column) == name else ""
        if not name or chosen in self.offered(column):
            return ""
        return self._found(column, name).asks

    def offered(self, column: Proposed) -> list[str]:
        """The conversions to choose from."""
        taken = self.taken[column.place]
        if not taken.name or taken.conversion.startswith(CHECKED):
            return []
        return [each or AS_WRITTEN for each in converting.fitting(taken.name)]

    def is_sure(self, column: Proposed) -> bool:
        """Whether its owner says that a column which was off names nobody."""
        return bool(self._posted("sure", column.place))

    def clean(self) -> dict[str, Any]:
        """Two columns of one name, a column that may name somebody, what is not said yet: each at its place."""
        cleaned = super().clean() or {}
        seen: dict[str, int] = {}
        for column, taken in zip(self.columns, self.taken, strict=True):
            place = f"column_{column.place}"
            if taken.name in seen and not taken.conversion.startswith(CHECKED):
                self._refuse(place, _("Two columns are said to be: %(what)s.") % {"what": field_label(taken.name)})
            if taken.name:
                seen.setdefault(taken.name, column.place)
                self._judge(column, place)
        if KEY not in seen:
            self._refuse("column_0", _("Say which column is the case id of your site."))
        self._attested(cleaned)
        if {each.name for each in self.asked} - self.answered:
            self._refuse(
                "missing", _("Because of what you chose, more is asked of what is not in your file. Look at it once.")
            )
        return cleaned

    def _judge(self, column: Proposed, place: str) -> None:
        if column.flag and column.flag not in HARMLESS and not self.is_sure(column):
            self._refuse(place, _("This column was off. Say that it names nobody, or leave it out."))
        if asks := self.asks(column):
            self._refuse(f"conversion_{column.place}", ASKS[asks])

    def _attested(self, cleaned: dict[str, Any]) -> None:
        is_control = cleaned.get(f"{OF_ALL}object_kind") == "none"
        if OF_ALL + ATTESTED in self.fields and not cleaned.get(OF_ALL + ATTESTED) and not is_control:
            message = _("Tick this if it is true, or take cases of these kinds out of the file.")
            self.add_error(OF_ALL + ATTESTED, message)

    def _refuse(self, place: str, message: Any) -> None:
        self.places.setdefault(place, str(message))
        self.add_error(None, message)

    @property
    def lacking(self) -> list[str]:
        """What every case of a print needs and no column begins, in sentences."""
        return [str(LACKING[section]) for section in lacking(taken.name for taken in self.taken)]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each with the id of its place."""
        of_fields = (
            [(field.id_for_label, str(error)) for field in self for error in field.errors] if self.is_bound else []
        )
        return [*((f"id_{place}", message) for place, message in self.places.items()), *of_fields]

    def plan(self) -> Plan:
        """The plan of the file as it stands."""
        of_all = {each.name: text for each in self.asked if (text := self._said(each))}
        named = {taken.name for taken in self.taken}
        values = {name: found for name, found in self.file.proposal.plan.values.items() if name in named and found}
        return Plan(tuple(self.taken), sheet=self.file.sheet, of_all=of_all, values=values)

    def _said(self, each: Asked) -> str:
        name = OF_ALL + each.name
        said = self.cleaned_data.get(name) if self.is_bound else self.get_initial_for_field(self.fields[name], name)
        if isinstance(said, list):
            return "; ".join(said)
        return ("yes" if said else "") if isinstance(said, bool) else str(said or "").strip()


def _field(each: Asked, usual: str, label: str) -> forms.Field:
    common: dict[str, Any] = {"label": label, "help_text": each.hint, "required": False, "initial": usual}
    match each.kind:
        case "attested":
            return forms.BooleanField(label=ATTEST, required=False)
        case "several":
            boxes = forms.CheckboxSelectMultiple(attrs={"class": "boxes"})
            common["initial"] = [word for word in usual.split("; ") if word]
            return forms.MultipleChoiceField(choices=each.choices, widget=boxes, **common)
        case "one":
            return forms.ChoiceField(choices=[("", _("Not said")), *each.choices], **common)
        case "month":
            return forms.CharField(widget=forms.TextInput(attrs={"type": "month"}), **common)
        case _:
            return forms.CharField(max_length=40, **common)
