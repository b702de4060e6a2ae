"""OR minutes: log-normal, with and without a print, by two clocks."""

import math
import random
from typing import Any

from registry.management.demo.plan import Planted
from registry.management.demo.sites import DemoSite

FEWEST, MOST = 5, 1440
INCISION_CLOSURE = 0.72
WITH_INCISION_CLOSURE = 0.5


def mean_without(site: DemoSite, planted: Planted) -> float:
    """The planted mean minutes in the room of this operation at this site, without a print."""
    return planted.minutes * site.pace


def drawn(dice: random.Random, mean: float, cv: float) -> int:
    """Whole minutes from a log-normal distribution with this arithmetic mean and CV."""
    variance = math.log(1 + cv**2)
    minutes = dice.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))
    return max(FEWEST, min(MOST, round(minutes)))


def without_print(dice: random.Random, site: DemoSite, planted: Planted) -> int:
    return drawn(dice, mean_without(site, planted), planted.cv)


def with_print(dice: random.Random, site: DemoSite, planted: Planted) -> int:
    """The saving that was planted is taken off the mean; a single operation may still last longer."""
    return drawn(dice, mean_without(site, planted) - planted.saving, planted.cv)


def times(dice: random.Random, in_room: int, source: str) -> list[dict[str, Any]]:
    """Minutes in the room and, for half of the operations, from incision to closure."""
    said = [{"clock": "in_room", "minutes": in_room, "source": source}]
    if dice.random() < WITH_INCISION_CLOSURE:
        inside = max(FEWEST, round(in_room * INCISION_CLOSURE))
        said.append({"clock": "incision_closure", "minutes": inside, "source": source})
    return said
