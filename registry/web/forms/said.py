"""Forms that ask for fields of a model: what was typed is read by the field itself, and what the registry refuses stands at its place."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.utils.text import format_lazy
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from registry.errors import Conflict, InvalidReport
from registry.intake import typed, values
from registry.models import Deployment
from registry.models.fields import Choice, Month

# The stubs know a lazy text of their own, which no function returns.
Text = Any
MONTH_HINT = _("As 2026-03")


def asks(model: type[models.Model], name: str, label: Text, hint: Text = "", *, optional: bool = False) -> forms.Field:
    """A form's field for a field of a model; it must be filled in unless the model knows what nothing means there."""
    column: Any = model._meta.get_field(name)
    required = not (optional or column.null or column.blank)
    if isinstance(column, Choice):
        words = [("", _("Choose…") if required else _("Not stated")), *column.flatchoices]
        # The word itself is judged by the model's field, as are all values.
        field = forms.CharField(label=label, help_text=hint, required=required, widget=forms.Select(choices=words))
        field.error_messages["required"] = format_lazy(_("Choose: {label}"), label=label)
    else:
        if not required:
            hint = format_lazy("{} {}", _("Optional."), hint) if hint else _("Optional")
        field = forms.CharField(label=label, help_text=hint, required=required)
        field.error_messages["required"] = format_lazy(_("Fill in: {label}"), label=label)
    field.column = column  # type: ignore[attr-defined]
    return field


class SaidForm(forms.Form):
    """`cleaned_data` holds what the model's fields believe; `done` acts with it and shows what the registry refuses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.result: Any = None

    def clean(self) -> dict[str, Any]:
        read = dict(self.cleaned_data)
        columns = {name: field.column for name, field in self.fields.items() if hasattr(field, "column")}
        mode = ""
        if any(isinstance(column, Month) for column in columns.values()):
            mode = Deployment.objects.values_list("privacy_mode", flat=True).get()
        for name in columns.keys() & read.keys():
            try:
                read[name] = _believed(columns[name], read[name], mode, now().date())
            except values.Refused as refused:
                self._refuse(name, refused.code, refused.message)
        return read

    def done(self, act: Callable[..., Any], *place: Any, **more: Any) -> bool:
        """Whether `act`, called with what was said, did it; `result` is what it returned. If not, the form says why.

        A form to which nothing was sent does nothing.
        """
        return self.is_valid() and self.tried(act, *place, **more)

    def tried(self, act: Callable[..., Any], *place: Any, **more: Any) -> bool:
        """As `done`, once the form is valid."""
        try:
            self.result = act(*place, **self.cleaned_data, **more)
        except InvalidReport as refusal:
            for problem in refusal.problems:
                self._refuse(problem.path, problem.code, problem.message)
        except Conflict as refusal:
            self.add_error(None, refusal.message)
        else:
            return True
        return False

    def _refuse(self, path: str, code: str, message: str) -> None:
        """The refusal at the field of that name, named, for the list at the top; in the field's own words if it is about its form."""
        if path not in self.fields:
            self.add_error(None, message)
            return
        field = self.fields[path]
        said = str(field.help_text) if code == "malformed" and field.help_text else message
        self.add_error(path, f"{field.label}: {said[0].lower()}{said[1:]}")


def _believed(column: Any, text: Any, mode: str, today: date) -> Any:
    if text == "":
        return None if column.null else column.get_default()
    said = typed.said(column, text)
    if said is None:
        raise values.Refused("required", "this cannot be unknown here.")
    return values.read(column, said, mode=mode, today=today)


def initial(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form shows of a row before anything is typed."""
    return {name: _written(getattr(row, name)) for name in names}


def _written(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%Y-%m}"
    return "" if value is None else str(value)
