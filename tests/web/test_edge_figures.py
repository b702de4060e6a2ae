"""What a figure says where there is little to say: each edge by the page's own figure, in words that need no table.

EDGE_FIGURES=folder keeps the drawings.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.statistics.results import Scope, Statistic
from registry.web.charts.drawing import drawings
from registry.web.sections import FIGURES
from tests.people import People, enrolled
from tests.statistics import reports
from tests.statistics.asking import fill, measured, refresh, submit
from tests.statistics.test_published import WITH, WITHOUT, who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def no_cases(_: People) -> None:
    """Nothing is submitted."""


def one_case(people: People) -> None:
    fill(people.site, with_print=WITH[:1], without=WITHOUT)


def one_site(people: People) -> None:
    fill(people.site, with_print=WITH, without=WITHOUT)


def two_sites(people: People) -> None:
    one_site(people)
    fill(people.other, with_print=[80, 90, 85, 99], without=[100, 110, 120])


def all_equal(people: People) -> None:
    fill(people.site, with_print=[90] * 4, without=[100] * 4)


def no_controls(people: People) -> None:
    fill(people.site, with_print=WITH, without=[])


def coverage_of_40_percent(people: People) -> None:
    """Two in five printed cases have controls of their complexity."""
    for place, minutes in enumerate((100, 110, 120, 130)):
        control = reports.control(f"C-{place}", "2026-03", "tka", reports.time(minutes), complexity="basic")
        submit(people.site, control)
    for place, complexity in enumerate(("basic", "basic", "complex", "complex", "complex") * 2):
        done = reports.procedure("2026-03", "tka", reports.time(80 + place))
        submit(people.site, reports.asked(f"P-{place}", "2026-01", complexity=complexity, procedure=done))


EDGES: dict[str, tuple[Callable[[People], None], str, bool, str]] = {
    "no cases": (no_cases, "minutes-saved", False, "No printed case has an OR time yet."),
    "one case": (one_case, "minutes-saved", False, "one case with a print: no spread, so no interval"),
    "one site": (one_site, "minutes-saved", True, "one site; says nothing about other sites"),
    "one site, combined": (one_site, "minutes-saved-across-sites", True, "One site; says nothing about other sites."),
    "two sites": (
        two_sites,
        "minutes-saved-across-sites",
        True,
        "Two sites, side by side: too few for a common number, and not published.",
    ),
    "all equal": (all_equal, "minutes-saved", False, "no variation in either arm, so no interval"),
    "no controls": (
        no_controls,
        "minutes-saved",
        False,
        "no control case with an observed time, and no baseline of the site",
    ),
    "coverage 40 %": (
        coverage_of_40_percent,
        "minutes-saved",
        False,
        "only 4 of 10 printed cases with a time can be compared",
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_figure_says_what_may_be_said(edge: str, who: People) -> None:
    make, measure, of_registry, words = EDGES[edge]
    make(who)
    refresh()
    result = measured(measure, Scope.registry() if of_registry else Scope.of(who.site))
    assert isinstance(result, Statistic)
    figure = FIGURES[measure](result)
    assert figure is not None
    drawn = drawings({edge: figure})[edge]
    for layout, svg in (("wide", drawn.wide), ("narrow", drawn.narrow)):
        said = " ".join(str(value["why"]) for value in getattr(figure, layout)["data"]["values"]).replace("\n", " ")
        assert words in said
        assert all(word.strip(",;.:") in svg for word in words.split())
        _keep(f"{edge} {layout}", svg)


def _keep(name: str, svg: str) -> None:
    if folder := os.environ.get("EDGE_FIGURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name.replace(' ', '-').replace(',', '')}.svg").write_text(svg, encoding="utf-8")


def test_three_sites_have_a_common_number_and_five_say_what_a_new_one_may_expect(who: People) -> None:
    two_sites(who)
    for number in range(3):
        fill(enrolled(f"SITE{number}", f"Site {number}"), with_print=[95 + number, 99, 104], without=[110, 118, 131])
    refresh()
    figure = FIGURES["minutes-saved-across-sites"](measured("minutes-saved-across-sites", Scope.registry()))
    assert figure is not None
    row = figure.wide["data"]["values"][0]
    assert row["outer_low"] < row["low"] < row["estimate"] < row["high"] < row["outer_high"]
    assert row["why"] == ""
