from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.statistics.histogram import Histogram
from registry.statistics.regression import Cell, Sums, fit, inverted
from tests.statistics.oracles import agrees, as_integers, oracle, table

WARPBREAKS = oracle("stratified_standardisation")
WOOL_B = 1


def _warpbreaks() -> list[Cell]:
    """Intercept, wool B, tension M, tension H."""
    return [
        ((1, row["wool"] == "B", row["tension"] == "M", row["tension"] == "H"), Histogram.of([int(row["breaks"])]))
        for row in table("warpbreaks")
    ]


def test_the_adjusted_difference_is_that_of_r() -> None:
    expected = WARPBREAKS["lm_adjusted"]
    found = fit(Sums.of_minutes(_warpbreaks()))
    interval = found.interval(WOOL_B)
    numbers = {
        "coef_woolB": interval.estimate,
        "se": sqrt(found.covariance[WOOL_B, WOOL_B]),
        "ci": [interval.low, interval.high],
        "sigma": sqrt(found.variance),
        "df": found.df,
    }
    assert found.n == 54
    agrees(numbers, expected, file="stratified_standardisation.json")


def test_the_adjusted_ratio_is_that_of_r() -> None:
    expected = WARPBREAKS["lm_log"]
    found = fit(Sums.of_logs(_warpbreaks()))
    interval = found.interval(WOOL_B)
    assert interval.low is not None
    assert interval.high is not None
    numbers = {
        "coef_woolB": interval.estimate,
        "se": sqrt(found.covariance[WOOL_B, WOOL_B]),
        "ratio_ci": [exp(interval.low), exp(interval.high)],
    }
    agrees(numbers, expected, file="stratified_standardisation.json")


def test_a_line_through_two_arms_is_student_s_test_with_a_pooled_variance() -> None:
    data = oracle("two_sample")["bland_altman_1996"]
    values, scale = as_integers(data["crohn"] + data["coeliac"])
    n = len(data["crohn"])
    cells: list[Cell] = [((1, 1), Histogram.of(values[:n])), ((1, 0), Histogram.of(values[n:]))]
    for name, found, unit in (
        ("raw_pooled", fit(Sums.of_minutes(cells)), scale),
        ("log_pooled", fit(Sums.of_logs(cells)), 1),
    ):
        interval = found.interval(1)
        assert interval.estimate is not None
        assert interval.low is not None
        assert interval.high is not None
        numbers = {
            "t": float(interval.estimate) / sqrt(found.covariance[1, 1]),
            "lb": interval.low / unit,
            "ub": interval.high / unit,
        }
        agrees(numbers, {key: data[name][key] for key in numbers}, file="two_sample.json")
    ratio = [exp(interval.estimate), exp(interval.low), exp(interval.high)]
    agrees(ratio, data["ratio_gm_pooled"], file="two_sample.json")


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(5, 1440), min_size=1, max_size=5), min_size=2, max_size=8), st.integers(1, 7))
def test_merged_sums_are_those_of_all_cases(parts: list[list[int]], at: int) -> None:
    cells: list[Cell] = [((1, place, place**2), Histogram.of(part)) for place, part in enumerate(parts)]
    at = min(at, len(cells) - 1)
    whole = Sums.of_minutes(cells)
    merged = Sums.of_minutes(cells[:at]) + Sums.of_minutes(cells[at:])
    rows = np.array([row for row, minutes in cells for _ in range(minutes.n)], dtype=float)
    y = np.array([minute for _, m in cells for minute, count in m.counts.items() for _ in range(count)], dtype=float)
    for found in (whole, merged):
        assert (found.n, found.yy, found.y1) == (len(y), y @ y, y.sum())
        assert (found.xx == rows.T @ rows).all()
        assert (found.xy == rows.T @ y).all()
        assert (found.x1 == rows.sum(axis=0)).all()


def test_sums_of_logarithms_are_those_of_all_cases() -> None:
    cells: list[Cell] = [((1, 0), Histogram.of([60, 60, 90])), ((1, 1), Histogram.of([45]))]
    y = [log(60), log(60), log(90), log(45)]
    found = Sums.of_logs(cells)
    assert found.y1 == pytest.approx(sum(y))
    assert found.yy == pytest.approx(sum(value**2 for value in y))
    assert found.xy.tolist() == pytest.approx([sum(y), log(45)])
    with pytest.raises(ValueError, match="above 0"):
        Sums.of_logs([((1,), Histogram.of([0]))])


def test_a_line_agrees_with_numpy_whatever_its_columns_scale() -> None:
    rows = np.array([[1, 2015 + k % 9, k**2 / 1e4] for k in range(30)])
    y = [200 + 3 * k + 40 * (k % 4) for k in range(30)]
    found = fit(
        Sums.of_minutes([(row.tolist(), Histogram.of([minutes])) for row, minutes in zip(rows, y, strict=True)])
    )
    assert found.coefficients.tolist() == pytest.approx(np.linalg.lstsq(rows, y, rcond=None)[0].tolist(), rel=1e-6)


def test_what_cannot_be_told_apart_is_refused() -> None:
    twice: list[Cell] = [((1, k % 2, 1 - k % 2), Histogram.of([60 + k])) for k in range(8)]
    empty: list[Cell] = [((1, 0), Histogram.of([60 + k])) for k in range(8)]
    for cells in (twice, empty):
        with pytest.raises(ValueError, match="do not determine the model"):
            fit(Sums.of_minutes(cells))
    with pytest.raises(ValueError, match="more cases than columns"):
        fit(Sums.of_minutes([((1, k), Histogram.of([60])) for k in range(2)]))
    with pytest.raises(ValueError, match="needs cases"):
        Sums.of_minutes([])


def test_a_perfect_line_has_no_interval() -> None:
    found = fit(Sums.of_minutes([((1, k), Histogram.of([60 + k])) for k in range(8)]))
    assert found.variance == pytest.approx(0, abs=1e-9)
    flat = fit(Sums.of_minutes([((1,), Histogram.of([64] * 4))]))
    assert (flat.interval(0).estimate, flat.interval(0).low) == (64, None)
    assert flat.interval(0).reason == "no variation, so no interval"


def test_an_inverse_is_an_inverse() -> None:
    matrix = np.array([[4e6, 2.0], [2.0, 3e-6]])
    assert (inverted(matrix) @ matrix).tolist() == [pytest.approx([1, 0], abs=1e-6), pytest.approx([0, 1], abs=1e-6)]
