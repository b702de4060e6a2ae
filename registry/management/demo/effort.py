"""Working time of the staff: four activities by two groups, mended to the published means over the cases that know them.

A case knows all four activities of a group, or none of them, or was not asked: so the mean of the sums is the sum of the means.
"""

import math
import random
from typing import Any

from registry.management.demo.moments import with_sum

MEAN = {
    "clinician": {"consultation": 33.6, "segmentation": 22.6, "cad": 20.4, "prep_postprocess": 15.8},
    "non_clinician": {"consultation": 41.0, "segmentation": 148.0, "cad": 79.0, "prep_postprocess": 67.0},
}
MOST = 6000
CV = 0.6
# So that the four of a group together stay within 0.05 of the published total.
FREE = 0.01
UNKNOWN, NOT_ASKED = 0.06, 0.04


def efforts(dice: random.Random, burdens: list[float]) -> list[list[dict[str, Any]]]:
    """The effort rows of each case; `burdens` say how much more or less work each case is than the mean one."""
    rows: list[list[dict[str, Any]]] = [[] for _ in burdens]
    for staff, means in MEAN.items():
        chances = [dice.random() for _ in burdens]
        known = [place for place, chance in enumerate(chances) if chance >= UNKNOWN + NOT_ASKED]
        for activity, mean in means.items():
            minutes = dict(zip(known, _mended(dice, mean, [burdens[place] for place in known]), strict=True))
            for place, chance in enumerate(chances):
                if chance >= NOT_ASKED:
                    rows[place].append({"activity": activity, "staff": staff, "minutes": minutes.get(place)})
    return rows


def _mended(dice: random.Random, mean: float, burdens: list[float]) -> list[int]:
    """Log-normal whole minutes whose mean is `mean`, as near as the free part of its rounding says."""
    spread = math.sqrt(math.log(1 + CV**2))
    drawn = [burden * dice.lognormvariate(0, spread) for burden in burdens]
    factor = mean * len(drawn) / sum(drawn)
    total = round(len(drawn) * (mean + dice.uniform(-FREE, FREE)))
    return with_sum(dice, [min(round(each * factor), MOST) for each in drawn], total, [(0, MOST)] * len(drawn))
