from decimal import Decimal
from fractions import Fraction
from math import nan
from typing import Any

import pytest

from tests.statistics.oracles import Checks, Tally


def test_every_number_is_a_check_and_the_largest_errors_are_kept() -> None:
    tally = Tally(["one.json", "two.json"])
    tally.agrees({"a": [1.0, 2.0 + 2e-10], "b": None}, {"a": [1, Decimal(2)], "b": None}, file="one.json")
    tally.agrees((4.5, 1e-7), (Decimal("4.4"), 0), file="two.json", within=0.2)
    assert tally.of["one.json"] == Checks(3, 0, relative=pytest.approx(1e-10, rel=1e-5))
    assert tally.of["two.json"] == Checks(2, 0, absolute=pytest.approx(0.1))
    assert tally.is_clean


@pytest.mark.parametrize(
    ("found", "expected", "passed", "failed"),
    [
        (1.0000001, 1, 0, 1),
        (None, 1, 0, 1),
        (1, None, 0, 1),
        (nan, 1, 0, 1),
        ([1, 2.1, 3], [1, 2, 3], 2, 1),
        ([1, 2], [1, 2, 3], 2, 1),
        ([1, 2], [1], 1, 1),
        ({"a": 1}, {"a": 1, "b": 2}, 1, 1),
        ({"a": 1, "b": 2}, {"a": 1}, 1, 1),
    ],
)
def test_a_wrong_number_fails_and_is_counted(found: Any, expected: Any, passed: int, failed: int) -> None:
    tally = Tally(["one.json"])
    with pytest.raises(AssertionError, match=r"one\.json: .*found .*, expected "):
        tally.agrees(found, expected, file="one.json")
    assert (tally.of["one.json"].passed, tally.of["one.json"].failed) == (passed, failed)
    assert not tally.is_clean
    assert tally.lines()[-1] == f"1 files: {passed} checks passed, {failed} failed; files without a check: none"


def test_without_a_tolerance_a_number_is_exact() -> None:
    tally = Tally(["one.json"])
    tally.agrees(Fraction(1, 8), Decimal("0.125"), file="one.json", rel=0)
    with pytest.raises(AssertionError, match="off by"):
        tally.agrees(Fraction(1, 3), Decimal("0.3333333333333333"), file="one.json", rel=0)


def test_nothing_compared_is_no_check() -> None:
    with pytest.raises(AssertionError, match="nothing was compared"):
        Tally(["one.json"]).agrees([], [], file="one.json")


def test_a_file_without_a_check_is_told() -> None:
    tally = Tally(["data.csv", "one.json", "two.json"])
    tally.agrees(1, 1, file="one.json")
    tally.of["data.csv"].read = True
    assert tally.without_check == ["two.json"]
    assert not tally.is_clean
    assert [line.split()[:2] for line in tally.lines()[1:4]] == [
        ["data.csv", "data"],
        ["one.json", "1"],
        ["two.json", "NONE"],
    ]
    assert tally.lines()[-1].endswith("files without a check: two.json")


def test_a_misspelt_file_is_no_check() -> None:
    with pytest.raises(KeyError):
        Tally(["one.json"]).agrees(1, 1, file="on.json")
