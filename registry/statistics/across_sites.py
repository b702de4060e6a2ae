"""What sites save on average, and what a new, similar site may expect: each site's estimate, combined by random effects.

Minutes within a procedure category; per cent (of the ratio of geometric means) where categories of different length mix.
Beside the registry's total of `savings`, which takes the participating sites as given: the two differ when big sites differ
from small ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp

from registry.statistics.compared import Compared
from registry.statistics.counts import CATEGORY_WORDS, in_order
from registry.statistics.heterogeneity import Heterogeneity, heterogeneity
from registry.statistics.ladder import Part, Rung, shown
from registry.statistics.pooling import Pooled, pool
from registry.statistics.reading import Reading
from registry.statistics.savings import ALL, by_clock
from registry.statistics.sensitivity import LeaveOneOut, leave_one_out
from registry.statistics.strata import SiteEstimate, Stratum, coverage, site_estimates


@dataclass(frozen=True)
class Across:
    """Several sites together: one category, or all, by one clock.

    `estimates` are those of the sites that can be pooled, in the order of their ids, made of `strata`; `pooled` is of them, in
    minutes or in logarithms, as `effect_of` gave it; `rung` says what so few sites allow to be said.
    """

    category: str
    clock: str
    estimates: tuple[SiteEstimate, ...]
    strata: tuple[Stratum, ...]
    rung: Rung
    pooled: Pooled
    spread: Heterogeneity | None
    without_one: LeaveOneOut | None
    comparators: frozenset[str]

    @property
    def sites(self) -> tuple[int, ...]:
        return tuple(int(each.site) for each in self.estimates)

    @property
    def n_without(self) -> int:
        return sum(each.saved.n_without for each in self.estimates)

    @property
    def n_with(self) -> int:
        return sum(each.saved.n_with for each in self.estimates)

    def may_say(self, part: Part) -> bool:
        return part in self.rung.parts


Effect = Callable[[SiteEstimate], tuple[float, float]]
"""The effect of a site and its variance."""


def in_minutes(site: SiteEstimate) -> tuple[float, float]:
    """Minutes saved a case. Only for a site that can be pooled."""
    return _known(site.saved.estimate), _known(site.variance)


def in_logs(site: SiteEstimate) -> tuple[float, float]:
    """ln without − ln with. Only for a site that can be pooled."""
    return _known(site.log_saved.estimate), _known(site.log_variance)


def _known(number: object) -> float:
    if number is None:
        raise ValueError("A site that can be pooled has an estimate and a variance.")
    return float(number)  # type: ignore[arg-type]  # Fraction or float


def share_saved(logs: float) -> float:
    """1 − exp(−d): the part of the minutes without a print that is saved."""
    return 1 - exp(-logs)


def across(reading: Reading, effect_of: Effect, *, over_all: bool) -> list[Across]:
    """One line a clock for all categories, if `over_all`, then one for each category of the clock."""
    return [line for _, members in by_clock(reading) for line in _of_clock(members, effect_of, over_all=over_all)]


def _of_clock(members: Sequence[Compared], effect_of: Effect, *, over_all: bool) -> Iterator[Across]:
    by_category: dict[str, list[Compared]] = defaultdict(list)
    for one in members:
        by_category[one.category].append(one)
    if over_all:
        yield _line(members, ALL, effect_of)
    for category in sorted(by_category, key=in_order(CATEGORY_WORDS)):
        yield _line(by_category[category], category, effect_of)


def _withheld(members: Sequence[Compared], site_id: int) -> bool:
    """Whether most printed cases of the site, in these procedures, cannot be compared: then it has no estimate."""
    own = [one for one in members if one.site_id == site_id]
    compared_cases = sum(one.n_with for one in own if one.can_be_combined)
    return bool(coverage(compared_cases, sum(one.printed.n for one in own)).withheld)


def _line(members: Sequence[Compared], category: str, effect_of: Effect) -> Across:
    used = [one for one in members if one.can_be_combined and not _withheld(members, one.site_id)]
    arms = [stratum for one in used for stratum in one.strata]
    found = site_estimates(arms)
    sites = sorted((site for site in found if site.can_be_pooled), key=lambda site: int(site.site))
    effects, variances = zip(*map(effect_of, sites), strict=True) if sites else ((), ())
    rung = shown(len(sites))
    pooled = pool(effects, variances)
    together = Part.ESTIMATE in rung.parts
    named = {site.site for site in sites}
    return Across(
        category=category,
        clock=members[0].clock,
        estimates=tuple(sites),
        strata=tuple(each for each in arms if each.site in named),
        rung=rung,
        pooled=pooled,
        spread=heterogeneity(effects, variances, pooled) if together else None,
        without_one=leave_one_out(effects, variances, pooled) if Part.LEAVE_ONE_OUT in rung.parts else None,
        comparators=frozenset(one.comparator for one in used if str(one.site_id) in named),
    )
