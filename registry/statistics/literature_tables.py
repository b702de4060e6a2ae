"""The tables of what others published. No case of the registry is in them, so they are the same for every scope and period."""

from fractions import Fraction
from math import sqrt

from registry.statistics.counts import CLOCK, KIND
from registry.statistics.ladder import Part, shown
from registry.statistics.literature import (
    ESTIMATED,
    MINUTES,
    OBSERVED,
    OPERATION_TIME,
    PART,
    PERCENT,
    POOLS,
    RATIO,
    SD,
    Effect,
    Study,
    Together,
    effects,
    pools,
    studies,
)
from registry.statistics.provenance import Provenance
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Row, Value
from registry.vocabulary.manufacturing import ObjectKind

PUBLISHED = "published"
DATA = Column("data", "Data")
SOURCE = Column("source", "Source")
REMARK = Column("remark", "Remark")
PLATE = "plate"
POOLED_KINDS = {"models": str(ObjectKind.ANATOMIC_MODEL), "guides": str(ObjectKind.ANATOMIC_GUIDE)}
CLOCKS = {OPERATION_TIME: "Operation time", **CLOCK.words}
EFFECTS = {
    MINUTES: "Minutes",
    PART: "Minutes of a part of the operation",
    PERCENT: "Per cent of the minutes",
    RATIO: "Ratio of mean minutes",
    SD: "Standard deviations",
}
STUDY_COLUMNS = (
    Column("study", "Study"),
    Column("line", "Line", words={"study": "One study", "pool": "Studies, combined here"}),
    Column(
        KIND.name, "What was printed", words={**KIND.words, PLATE: "Printed plate", "": "Models, guides and a plate"}
    ),
    Column("procedure", "Procedure"),
    Column("design", "Design"),
    Column("clock", "Clock", words=CLOCKS),
    Column("studies", "Studies", "count"),
    Column("n", "Cases with a print", "count"),
    Column("n_without", "Cases without", "count"),
    Column("mean_with", "Mean with", "minutes"),
    Column("sd_with", "SD with", "minutes"),
    Column("mean_without", "Mean without", "minutes"),
    Column("sd_without", "SD without", "minutes"),
    Column("saved", "Minutes saved", "saved"),
    Column("se", "Standard error", "minutes"),
    Column("df", "Degrees of freedom", "number"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    Column("new_low", "New study, 95% from", "saved"),
    Column("new_high", "New study, 95% to", "saved"),
    Column("tau", "SD between studies (tau)", "minutes"),
    Column("q", "Cochran's Q", "number"),
    Column("i2", "I²", "share"),
    Column("combined", "Combined in"),
    DATA,
    SOURCE,
    REMARK,
)
EFFECT_COLUMNS = (
    Column("study", "Published by"),
    Column("scope", "Of what"),
    Column("basis", "Basis", words={OBSERVED: "Observed times", ESTIMATED: "Estimates of the users"}),
    Column("effect", "Published in", words=EFFECTS),
    Column("as_published", "Saved, as published"),
    Column("studies", "Studies", "count"),
    Column("patients", "Patients", "count"),
    Column("saved", "Minutes saved", "saved"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    Column("share", "Share saved", "share_saved"),
    Column("share_low", "Share, 95% from", "share_saved"),
    Column("share_high", "Share, 95% to", "share_saved"),
    DATA,
    SOURCE,
    REMARK,
)
CAVEATS = (
    (
        "Published figures, none of them of this registry: a choice of abstracts and no systematic review, and studies that find a "
        "saving are likelier to be published."
    ),
    (
        "Operation time is what a paper calls so; the abstracts do not say from when to when. It is not the registry's time in the "
        "room and is never pooled with it."
    ),
    "The pools overlap: each stands for itself, and they are not added up.",
)
UNITS = {
    MINUTES: "minutes",
    PART: "minutes of a part of the operation",
    PERCENT: "per cent",
    RATIO: "per cent",
    SD: "standard deviations",
}


def published_studies(_reading: Reading) -> Result:
    """The pools, then every study. A pool says of a new study what so many studies allow."""
    return _result([*map(_pool_row, pools()), *map(_study_row, studies())])


def published_effects(_reading: Reading) -> Result:
    """Every effect in minutes or in per cent; in any other unit it has no number here, and why."""
    return _result([_effect_row(effect) for effect in effects()])


def _result(rows: list[Row]) -> Result:
    return Result(tuple(rows), n=0, sites=0, data=Provenance(), caveats=CAVEATS)


def _known(value: Fraction | float | None, reason: str) -> Value:
    return NoNumber(reason or "not published") if value is None else float(value)


def _sd(variance: Fraction | None) -> Value:
    return NoNumber("not published") if variance is None else sqrt(variance)


def _study_row(study: Study) -> Row:
    found, one = study.difference, NoNumber("one study")
    return {
        "study": study.study,
        "line": "study",
        KIND.name: study.object_kind,
        "procedure": study.procedure,
        "design": study.design,
        "clock": study.clock,
        "studies": 1,
        "n": found.n_with,
        "n_without": found.n_without,
        "mean_with": _known(study.printed.mean, ""),
        "sd_with": _sd(study.printed.variance),
        "mean_without": _known(study.without.mean, ""),
        "sd_without": _sd(study.without.variance),
        "saved": _known(found.estimate, found.reason),
        "se": _known(found.se, found.reason),
        "df": _known(found.df, found.reason),
        "low": _known(found.low, found.reason),
        "high": _known(found.high, found.reason),
        **dict.fromkeys(("new_low", "new_high", "tau", "q", "i2"), one),
        "combined": ", ".join(POOLS[key] for key in study.pools) or "none",
        "data": PUBLISHED,
        "source": study.source,
        "remark": study.remark,
    }


def _pool_row(together: Together) -> Row:
    found, rung = together.pooled, shown(together.pooled.k)
    arms = dict.fromkeys(("mean_with", "sd_with", "mean_without", "sd_without"), NoNumber("several studies"))
    few = NoNumber(f"{found.k} studies: too few to say")

    def told(part: Part, value: float | None) -> Value:
        return value if part in rung.parts and value is not None else few

    return {
        "study": POOLS[together.key],
        "line": "pool",
        KIND.name: POOLED_KINDS.get(together.key, ""),
        "procedure": "several",
        "design": "several",
        "clock": OPERATION_TIME,
        "studies": found.k,
        "n": sum(study.difference.n_with for study in together.studies),
        "n_without": sum(study.difference.n_without for study in together.studies),
        **arms,
        "saved": _known(found.estimate, found.reason),
        "se": _known(found.se, found.reason),
        "df": _known(found.df, found.reason),
        "low": _known(found.low, found.reason),
        "high": _known(found.high, found.reason),
        "new_low": told(Part.PREDICTION, found.prediction_low),
        "new_high": told(Part.PREDICTION, found.prediction_high),
        "tau": _known(None if found.tau2 is None else sqrt(found.tau2), found.reason),
        "q": _known(together.spread.q, together.spread.reason),
        "i2": told(Part.I2, None if together.spread.i2 is None else together.spread.i2 / 100),
        "combined": f"{found.method} + {found.interval}",
        "data": PUBLISHED,
        "source": "The studies below",
        "remark": "",
    }


def _effect_row(effect: Effect) -> Row:
    return {
        "study": effect.study,
        "scope": effect.scope,
        "basis": effect.basis,
        "effect": effect.unit,
        "as_published": _said(effect),
        "studies": NoNumber("not published") if effect.studies is None else effect.studies,
        "patients": NoNumber("not published") if effect.patients is None else effect.patients,
        **_in(effect, ("saved", "low", "high"), {MINUTES}),
        **_in(effect, ("share", "share_low", "share_high"), {PERCENT, RATIO}),
        "data": PUBLISHED,
        "source": effect.source,
        "remark": effect.remark,
    }


def _in(effect: Effect, names: tuple[str, ...], units: set[str]) -> Row:
    """The estimate and its limits under these names, where they were published in one of these units."""
    if effect.unit not in units:
        return dict.fromkeys(names, NoNumber(f"published in {UNITS[effect.unit]}"))
    numbers = (effect.estimate, effect.low, effect.high)
    return {name: _known(value, "") for name, value in zip(names, numbers, strict=True)}


def _said(effect: Effect) -> str:
    """The published numbers in their own unit, their sign turned."""
    if effect.estimate is None:
        return "no number"
    times = 100 if effect.unit in {PERCENT, RATIO} else 1
    numbers = [
        f"{float(value * times):.10g}" for value in (effect.estimate, effect.low, effect.high) if value is not None
    ]
    limits = f" ({numbers[1]} to {numbers[2]})" if len(numbers) == 3 else ""
    return f"{numbers[0]}{limits} {UNITS[effect.unit]}".replace("-", "−")
