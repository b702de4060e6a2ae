from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.regression import Cell, Fit, Sums, fit
from registry.statistics.standardise import Standardised, calibration, expected_minutes, standardised

FEMUR, SKULL = (1, 0), (1, 1)
CONTROLS: list[Cell] = [
    (FEMUR, Histogram.of([90, 110, 120, 150, 170, 200])),
    (SKULL, Histogram.of([250, 300, 310, 380, 420, 500])),
]
PRINTED: list[Cell] = [(FEMUR, Histogram.of([80, 100, 130])), (SKULL, Histogram.of([210, 330]))]


def _fit(cells: list[Cell] | None = None) -> Fit:
    return fit(Sums.of_logs(cells or CONTROLS))


def _each(cells: list[Cell]) -> list[tuple[tuple[float, ...], int]]:
    return [(tuple(row), m) for row, minutes in cells for m, count in minutes.counts.items() for _ in range(count)]


def test_a_case_is_expected_to_take_the_mean_of_its_log_normal_distribution() -> None:
    controls = _fit()
    for row, minutes in CONTROLS:
        logs = [log(minute) for minute in minutes.counts]
        # In a saturated model the line goes through the mean logarithm of every procedure.
        assert expected_minutes(controls, row) == pytest.approx(exp(np.mean(logs) + controls.variance / 2), rel=1e-9)
    with pytest.raises(ValueError, match="zip"):
        expected_minutes(controls, (1, 0, 0))


def _delta() -> tuple[float, float]:
    """By hand, case by case: the variances of the sum observed and the sum expected."""
    controls, cases = _fit(), _each(PRINTED)
    expected = [expected_minutes(controls, row) for row, _ in cases]
    ratio = sum(minute for _, minute in cases) / sum(expected)
    residuals = [minute - ratio * each for (_, minute), each in zip(cases, expected, strict=True)]
    rows = np.array([row for row, _ in _each(CONTROLS)])
    covariance = controls.variance * np.linalg.inv(rows.T @ rows)
    gradient = sum(each * np.array(row) for (row, _), each in zip(cases, expected, strict=True))
    return len(cases) / (len(cases) - 1) * sum(r**2 for r in residuals), float(gradient @ covariance @ gradient)


def test_the_standardised_ratio_has_both_errors() -> None:
    found = standardised(_fit(), PRINTED)
    expected = sum(expected_minutes(_fit(), row) for row, _ in _each(PRINTED))
    of_observed, of_expected = _delta()
    se = sqrt(of_observed / 850**2 + of_expected / expected**2)
    assert (found.n, found.observed) == (5, 850)
    assert found.expected == pytest.approx(expected, rel=1e-9)
    assert found.saved == pytest.approx(expected - 850, rel=1e-9)
    assert found.saved_se == pytest.approx(sqrt(of_observed + of_expected), rel=1e-9)
    assert found.ratio.estimate == pytest.approx(850 / expected, rel=1e-9)
    assert found.ratio.se == pytest.approx(se, rel=1e-9)
    limits = [850 / expected * exp(sign * 1.959963984540054 * se) for sign in (-1, 1)]
    assert [found.ratio.low, found.ratio.high] == pytest.approx(limits, rel=1e-9)
    assert (found.ratio.n_without, found.ratio.n_with, found.ratio.df) == (12, 5, None)


def test_the_error_of_the_expected_sum_is_that_found_by_wiggling_the_coefficients() -> None:
    controls = _fit()

    def total(by: np.ndarray) -> float:  # type: ignore[type-arg]
        moved = Fit(controls.n, controls.coefficients + by, controls.covariance, controls.variance, controls.df)
        return standardised(moved, PRINTED).expected

    step = 1e-6
    gradient = np.array([(total(step * e) - total(-step * e)) / (2 * step) for e in np.eye(2)])
    assert gradient @ controls.covariance @ gradient == pytest.approx(_delta()[1], rel=1e-6)


def test_one_printed_case_has_a_ratio_and_no_interval() -> None:
    found = standardised(_fit(), [(FEMUR, Histogram.of([100])), (SKULL, EMPTY)])
    assert found.ratio.estimate == pytest.approx(100 / expected_minutes(_fit(), FEMUR))
    assert (found.ratio.low, found.saved_se) == (None, None)
    assert found.ratio.reason == "one case with a print: no spread, so no interval"


def test_without_printed_cases_there_is_nothing_to_standardise() -> None:
    for cells in ([], [(FEMUR, EMPTY)]):
        with pytest.raises(ValueError, match="needs printed cases"):
            standardised(_fit(), cells)


@settings(deadline=None)
@given(st.lists(st.integers(5, 1440), min_size=2, max_size=8), st.integers(1, 7))
def test_cells_of_the_same_row_may_come_apart(minutes: list[int], at: int) -> None:
    together = standardised(_fit(), [(FEMUR, Histogram.of(minutes))])
    apart = standardised(_fit(), [(FEMUR, Histogram.of(minutes[:at])), (FEMUR, Histogram.of(minutes[at:]))])
    assert _numbers(apart) == pytest.approx(_numbers(together), rel=1e-9)


def _numbers(of: Standardised) -> list[float | None]:
    return [of.observed, of.expected, of.saved_se, of.ratio.estimate, of.ratio.se, of.ratio.low, of.ratio.high]


def test_controls_of_a_log_normal_distribution_are_calibrated_in_every_procedure() -> None:
    from scipy.special import ndtri

    quantiles = ndtri((np.arange(2000) + 0.5) / 2000)
    cells = [
        (name, row, Histogram.of(round(float(value)) for value in np.exp(centre + 0.36 * quantiles)))
        for name, row, centre in (("femur", FEMUR, 4.8), ("skull", SKULL, 5.8))
    ]
    found = calibration(_fit([(row, minutes) for _, row, minutes in cells]), [*cells, ("empty", FEMUR, EMPTY)])
    assert found == {"femur": pytest.approx(1, abs=2e-3), "skull": pytest.approx(1, abs=2e-3)}


def test_calibration_shows_the_procedure_that_the_model_misses() -> None:
    blind = _fit([((1,), minutes) for _, minutes in CONTROLS])
    found = calibration(blind, [("femur", (1,), CONTROLS[0][1]), ("skull", (1,), CONTROLS[1][1])])
    assert found["femur"] < 0.7
    assert found["skull"] > 1.3
