"""One estimate of minutes saved for each site, from strata with their own controls or with a site's baseline.

D = Σ w (m₀ − m₁), w = n₁ / Σ n₁: weighted to the printed cases. Its variance for combining sites is pooled over all sites,
because a site's own SD follows its own mean where times are skewed, and weights made of it would pull the minutes saved
towards zero. Each estimate stands in minutes and, for procedures of different length, in logarithms.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import expm1, log, log1p

from registry.statistics.histogram import Histogram
from registry.statistics.two_arms import LEVEL, Arm, Difference, Pair, att_of_groups

MIN_CONTROLS = 2
"""A stratum with fewer controls has no comparator."""
MIN_PER_ARM = 3
"""A stratum enters a line over several, and a site a procedure's pool, with at least so many printed and so many comparator
cases; with fewer controls the site's baseline is the comparator, if it has one."""
MIN_DF = 10
"""A variance pooled over fewer degrees of freedom is replaced by one from the specialty's logarithms."""
CAVEAT_BELOW = Fraction(80, 100)
WITHHELD_BELOW = Fraction(50, 100)


@dataclass(frozen=True)
class Stratum:
    """One site, procedure and complexity on one clock: its two arms in minutes, and in logarithms of minutes.

    `varies_alone`: its arms vary by themselves, as a baseline does; else as the other strata of the procedure do.
    `times`: the minutes of both arms, None where nobody can list those of a baseline.
    """

    site: str
    specialty: str
    procedure: str
    minutes: Pair
    logs: Pair
    varies_alone: bool = False
    times: tuple[Histogram, Histogram] | None = None

    @classmethod
    def of(cls, site: str, specialty: str, procedure: str, without: Histogram, printed: Histogram) -> "Stratum":
        """Printed cases beside the site's own controls. Raises ValueError for minutes of 0 or less."""
        minutes, logs = ((make(without), make(printed)) for make in (Arm.of, Arm.of_logs))
        return cls(site, specialty, procedure, minutes, logs, times=(without, printed))

    @classmethod
    def beside_baseline(cls, site: str, specialty: str, procedure: str, baseline: Arm, printed: Histogram) -> "Stratum":
        """Printed cases beside a baseline known by n, mean and SD, whose error enters once, however many cases share it.

        Its logarithms are those of the log-normal distribution with its mean and SD. Raises ValueError for minutes of 0 or
        less.
        """
        logs = (_log_normal(baseline), Arm.of_logs(printed))
        return cls(site, specialty, procedure, (baseline, Arm.of(printed)), logs, varies_alone=True)

    @property
    def has_comparator(self) -> bool:
        """Whether its printed cases enter an estimate: two controls or more, with a spread that somebody knows."""
        without, printed = self.minutes
        return bool(printed.n) and without.n >= MIN_CONTROLS and without.variance is not None


def _log_normal(arm: Arm) -> Arm:
    """σ² = ln(1 + s²/m²), mean ln m − σ²/2."""
    if arm.mean is None or arm.variance is None:
        return Arm(arm.n, None, None)
    if arm.mean <= 0:
        raise ValueError("Only minutes above 0 have a logarithm.")
    square = log1p(arm.variance / arm.mean**2)
    return Arm(arm.n, Fraction(log(arm.mean) - square / 2), Fraction(square))


def alike(strata: Iterable[Stratum]) -> list[list[Stratum]]:
    """Groups that share the variance of each arm: the strata of a procedure; one that varies alone is its own."""
    found: dict[tuple[str, int], list[Stratum]] = defaultdict(list)
    for place, stratum in enumerate(strata, 1):
        found[stratum.procedure, place if stratum.varies_alone else 0].append(stratum)
    return list(found.values())


@dataclass(frozen=True)
class Coverage:
    """How many printed cases have a comparator. `caveat`: words to stand beside the estimate; `withheld`: words instead of it."""

    compared: int
    printed: int
    caveat: str = ""
    withheld: str = ""

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.compared, self.printed) if self.printed else None


def coverage(compared: int, printed: int) -> Coverage:
    """Below 80 % the estimate carries a caveat, below 50 % there is none. Raises ValueError unless 0 ≤ compared ≤ printed."""
    if not 0 <= compared <= printed:
        raise ValueError("The compared cases are some of the printed ones.")
    words = f"only {compared} of {printed} printed cases with a time can be compared"
    if not printed:
        return Coverage(compared, printed, withheld="no case with a print")
    share = Fraction(compared, printed)
    if share < WITHHELD_BELOW:
        return Coverage(compared, printed, withheld=words)
    return Coverage(compared, printed, caveat=words if share < CAVEAT_BELOW else "")


@dataclass(frozen=True)
class Indirect:
    """Indirect standardisation over n printed cases: minutes expected from their strata's controls, and observed. Exact."""

    n: int
    expected: Fraction
    observed: Fraction

    @property
    def saved(self) -> Fraction:
        """Σ(E − O), in minutes: n times the difference weighted to the printed cases."""
        return self.expected - self.observed

    @property
    def ratio(self) -> Fraction | None:
        """O/E; below 1 = faster with a print. None where nothing is expected."""
        return self.observed / self.expected if self.expected else None


def indirect(strata: Iterable[Stratum]) -> Indirect:
    """Σ n₁m₀ and Σ n₁m₁ over the strata that have a comparator."""
    pairs = [stratum.minutes for stratum in strata if stratum.has_comparator]
    expected, observed = (
        sum((pair[1].n * (pair[arm].mean or Fraction(0)) for pair in pairs), Fraction(0)) for arm in (0, 1)
    )
    return Indirect(sum(printed.n for _, printed in pairs), expected, observed)


