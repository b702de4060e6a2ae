"""Whole numbers with a wanted mean and standard deviation: drawn first, then mended one by one, each within its own bounds."""

import random
from collections.abc import Sequence

Bounds = Sequence[tuple[int, int]]


def with_sum(dice: random.Random, values: Sequence[int], total: int, bounds: Bounds) -> list[int]:
    """The values, some moved by one, again and again, until they add up to `total`. Raises ValueError where the bounds forbid it."""
    mended = list(values)
    while missing := total - sum(mended):
        step = 1 if missing > 0 else -1
        movable = [place for place, (low, high) in enumerate(bounds) if low <= mended[place] + step <= high]
        if not movable:
            message = f"The bounds do not allow a sum of {total}."
            raise ValueError(message)
        for place in dice.sample(movable, min(len(movable), abs(missing))):
            mended[place] += step
    return mended


def with_mean_and_sd(dice: random.Random, values: Sequence[int], mean: float, sd: float, bounds: Bounds) -> list[int]:
    """The values, mended until their mean is the next to `mean` and their SD (n − 1) the next to `sd` that whole numbers give.

    Pairs are moved apart or together by one each, which leaves the sum as it is. Raises ValueError where the bounds forbid it.
    """
    n = len(values)
    mended = with_sum(dice, values, round(n * mean), bounds)
    wanted = (n - 1) * sd**2 + sum(mended) ** 2 / n
    squares = sum(value**2 for value in mended)
    for _ in range(1000 * n):
        missing = wanted - squares
        if abs(missing) <= sd:
            return mended
        one, other = sorted(dice.sample(range(n), 2), key=mended.__getitem__)
        step = 1 if missing > 0 else -1
        moved = (mended[one] - step, mended[other] + step)
        change = moved[0] ** 2 + moved[1] ** 2 - mended[one] ** 2 - mended[other] ** 2
        inside = bounds[one][0] <= moved[0] <= bounds[one][1] and bounds[other][0] <= moved[1] <= bounds[other][1]
        if inside and abs(missing - change) < abs(missing):
            mended[one], mended[other] = moved
            squares += change
    message = f"The bounds do not allow an SD of {sd} around {mean}."
    raise ValueError(message)
