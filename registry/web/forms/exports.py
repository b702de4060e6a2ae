from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.vocabulary.workflow import ExportFormat

REFUSED = {"required": _("Choose a file format."), "invalid_choice": _("Choose one of the file formats listed.")}


class ExportForm(forms.Form):
    """In which format a report or the cases shall be written."""

    format = forms.ChoiceField(
        label=_("File format"), choices=ExportFormat.choices, initial=ExportFormat.XLSX, error_messages=REFUSED
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "export_%s", **kwargs})
