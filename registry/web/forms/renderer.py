"""How a Django form becomes HTML: the native field group in Strata's templates, no form library."""

from pathlib import Path
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.functional import cached_property

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
DJANGO_TEMPLATES = Path(forms.__file__).resolve().parent / "templates"


class StrataField(BoundField):
    """A field whose input wears Bootstrap's class, so that no template and no form has to say it."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        named = super().build_widget_attrs(attrs, widget)
        if "class" not in named and "class" not in widget.attrs and not widget.is_hidden:
            named["class"] = _dress(widget)
        return named


def _dress(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class StrataRenderer(DjangoTemplates):
    """FORM_RENDERER: our templates first, Django's widgets beneath."""

    field_template_name = "strata/forms/field.html"
    form_template_name = "strata/forms/form.html"
    bound_field_class = StrataField

    @cached_property
    def engine(self) -> Engine:
        return Engine({"DIRS": [TEMPLATES, DJANGO_TEMPLATES], "APP_DIRS": False, "NAME": "strata-forms", "OPTIONS": {}})
