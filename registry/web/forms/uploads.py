from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.errors import InvalidReport
from registry.intake.or_log_options import CODE_SYSTEMS, NAMES
from registry.vocabulary.procedures import ProcedureCodeSystem
from registry.vocabulary.workflow import UploadKind

KINDS = {
    UploadKind.CASES: _("Whole cases, CSV or XLSX: one row a case"),
    UploadKind.OR_LOG: _("An OR log, CSV or XLSX: OR times for cases that wait, and controls"),
}
AMBIGUOUS = {
    "ambiguous-dates": _("Every date could be month first or day first. Choose which."),
    "mixed-dates": _(
        "Some dates have the month first and some the day first. Make them alike in the file, or choose one."
    ),
}


class UploadForm(forms.Form):
    """Which file, and what is in it."""

    kind = forms.ChoiceField(
        label=_("What is in the file?"),
        choices=list(KINDS.items()),
        initial=UploadKind.CASES,
        widget=forms.RadioSelect(attrs={"class": "choices choices-down"}),
    )
    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["kind"].error_messages["required"] = _("Say what is in the file")
        self.fields["file"].error_messages.update(
            required=_("Choose a file"),
            empty=_("The file is empty. Export it again, with its header line and its rows."),
        )


class ReadingForm(forms.Form):
    """How an OR log is to be read, beside which column is which."""

    code_system = forms.ChoiceField(
        label=_("Procedure codes are"),
        choices=[(code, ProcedureCodeSystem(code).label) for code in CODE_SYSTEMS],
        initial="cpt",
    )
    day_order = forms.ChoiceField(
        label=_("Dates are written"),
        required=False,
        choices=[("", _("As the file shows")), ("mdy", _("Month first: 01/31/22")), ("dmy", _("Day first: 31/01/22"))],
    )
    next_day = forms.BooleanField(
        label=_("Times have no day, and an end before its start was the next day"), required=False
    )
    controls_from = forms.CharField(
        label=_("Controls from the month"),
        required=False,
        help_text=_("Leave both empty to fill in cases that wait and nothing else"),
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    controls_to = forms.CharField(
        label=_("to the month"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def options(self, header: Sequence[str], roles: Sequence[str]) -> dict[str, Any]:
        """The options of the upload, as `read_options` takes them; a role given to two columns is refused by the form."""
        columns: dict[str, str] = {}
        for name, role in zip(header, roles, strict=True):
            if role in columns:
                self.add_error(None, _("Two columns are said to hold %(what)s.") % {"what": NAMES[role]})
            elif role:
                columns[role] = name
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}
        return {"columns": columns, "only_these": True, **said}

    def refuse(self, refusal: InvalidReport) -> None:
        """What the registry says of the file stands at the field it is about."""
        for problem in refusal.problems:
            name = "day_order" if problem.code in AMBIGUOUS else problem.path
            # The table of columns stands beneath: it need not be told how a machine names one.
            said = AMBIGUOUS.get(problem.code) or problem.message.partition(" Say which")[0]
            self.add_error(name if name in self.fields else None, said)
