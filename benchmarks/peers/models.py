"""One row a case, every cell in a column of its own, typed as far as one column can say: the rules of several are left out."""

from typing import Any

from django.db import models

from benchmarks.case_lines import HEADER

_WHOLE = {"age_months", "appropriateness", "code_1_units", "code_2_units", "time_1_minutes", "time_2_minutes"}


def _field(name: str) -> "models.Field[Any, Any]":
    if name == "local_case_id":
        return models.CharField(max_length=32, unique=True)
    if name in _WHOLE:
        return models.IntegerField(null=True, blank=True)
    if name.endswith(("_cm3", "_hours", "_mm")):
        return models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    return models.CharField(max_length=120, blank=True)


class Meta:
    app_label = "peers"


FlatCase = type(
    "FlatCase", (models.Model,), {"__module__": __name__, "Meta": Meta, **{name: _field(name) for name in HEADER}}
)
