"""Average run lengths of control charts for independent normal points, by the Markov chain of Brook & Evans.

Source: Biometrika 1972;59:539-549. The state is cut into cells of width w, which leaves an error in even powers of w; three chains,
each three times as fine as the last, take out the first two of them (Richardson).
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

CELLS = (75, 225, 675)


def cusum(allowance: float, decision: float, shift: float = 0.0) -> float:
    """Points to a signal of the two-sided CUSUM started at 0: 1/L = 1/L⁺ + 1/L⁻. All in sigmas."""
    up, down = (
        _extrapolated(lambda cells, mean=mean: _rising(allowance, decision, mean, cells)) for mean in (shift, -shift)
    )
    return 1 / (1 / up + 1 / down)


def ewma(weight: float, width: float) -> float:
    """Points to a signal of the EWMA started at its centre, within its limits of large t."""
    limit = width * sqrt(weight / (2 - weight))
    return _extrapolated(lambda cells: _between(weight, limit, cells))


def _rising(allowance: float, decision: float, mean: float, odd: int) -> float:
    # Half a cell holds 0 and everything below; the last edge is the decision.
    w = 2 * decision / odd
    states = np.arange((odd + 1) // 2) * w
    move = (mean - allowance) + states[:, None]
    chain = ndtr(states + w / 2 - move) - ndtr(states - w / 2 - move)
    chain[:, 0] = ndtr(w / 2 - move[:, 0])
    return _steps(chain)[0]


def _between(weight: float, limit: float, odd: int) -> float:
    w = 2 * limit / odd
    states = (np.arange(odd) - odd // 2) * w
    stay = (1 - weight) * states[:, None]
    chain = ndtr((states + w / 2 - stay) / weight) - ndtr((states - w / 2 - stay) / weight)
    return _steps(chain)[odd // 2]


def _steps(chain: NDArray[np.float64]) -> list[float]:
    """(I − R)⁻¹1: steps until the chain leaves its transient states, from each of them."""
    return np.linalg.solve(np.eye(len(chain)) - chain, np.ones(len(chain))).tolist()


def _extrapolated(length: Callable[[int], float]) -> float:
    one, two, three = (length(cells) for cells in CELLS)
    first, second = (9 * two - one) / 8, (9 * three - two) / 8
    return (81 * second - first) / 80
