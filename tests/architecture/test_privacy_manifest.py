"""Each field of each model says whether it may leave: open, coarse or withheld."""

from typing import Any

import pytest
from django.apps import apps

RECORDED = list(apps.get_app_config("registry").get_models())


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_every_field_is_in_the_privacy_manifest_and_nothing_else_is(model: Any) -> None:
    assert sorted(model.PRIVACY) == sorted(field.name for field in model._meta.concrete_fields)


def test_free_text_and_what_could_name_a_patient_is_withheld() -> None:
    manifests = {model.__name__: model.PRIVACY for model in RECORDED}
    for model, field in (
        ("Case", "local_case_id"),
        ("Case", "comment"),
        ("Case", "encounter_digest"),
        ("AnatomicPart", "comment"),
    ):
        assert manifests[model][field] == "withheld"
