"""How often the interval holds the truth: registries are drawn again and again and sent through the default pipeline.

`make coverage-sim`; REPLICATES=200 for a quick look. Seeds are fixed, so the same number of replicates prints the same table.
Minutes are log-normal with a coefficient of variation of .36, rounded to whole minutes as the registry keeps them; sites
differ in their level (SD .15 of the logarithm) and in what a print does (SD .05); the true ratio of the average site is .85.
"""

import os
import sys
from dataclasses import dataclass
from fractions import Fraction
from math import exp, expm1, log, log1p, sqrt
from statistics import fmean
from typing import Any

import numpy as np

from registry.statistics.histogram import Histogram
from registry.statistics.pooling import pool
from registry.statistics.strata import Stratum, site_estimates
from registry.statistics.two_arms import Arm, att

CV, RATIO, LEVELS, EFFECTS, TYPICAL = 0.36, 0.85, 0.15, 0.05, 240.0
SIGMA = sqrt(log1p(CV**2))
TRUE_LOGS = -log(RATIO)
TRUE_MINUTES = TYPICAL * exp(LEVELS**2 / 2) * (1 - RATIO * exp(EFFECTS**2 / 2))
"""Of the average site: the mean over sites of what a printed case saves there."""
SEED = 20261124


@dataclass(frozen=True)
class Setting:
    """So many sites with so many cases an arm, and the share of intervals of minutes that should hold the truth."""

    sites: int
    fewest: int
    most: int
    expected: float


ACROSS = (
    Setting(4, 5, 15, 0.999),
    Setting(8, 3, 6, 0.987),
    Setting(8, 5, 15, 0.982),
    Setting(16, 3, 6, 0.974),
    Setting(16, 20, 60, 0.967),
)
SHARED = ((10, 10), (10, 30), (10, 100), (20, 30), (50, 30), (200, 30))
"""Cases of the baseline, and printed cases that share it."""


def minutes(random: Any, level: float, n: int) -> Histogram:
    """n whole minutes of a log-normal distribution with this mean."""
    drawn = random.lognormal(log(level) - SIGMA**2 / 2, SIGMA, n)
    return Histogram.of(max(1, round(float(value))) for value in drawn)


def registry(random: Any, setting: Setting) -> list[Stratum]:
    """One procedure at the sites of a setting."""
    found = []
    for number in range(setting.sites):
        level = TYPICAL * exp(random.normal(0, LEVELS))
        ratio = RATIO * exp(random.normal(0, EFFECTS))
        n0, n1 = (int(n) for n in random.integers(setting.fewest, setting.most + 1, 2))
        arms = minutes(random, level, n0), minutes(random, level * ratio, n1)
        found.append(Stratum.of(str(number), "specialty", "procedure", *arms))
    return found


@dataclass(frozen=True)
class Found:
    """What drawing found on one scale: the share of intervals that hold the truth, the relative bias and its standard error."""

    covered: float
    bias: float
    se: float


def across(setting: Setting, replicates: int) -> tuple[Found, Found]:
    """In minutes, and in logarithms."""
    random = np.random.default_rng([SEED, setting.sites, setting.fewest])
    truths = np.array([TRUE_MINUTES, TRUE_LOGS])
    held, found = np.zeros((replicates, 2)), np.zeros((replicates, 2))
    for place in range(replicates):
        sites = [site for site in site_estimates(registry(random, setting)) if site.can_be_pooled]
        in_minutes = [(site.saved.estimate, site.variance) for site in sites]
        in_logs = [(site.log_saved.estimate, site.log_variance) for site in sites]
        for scale, effects in enumerate((in_minutes, in_logs)):
            values, variances = [float(y or 0) for y, _ in effects], [float(v or 0) for _, v in effects]
            pooled = pool(values, variances)
            held[place, scale] = (pooled.low or 0) <= truths[scale] <= (pooled.high or 0)
            # The plain mean of the sites is unbiased; beside it on the same draws a bias of the weights shows in few draws.
            found[place, scale] = (pooled.estimate or 0) - fmean(values)
    bias = found.mean(axis=0) / truths
    error = found.std(axis=0, ddof=1) / truths / sqrt(replicates)
    one, other = (Found(float(held[:, n].mean()), float(bias[n]), float(error[n])) for n in (0, 1))
    return one, other


def shared(n0: int, n1: int, replicates: int) -> float:
    """Coverage where n1 printed cases share a baseline of n0 cases, known by its n, mean and SD; nothing is saved."""
    random = np.random.default_rng([SEED, n0, n1])
    held = 0
    for _ in range(replicates):
        base, printed = minutes(random, TYPICAL, n0), minutes(random, TYPICAL, n1)
        one = att([(Arm.stated(base.n, base.mean or Fraction(0), Fraction(base.sd or 0)), Arm.of(printed))])
        held += (one.low or 0) <= 0 <= (one.high or 0)
    return held / replicates


def main(replicates: int) -> bool:
    """Print both tables; whether everything is within its limits."""
    print(
        f"{replicates:,} drawn registries a line, seed {SEED}; true saving {TRUE_MINUTES:.2f} min, {-expm1(-TRUE_LOGS):.0%}"
    )
    print("sites  cases an arm  minutes: coverage  expected   bias (SE)         logarithms: coverage   bias")
    fine = all([_told(setting, *across(setting, replicates), replicates) for setting in ACROSS])  # noqa: C419 - all are shown
    print(f"baseline of n0 shared by n1 printed cases, {4 * replicates:,} draws: coverage (93 to 97 %)")
    for n0, n1 in SHARED:
        covered = shared(n0, n1, 4 * replicates)
        good = 0.93 <= covered <= 0.97
        print(f"{n0:5} {n1:5} {covered:8.3f}{'' if good else '  OUTSIDE'}")
        fine = fine and good
    print("all within their limits" if fine else "OUTSIDE of a limit")
    return fine


def _told(setting: Setting, minutes: Found, logs: Found, replicates: int) -> bool:
    """At least 93 %, within a point of what is expected and a per cent of the truth, and twice what so many draws leave to chance."""
    chance = sqrt(setting.expected * (1 - setting.expected) / replicates)
    good = (
        min(minutes.covered, logs.covered) >= 0.93
        and abs(minutes.covered - setting.expected) <= 0.01 + 2 * chance
        and abs(minutes.bias) <= 0.01 + 2 * minutes.se
    )
    words = ("  conservative" if minutes.covered > 0.97 else "") + ("" if good else "  OUTSIDE")
    arm = f"{setting.fewest} to {setting.most}"
    print(
        f"{setting.sites:5}  {arm:12} {minutes.covered:18.3f} {setting.expected:9.3f} {minutes.bias:+7.1%} ({minutes.se:.1%})"
        f" {logs.covered:24.3f} {logs.bias:+7.1%}{words}"
    )
    return good


if __name__ == "__main__":
    sys.exit(not main(int(os.environ.get("REPLICATES", "4000"))))
