"""What may be shown of k sites together: few sites carry few statements."""

from dataclasses import dataclass
from enum import StrEnum

SITES_FOR_ONE_COVARIATE = 10


class Audience(StrEnum):
    """Who may see a number that rests on so few sites."""

    NOBODY = "nobody"
    SITE = "the site itself"
    TEAM = "the registry team"
    EVERYBODY = "everybody"


class Part(StrEnum):
    """A statement about several sites."""

    OWN = "each site's own estimate and interval"
    ESTIMATE = "pooled estimate"
    INTERVAL = "its interval"
    TAU = "tau with its interval"
    PREDICTION = "prediction interval"
    I2 = "I² with its interval"
    LEAVE_ONE_OUT = "leave one site out"
    FUNNEL = "funnel with over-dispersion"
    CATERPILLAR = "caterpillar"
    META_REGRESSION = "meta-regression"


@dataclass(frozen=True)
class Rung:
    """What k sites allow: to whom, which parts, how many covariates at most, and the sentence to print beside it."""

    k: int
    audience: Audience
    parts: frozenset[Part]
    covariates: int
    sentence: str


FEW = frozenset({Part.ESTIMATE, Part.INTERVAL, Part.TAU})
SOME = FEW | {Part.PREDICTION, Part.I2, Part.LEAVE_ONE_OUT}
MANY = SOME | {Part.FUNNEL, Part.CATERPILLAR, Part.META_REGRESSION}


def shown(k: int) -> Rung:
    """What may be shown of k contributing sites: nothing, one site to itself, two side by side, then more and more.

    Two sites have no pooled interval: with 1 degree of freedom Student's t is 12.7, and the normal interval is too short.
    Raises ValueError below zero.
    """
    if k < 0:
        raise ValueError("A number of sites is not below zero.")
    if k == 0:
        return Rung(k, Audience.NOBODY, frozenset(), 0, "No site contributes.")
    if k == 1:
        return Rung(k, Audience.SITE, frozenset({Part.OWN}), 0, "One site; says nothing about other sites.")
    if k == 2:
        sentence = "Two sites, side by side: too few for a common number, and not published."
        return Rung(k, Audience.TEAM, frozenset({Part.OWN}), 0, sentence)
    if k < 5:
        sentence = f"{k} sites: the average saving has an interval, but what a new site may expect cannot be said."
        return Rung(k, Audience.EVERYBODY, FEW, 0, sentence)
    if k < SITES_FOR_ONE_COVARIATE:
        sentence = f"{k} sites: enough to say what a new, similar site may expect, too few to compare sites."
        return Rung(k, Audience.EVERYBODY, SOME, 0, sentence)
    sentence = f"{k} sites: enough to place sites beside each other."
    return Rung(k, Audience.EVERYBODY, MANY, k // SITES_FOR_ONE_COVARIATE, sentence)