@dataclass(frozen=True)
class Pooled:
    """A variance within strata with its degrees of freedom; `by_cv` where the specialty's logarithms stand in for it."""

    variance: Fraction | None
    df: int
    by_cv: bool = False


Spreads = Mapping[tuple[str, int], Pooled]
"""By procedure, and arm: 0 without print, 1 with."""


def pooled(arms: Iterable[Arm]) -> Pooled:
    """Σ(n − 1)s² / Σ(n − 1) over the arms that have a spread; None where none has."""
    known = [(arm.n - 1, arm.variance) for arm in arms if arm.n > 1 and arm.variance is not None]
    df = sum(freedom for freedom, _ in known)
    return Pooled(sum((freedom * square for freedom, square in known), Fraction(0)) / df if df else None, df)


def spreads_in_minutes(strata: Sequence[Stratum]) -> Spreads:
    """Square minutes, pooled within procedure and arm over all sites; strata without a comparator have a spread too.

    Below 10 df it is m²(exp(σ²) − 1), with m the mean of the procedure and arm over all sites, and σ² the variance of
    logarithms pooled over both arms of the specialty: a log-normal distribution with the specialty's coefficient of variation.
    """
    return _spreads(strata, _minutes, _by_cv)


def spreads_in_logs(strata: Sequence[Stratum]) -> Spreads:
    """Variances of ln minutes, pooled within procedure and arm over all sites; below 10 df, over the whole specialty."""
    return _spreads(strata, _logs, lambda _, square: square)


def _spreads(
    strata: Sequence[Stratum],
    track: Callable[[Stratum], Pair],
    stand_in: Callable[[Sequence[Arm], Fraction], Fraction],
) -> Spreads:
    by_procedure: dict[str, list[Stratum]] = defaultdict(list)
    for stratum in strata:
        by_procedure[stratum.procedure].append(stratum)
    found = {}
    for procedure, members in by_procedure.items():
        specialties = {stratum.specialty for stratum in members}
        logs = pooled(arm for stratum in strata if stratum.specialty in specialties for arm in stratum.logs)
        for place in (0, 1):
            arms = [track(stratum)[place] for stratum in members]
            own = pooled(arms)
            if own.df < MIN_DF and logs.variance is not None and any(arm.n for arm in arms):
                own = Pooled(stand_in(arms, logs.variance), logs.df, by_cv=True)
            found[procedure, place] = own
    return found


def _by_cv(arms: Sequence[Arm], square: Fraction) -> Fraction:
    timed = [(arm.n, arm.mean) for arm in arms if arm.mean is not None]
    mean = sum((n * mean for n, mean in timed), Fraction(0)) / sum(n for n, _ in timed)
    return mean**2 * Fraction(expm1(square))


@dataclass(frozen=True)
class SiteEstimate:
    """What one site saves for each printed case, in minutes and in logarithms (`Ratio.of` makes a ratio of the latter).

    `saved` and `log_saved` carry the site's own interval, from its own variances. `variance` and `log_variance` are made of
    the pooled ones, and are what a pool over sites weighs it by; None where there is no estimate, or no spread to know.
    """

    site: str
    saved: Difference
    variance: float | None
    log_saved: Difference
    log_variance: float | None
    indirect: Indirect
    coverage: Coverage

    @property
    def can_be_pooled(self) -> bool:
        """Whether it enters a pool over sites: at least three cases an arm, and a variance."""
        return bool(self.variance) and min(self.saved.n_without, self.saved.n_with) >= MIN_PER_ARM


def site_estimates(strata: Sequence[Stratum], *, level: Fraction = LEVEL) -> list[SiteEstimate]:
    """The estimate of every site in these strata, which are all of one clock; sites in order of their first stratum.

    D = Σ w (m₀ − m₁) over the strata with a comparator, w = n₁ / Σ n₁; v = Σ w² (S₀²/n₀ + S₁²/n₁), S² pooled.
    """
    by_site: dict[str, list[Stratum]] = defaultdict(list)
    for stratum in strata:
        by_site[stratum.site].append(stratum)
    in_minutes, in_logs = spreads_in_minutes(strata), spreads_in_logs(strata)
    return [_of_site(site, members, in_minutes, in_logs, level) for site, members in by_site.items()]


def _of_site(
    site: str, members: Sequence[Stratum], in_minutes: Spreads, in_logs: Spreads, level: Fraction
) -> SiteEstimate:
    used = [stratum for stratum in members if stratum.has_comparator]
    standard = indirect(used)
    covered = coverage(standard.n, sum(stratum.minutes[1].n for stratum in members))
    if covered.withheld:
        n_without = sum(stratum.minutes[0].n for stratum in used)
        nothing = Difference(n_without, standard.n, reason=covered.withheld)
        return SiteEstimate(site, nothing, None, nothing, None, standard, covered)
    groups = alike(used)
    saved, log_saved = (
        att_of_groups([[track(stratum) for stratum in group] for group in groups], level=level)
        for track in (_minutes, _logs)
    )
    variances = (_variance(used, spreads) for spreads in (in_minutes, in_logs))
    return SiteEstimate(site, saved, next(variances), log_saved, next(variances), standard, covered)


def _minutes(stratum: Stratum) -> Pair:
    return stratum.minutes


def _logs(stratum: Stratum) -> Pair:
    return stratum.logs


def _variance(used: Sequence[Stratum], spreads: Spreads) -> float | None:
    """v; None where some spread is unknown, or where nothing varies."""
    n_with = sum(stratum.minutes[1].n for stratum in used)
    total = Fraction(0)
    for stratum in used:
        for place, arm in enumerate(stratum.minutes):
            square = spreads[stratum.procedure, place].variance
            if square is None:
                return None
            total += Fraction(stratum.minutes[1].n, n_with) ** 2 * square / arm.n
    return float(total) or None
