from decimal import Decimal
from fractions import Fraction

from registry.statistics.moments import NOTHING, Moments


def _of(*amounts: str) -> Moments:
    found = [Decimal(amount) for amount in amounts]
    return Moments.stated(len(found), sum(found, Decimal(0)), sum((each * each for each in found), Decimal(0)))


def test_mean_and_sd_are_exact_where_floats_are_not() -> None:
    # Far from zero and close together: in floats the squares cancel to noise.
    found = _of("999999.97", "999999.98", "999999.99")
    assert (found.mean, found.sd) == (Fraction("999999.98"), 0.01)


def test_moments_add() -> None:
    assert _of("0.10", "0.20") + _of("0.30") == _of("0.10", "0.20", "0.30")
    assert NOTHING + _of("1.50") == _of("1.50")


def test_nothing_has_no_mean_and_one_amount_no_sd() -> None:
    assert (NOTHING.mean, NOTHING.sd) == (None, None)
    assert (_of("0").mean, _of("0").sd) == (0, None)
