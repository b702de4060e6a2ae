"""The words agree with each other."""

import inspect

import pytest
from django.db import models

from registry.vocabulary import anatomy, billing, clinic, imaging, manufacturing, procedures, workflow

MODULES = (anatomy, billing, clinic, imaging, manufacturing, procedures, workflow)


def every_list() -> list[type[models.TextChoices]]:
    found = {
        value
        for module in MODULES
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, models.TextChoices) and value is not models.TextChoices
    }
    return sorted(found, key=lambda choices: choices.__name__)


@pytest.mark.parametrize("choices", every_list(), ids=lambda choices: choices.__name__)
def test_every_word_has_a_short_value_and_a_label_of_its_own(choices):
    labels = [str(label) for label in choices.labels]
    assert len(set(labels)) == len(labels)
    assert all(label.strip() for label in labels)
    assert all(0 < len(value) <= 32 and value == value.strip() for value in choices.values)


def test_there_are_some_sixty_categories_and_each_code_is_used_once():
    codes = [category.code for category in procedures.CATEGORIES]
    assert 55 <= len(codes) <= 70
    assert len(set(codes)) == len(codes)
    assert procedures.ProcedureCategory.values == codes


def test_every_category_belongs_to_a_specialty_and_an_organ_system():
    assert {c.specialty for c in procedures.CATEGORIES} <= set(clinic.Specialty.values)
    assert {c.organ_system for c in procedures.CATEGORIES} <= set(clinic.OrganSystem.values)


def test_every_specialty_has_a_category_for_whatever_is_left():
    assert set(procedures.CATCH_ALL) == set(clinic.Specialty.values)
    for specialty, code in procedures.CATCH_ALL.items():
        assert procedures.CATEGORY_BY_CODE[code].specialty == specialty


def test_sources_are_listed_in_the_order_in_which_they_count():
    assert procedures.TimeSource.values == ["or_log", "ehr", "chart", "recall"]


def test_every_synonym_of_a_process_is_lower_case_and_resolves():
    assert set(manufacturing.PROCESS_SYNONYMS.values()) == set(manufacturing.Process.values)
    assert all(word == word.lower() for word in manufacturing.PROCESS_SYNONYMS)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("PolyJet", "material_jetting"),
        (" SLA ", "vat_photopolymerization"),
        ("Multi-Jet Fusion", "powder_bed_fusion"),
        ("Material Extrusion", "material_extrusion"),
        ("binder_jetting", "binder_jetting"),
        ("carving", None),
    ],
)
def test_a_process_is_found_by_code_label_or_trade_name(word, code):
    assert manufacturing.process_code(word) == code


def test_anatomy_has_nine_regions_23_subregions_and_60_structures():
    assert [len(c) for c in (anatomy.Region, anatomy.Subregion, anatomy.Structure)] == [9, 23, 60]
    assert set(anatomy.SUBREGIONS_OF) == set(anatomy.Region.values)
    listed = [sub for subs in anatomy.SUBREGIONS_OF.values() for sub in subs]
    assert sorted(listed) == sorted(anatomy.Subregion.values)


def test_a_side_is_required_where_it_cannot_be_guessed():
    assert sorted(anatomy.LATERALITY_REQUIRED) == ["breast", "lower_extremity", "orbit", "upper_extremity"]
    assert not set(anatomy.Region.values) & set(anatomy.Subregion.values)


def test_every_add_on_code_names_a_primary_code_of_the_same_kind():
    rows = {row.code: row for row in billing.CODE_REFERENCE}
    assert len(rows) == len(billing.CODE_REFERENCE) == 12
    assert set(rows) == billing.PRINTING_CODES | billing.SURFACE_MODEL_CODES | billing.RENDERING_CODES
    for row in rows.values():
        assert bool(row.primary_code) == row.is_addon
        if row.is_addon:
            primary = rows[row.primary_code]
            assert not primary.is_addon
            assert (primary.object_kind, primary.effective_from) == (row.object_kind, row.effective_from)


def test_seven_statements_are_put_to_a_user():
    assert [name[:2] for name in clinic.LIKERT_ITEMS] == ["q1", "q2", "q3", "q4", "q5", "q6", "q7"]
