"""The tables of sensitivity: the question asked otherwise, the pooling done otherwise, and what nobody measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.statistics.across_sites import Across, across, in_logs, share_saved
from registry.statistics.asked_otherwise import ASKED, HEADLINE, Answer, answers, behind, headline
from registry.statistics.confounding import beside
from registry.statistics.counts import DATA, SITES
from registry.statistics.histogram import square_root
from registry.statistics.ladder import Part
from registry.statistics.pooling import Interval, Method, Pooled, pool, side
from registry.statistics.reading import WITH_PRINT, Reading
from registry.statistics.results import Column, Coverage, Result, Row, Unit, number_or
from registry.statistics.savings import ALL, Line
from registry.statistics.savings_tables import CAVEATS, result_of
from registry.statistics.sensitivity import BySampleSize, by_sample_size, what_changes
from registry.statistics.strata import SiteEstimate, pooled
from registry.statistics.unmeasured import in_plain_words, of_difference

MIND = (
    "Each line changes one thing and keeps all others; the lines share cases, so they are no independent confirmations."
)
E_CAUTION = (
    "The conversion of minutes to a risk ratio assumes normal times of equal spread in both arms; times are skewed."
)
OF_SITES = "printed cases with the procedure recorded are of sites that can be combined"
SSW, LOWEST, HIGHEST = "ssw", "lowest", "highest"
WAYS: dict[str, tuple[str, Method, Interval]] = {
    HEADLINE: ("As it is: REML, modified Knapp–Hartung", Method.REML, Interval.MODIFIED_KNAPP_HARTUNG),
    "pm": ("tau² by Paule–Mandel", Method.PAULE_MANDEL, Interval.MODIFIED_KNAPP_HARTUNG),
    "dl": ("tau² by DerSimonian–Laird", Method.DERSIMONIAN_LAIRD, Interval.MODIFIED_KNAPP_HARTUNG),
    "hk": ("Hartung–Knapp interval", Method.REML, Interval.HARTUNG_KNAPP),
    "wald": ("Normal (Wald) interval", Method.REML, Interval.WALD),
}
POOLED = {
    **{key: label for key, (label, _, _) in WAYS.items()},
    SSW: "Sites weighted by their effective sample size",
    LOWEST: "Without one site, lowest",
    HIGHEST: "Without one site, highest",
}


def _columns(words: dict[str, str], unit: Unit, heading: str) -> tuple[Column, ...]:
    return (
        Column("asked", "Asked", words=words),
        Column("saved", heading, unit),
        Column("low", "95% from", unit),
        Column("high", "95% to", unit),
        Column("n", "Printed cases", "count"),
        Column("n_without", "Comparator cases", "count"),
        Column("change", "Change", unit),
        Column("flag", "What it changes"),
        SITES,
        DATA,
        Column("remark", "Remark"),
    )


COLUMNS = _columns(ASKED, "saved", "Minutes saved a case")
ACROSS_COLUMNS = _columns(POOLED, "share_saved", "Saved on average")
E_COLUMNS = (
    Column("saved", "Minutes saved a case", "saved"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    Column("sd", "SD without a print", "minutes"),
    Column("ratio", "As a risk ratio", "number"),
    Column("e_value", "E-value", "number"),
    Column("e_limit", "E-value of the limit nearer to none", "number"),
    Column("said", "In plain words"),
    Column("n", "Printed cases", "count"),
    SITES,
    DATA,
)


def sensitivity(reading: Reading) -> Result:
    """Minutes saved over everything, by every way of asking."""
    line, found = reading.once(headline), answers(reading)
    rows = [_row(reading, found[0], answer) for answer in found]
    return _result(reading, line, rows, (*CAVEATS, MIND))


def _row(reading: Reading, whole: Answer, answer: Answer) -> Row:
    found = answer.difference
    change = None if whole.estimate is None or answer.estimate is None else answer.estimate - whole.estimate
    return {
        "asked": answer.asked,
        "saved": number_or(found.reason, found.estimate),
        "low": number_or(found.reason, found.low),
        "high": number_or(found.reason, found.high),
        "n": found.n_with,
        "n_without": found.n_without,
        "change": number_or(found.reason, change),
        "flag": what_changes(whole.estimate, whole.side, answer.estimate, answer.side),
        "sites": len(answer.fed_by) if found.estimate is not None else 0,
        "data": reading.data_of(answer.fed_by).kind,
        "remark": "; ".join(part for part in (found.reason, answer.remark) if part),
    }


def _result(reading: Reading, line: Line | None, rows: list[Row], caveats: tuple[str, ...]) -> Result:
    return result_of(reading, [line] if line else [], rows, caveats)


def e_value(reading: Reading) -> Result:
    """How strong something nobody measured would have to be, and the same in minutes."""
    line = reading.once(headline)
    rows = [] if line is None or line.difference.estimate is None else [_e_row(reading, line)]
    return _result(reading, line, rows, (*CAVEATS, E_CAUTION))


def _e_row(reading: Reading, line: Line) -> Row:
    found = line.difference
    spread = pooled(stratum.minutes[0] for stratum in behind(reading, line)).variance
    sd = None if spread is None else square_root(spread)
    converted = of_difference(float(found.estimate or 0), found.se if found.has_interval else None, sd)
    known = found.low is not None and found.high is not None
    return {
        "saved": number_or(found.reason, found.estimate),
        "low": number_or(found.reason, found.low),
        "high": number_or(found.reason, found.high),
        "sd": number_or(converted.reason, sd),
        "ratio": number_or(converted.reason, converted.ratio),
        "e_value": number_or(converted.reason, converted.e),
        "e_limit": number_or(converted.reason, converted.e_limit),
        "said": in_plain_words(found.low, found.high) if known else f"Nothing can be said: {found.reason}.",  # type: ignore[arg-type]
        "n": found.n_with,
        "sites": line.sites,
        "data": reading.data_of(line.fed_by).kind,
    }


def sensitivity_across_sites(reading: Reading) -> Result:
    """The average over sites of all categories, pooled otherwise, as a share of the minutes without a print."""
    over_all = [line for line in across(reading, in_logs, over_all=True) if line.category == ALL]
    line = max(over_all, key=lambda line: line.n_with, default=None)
    eligible = sum(n for (_, _, arm), n in reading.procedures.items() if arm == WITH_PRINT)
    if line is None:
        return Result((), 0, 0, reading.data_of(()), Coverage(0, eligible, OF_SITES), caveats=(MIND,))
    result = Result(
        rows=tuple(_across_row(reading, line, way) for way in _ways(reading, line)),
        n=line.n_with,
        sites=len(line.sites),
        data=reading.data_of(line.sites),
        coverage=Coverage(line.n_with, eligible, OF_SITES),
        clocks=(line.clock,),
        comparators=tuple(sorted(line.comparators)),
        caveats=(MIND,),
    )
    return beside(reading, result)


@dataclass(frozen=True)
class Way:
    """One way of pooling: estimate and limits in logarithms, and of which sites."""

    asked: str
    estimate: float | None
    low: float | None
    high: float | None
    sites: tuple[SiteEstimate, ...]
    reason: str
    remark: str = ""

    @classmethod
    def of(cls, asked: str, found: Pooled | BySampleSize, sites: Sequence[SiteEstimate], remark: str = "") -> "Way":
        return cls(asked, found.estimate, found.low, found.high, tuple(sites), found.reason, remark)


def _ways(reading: Reading, line: Across) -> Iterator[Way]:
    if not line.may_say(Part.ESTIMATE):
        yield from (Way(key, None, None, None, line.estimates, line.rung.sentence) for key in POOLED)
        return
    effects, variances = zip(*map(in_logs, line.estimates), strict=True)
    for key, (_, method, interval) in WAYS.items():
        yield Way.of(key, pool(effects, variances, method=method, interval=interval), line.estimates)
    arms = [(site.saved.n_without, site.saved.n_with) for site in line.estimates]
    yield Way.of(SSW, by_sample_size(effects, variances, arms, tau2=line.pooled.tau2 or 0), line.estimates)
    alone = line.without_one
    for key, which in ((LOWEST, min), (HIGHEST, max)):
        if alone is None or not alone.without:
            yield Way(key, None, None, None, line.estimates, alone.reason if alone else line.rung.sentence)
            continue
        place = which(range(len(line.sites)), key=lambda place: alone.without[place].estimate or 0.0)
        kept = (*line.estimates[:place], *line.estimates[place + 1 :])
        yield Way.of(key, alone.without[place], kept, f"without {reading.sites[line.sites[place]].code}")


def _across_row(reading: Reading, line: Across, way: Way) -> Row:
    first, saved, low, high = (
        None if logs is None else share_saved(logs) for logs in (line.pooled.estimate, way.estimate, way.low, way.high)
    )
    change = None if first is None or saved is None else saved - first
    return {
        "asked": way.asked,
        "saved": number_or(way.reason, saved),
        "low": number_or(way.reason, low),
        "high": number_or(way.reason, high),
        "n": sum(site.saved.n_with for site in way.sites),
        "n_without": sum(site.saved.n_without for site in way.sites),
        "change": number_or(way.reason, change),
        "flag": what_changes(first, line.pooled.side, saved, side(way.low, way.high)),
        "sites": len(way.sites),
        "data": reading.data_of(int(site.site) for site in way.sites).kind,
        "remark": "; ".join(part for part in (way.reason, way.remark) if part),
    }
