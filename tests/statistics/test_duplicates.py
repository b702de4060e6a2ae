from dataclasses import replace
from datetime import date
from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.duplicates import DAY, MINUTES, PROCEDURE, VOLUME, Evidence, Seen, evidence, may_be_one

CASE = Seen(date(2024, 3, 31), "hip", 184, 100.0)
NOTHING = Seen(None, None, None, None)
SEEN = st.builds(
    Seen,
    st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 6)),
    st.none() | st.sampled_from(["hip", "jaw"]),
    st.none() | st.integers(100, 102),
    st.none() | st.floats(90, 110),
)


def test_agreement_is_log_m_over_u_and_disagreement_the_rest() -> None:
    # With u = .1 both would be the same number of bits.
    one = Evidence(m=0.9, u=0.2)
    assert one.bits(agree=True) == pytest.approx(log2(4.5), rel=1e-12)
    assert one.bits(agree=False) == pytest.approx(-log2(8), rel=1e-12)
    assert one.bits(agree=None) == 0


def test_the_same_case_twice_is_looked_at() -> None:
    every = (DAY, PROCEDURE, MINUTES, VOLUME)
    assert evidence(CASE, CASE) == pytest.approx(sum(log2(field.m / field.u) for field in every), rel=1e-12)
    assert may_be_one(CASE, CASE)


@pytest.mark.parametrize(
    ("change", "agrees", "field"),
    [
        ({"day": date(2024, 4, 1)}, True, DAY),
        ({"day": date(2024, 3, 30)}, True, DAY),
        ({"day": date(2024, 4, 2)}, False, DAY),
        ({"procedure": "jaw"}, False, PROCEDURE),
        ({"minutes": 185}, False, MINUTES),
        ({"volume": 101.0}, True, VOLUME),
        # 1 % is that of the larger.
        ({"volume": 101.005}, True, VOLUME),
        ({"volume": 101.1}, False, VOLUME),
        ({"volume": 98.9}, False, VOLUME),
    ],
)
def test_a_day_a_volume_may_differ_a_little_and_the_rest_not(
    change: dict[str, Any], agrees: bool, field: Evidence
) -> None:
    lost = field.bits(agree=True) - field.bits(agree=agrees)
    assert evidence(CASE, replace(CASE, **change)) == pytest.approx(evidence(CASE, CASE) - lost, rel=1e-12)


def test_what_is_unknown_is_no_evidence() -> None:
    assert evidence(CASE, NOTHING) == 0
    assert evidence(replace(CASE, volume=None), CASE) == evidence(CASE, CASE) - VOLUME.bits(agree=True)


def test_a_common_procedure_on_one_day_is_not_enough_and_equal_minutes_are() -> None:
    day_only = Seen(CASE.day, CASE.procedure, None, None)
    assert not may_be_one(day_only, day_only)
    assert may_be_one(replace(day_only, minutes=184), replace(day_only, minutes=184))
    assert not may_be_one(CASE, replace(CASE, minutes=190, volume=150.0))


@given(SEEN, SEEN)
def test_order_does_not_matter(one: Seen, other: Seen) -> None:
    assert evidence(one, other) == evidence(other, one)
