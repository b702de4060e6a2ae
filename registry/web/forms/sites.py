"""What the registry says of a site: that it takes part, and since when it agreed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Organisation, Site
from registry.web.forms.said import SaidForm, asks


class EnrolForm(SaidForm):
    """A site that begins to take part."""

    code = asks(
        Site, "code", _("Code"), _("3 to 8 capital letters and digits. It stays as it is and stands in every address")
    )
    name = asks(Site, "name", _("Name of the site"))
    organisation = asks(
        Organisation, "name", _("Organisation"), _("To whom the site belongs; sites of one organisation share it")
    )
    category = asks(Site, "category", _("Kind of facility"))
    country = asks(Site, "country", _("Country"), _("Two capital letters, as in US"))


class AgreementForm(SaidForm):
    """When the participation agreement was signed."""

    on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Fill in: Signed on"), "invalid": _("Signed on: write the day as 2026-03-01")},
    )
