"""Five messy spreadsheets of imagined hospitals: what a person would match by hand is proposed."""

import pytest

from registry.intake.matching.proposing import propose
from tests.intake.matching.hospitals import HOSPITALS, Hospital

RIGHT = 0.9


def right(hospital: Hospital) -> list[bool]:
    found = propose(hospital.header, hospital.rows, site_words=hospital.site_words, remembered={})
    return [
        (column.name, column.conversion) == expected
        for column, expected in zip(found.columns, hospital.expected, strict=True)
    ]


@pytest.mark.parametrize("hospital", HOSPITALS, ids=lambda each: each.name)
def test_nine_of_ten_columns_are_proposed_right(hospital: Hospital) -> None:
    marks = right(hospital)
    wrong = [header for header, mark in zip(hospital.header, marks, strict=True) if not mark]
    assert sum(marks) >= RIGHT * len(marks), wrong


@pytest.mark.parametrize("hospital", HOSPITALS, ids=lambda each: each.name)
def test_no_column_that_is_to_stay_at_home_is_proposed(hospital: Hospital) -> None:
    found = propose(hospital.header, hospital.rows, site_words=hospital.site_words, remembered={})
    sent = [
        column.header
        for column, (name, _) in zip(found.columns, hospital.expected, strict=True)
        if not name and column.name
    ]
    assert sent == []
