"""What a print is worth and how many pay, worked out again from the cases by plain arithmetic."""

from decimal import Decimal
from fractions import Fraction
from math import ceil
from statistics import mean
from typing import Any

import pytest
from scipy.stats import t, ttest_ind

from registry.statistics.results import NoNumber, Scope
from tests import people
from tests.people import People
from tests.statistics.asking import fill, line, measured, refresh
from tests.statistics.priced import MONTHS, WITHOUT, order, state, year_of_prints

pytestmark = pytest.mark.django_db
WITH = [100 + 2 * place for place in range(12)]
WELCH = ttest_ind(WITHOUT, WITH, equal_var=False)
SAVED = Fraction(sum(WITHOUT), 5) - Fraction(sum(WITH), 12)
CLINICIAN = Fraction(sum(30 + place for place in range(12)) + 10 + 20, 14) / 60 * 120
OTHER = Fraction(60 * 11 + 10 + 20, 13) / 60 * 30
MATERIAL = Fraction(sum(20 + place for place in range(12)) + 7 + 11 + 13, 14)
EQUIPMENT = Fraction(12000, 14)
PARTS = {"clinician": CLINICIAN, "non_clinician": OTHER, "material": MATERIAL, "outsourced": 5, "equipment": EQUIPMENT}
COST = sum(PARTS.values())
RATES = {
    ("ballard2020", "low"): 22, ("ballard2020", "mean"): 62, ("ballard2020", "high"): 133, ("childers2018", "direct"): 20,
    ("childers2018", "inpatient"): Fraction("37.45"), ("childers2018", "non_teaching"): Fraction("38.29"), ("site", "site"): 40,
}  # fmt: skip


@pytest.fixture
def who() -> People:
    return people.gathered()


@pytest.fixture
def priced(who: People) -> People:
    """Alice's site knows all that its prints cost."""
    state(who.site)
    year_of_prints(who.site)
    refresh()
    return who


def at(measure: str, scope: Scope, **wanted: Any) -> dict[str, Any]:
    return line(measured(measure, scope), **{"scenario": "ballard2020", "rate": "mean", **wanted})


def near(value: Any) -> Any:
    return pytest.approx(float(value), rel=1e-12)


def floats(row: dict[str, Any], *names: str) -> list[float]:
    return [float(row[name]) for name in names]


def test_net_is_saving_less_every_part_at_each_rate(priced: People) -> None:
    statistic = measured("value-of-a-print", Scope.of(priced.site))
    assert [(row["scenario"], row["rate"]) for row in statistic.rows] == list(RATES)
    low, high = WELCH.confidence_interval()
    for row in statistic.rows:
        rate = RATES[str(row["scenario"]), str(row["rate"])]
        assert {name: float(row[name]) for name in PARTS} == {name: near(part) for name, part in PARTS.items()}  # type: ignore[arg-type]
        assert floats(row, "cost", "saving") == [near(COST), near(SAVED * rate)]
        expected = [
            near(SAVED * rate - COST),
            near(low * float(rate) - float(COST)),
            near(high * float(rate) - float(COST)),
        ]
        assert floats(row, "net", "low", "high") == expected
        if row["rate"] == "direct":
            assert row["direct"] == NoNumber("direct cost already")
        else:
            assert float(row["direct"]) == near(SAVED * rate * Fraction("0.546") - COST)  # type: ignore[arg-type]


def test_an_order_that_came_to_nothing_costs_and_one_that_waits_is_not_judged(priced: People) -> None:
    row = at("value-of-a-print", Scope.of(priced.site))
    assert (row["operated"], row["ordered"], row["waiting"]) == (12, 13, 1)
    assert float(row["per_order"]) == near(Fraction(12, 13) * SAVED * 62 - COST)
    assert float(row["per_order_none"]) == near(Fraction(12, 14) * SAVED * 62 - COST)


def test_the_cost_of_a_minute_has_fieller_s_interval_which_with_a_known_cost_is_that_of_the_minutes(
    priced: People,
) -> None:
    row = at("value-of-a-print", Scope.of(priced.site))
    half = float(t.ppf(0.975, WELCH.df)) * float(SAVED) / float(WELCH.statistic)
    ends = [float(COST) / (float(SAVED) + half), float(COST) / (float(SAVED) - half)]
    found = floats(row, "minute_cost", "minute_low", "minute_high")
    assert found == pytest.approx([float(COST / SAVED), *ends], rel=1e-9)


def test_the_cost_of_a_minute_that_may_be_none_is_not_estimable(who: People) -> None:
    state(who.site)
    fill(who.site, with_print=[], without=[90, 150, 100], month="2025-03")
    for place, month in enumerate(MONTHS[:6]):
        order(who.site, f"P-{place}", month, 90 + 10 * place, costs=[20], hands=(30, 60))
    refresh()
    row = at("value-of-a-print", Scope.of(who.site))
    # By hand: 113.33 without and 115 with a print.
    assert row["minute_cost"] == NoNumber("a print saves no minute here")
    assert row["net"] < 0
    fill(who.site, with_print=[], without=[130], month="2025-04")
    refresh()
    row = at("value-of-a-print", Scope.of(who.site))
    assert row["minute_cost"] == NoNumber("not estimable: the denominator may be zero")
    assert row["low"] < row["net"] < row["high"]


def test_break_even_is_the_fixed_cost_over_the_gain_of_a_print(priced: People) -> None:
    statistic = measured("break-even", Scope.of(priced.site))
    variable = COST - EQUIPMENT
    for row in statistic.rows:
        rate = RATES[str(row["scenario"]), str(row["rate"])]
        assert floats(row, "fixed", "variable") == [12000, near(variable)]
        assert row["prints"] == ceil(12000 / (SAVED * rate - variable))
        for name, limit in zip(("fewest", "most"), reversed(WELCH.confidence_interval()), strict=True):
            assert row[name] == ceil(12000 / (Fraction(limit) * rate - variable))
        assert (row["volume"], row["months"], row["a_year"]) == (14, 12, 14)
        assert float(row["net_a_year"]) == near(14 * (SAVED * rate - variable) - 12000)  # type: ignore[arg-type]
        for name, limit in zip(("net_a_year_low", "net_a_year_high"), WELCH.confidence_interval(), strict=True):
            assert float(row[name]) == near(14 * (Fraction(limit) * rate - variable) - 12000)  # type: ignore[arg-type]


def test_at_one_site_the_net_of_a_year_is_its_prints_times_the_net_of_one(priced: People) -> None:
    scope = Scope.of(priced.site)
    a_print, a_year = at("value-of-a-print", scope), at("break-even", scope)
    for one, all_of_them in (("net", "net_a_year"), ("low", "net_a_year_low"), ("high", "net_a_year_high")):
        assert float(a_year[all_of_them]) == near(14 * Fraction(a_print[one]))


def test_no_number_of_prints_pays_where_a_print_costs_more_than_it_saves(who: People) -> None:
    state(who.site, outsourced_per_case="900")
    year_of_prints(who.site)
    refresh()
    row = at("break-even", Scope.of(who.site), rate="low")
    none = NoNumber("none: a print saves no more than it costs")
    assert (row["prints"], row["most"]) == (none, none)
    assert row["net_a_year"] < -12000
    assert at("break-even", Scope.of(who.site), rate="high")["prints"] > 0


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"clinician_wage": None}, "the wage of a clinician"),
        ({"outsourced_per_case": None}, "the cost of printing outside"),
        ({"fixed": None}, "the fixed cost a year"),
    ],
)
def test_an_unknown_part_leaves_no_total_and_is_named(who: People, said: dict[str, Any], missing: str) -> None:
    state(who.site, **said)
    year_of_prints(who.site)
    refresh()
    row = at("value-of-a-print", Scope.of(who.site))
    reason = NoNumber(f"not known: {missing}")
    for name in ("cost", "net", "low", "high", "direct", "per_order", "minute_cost"):
        assert row[name] == reason
    assert float(row["saving"]) == near(SAVED * 62)
    assert at("break-even", Scope.of(who.site))["prints"] == reason


def test_a_site_that_says_nothing_is_told_all_that_is_missing(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    row = at("value-of-a-print", Scope.of(who.site))
    assert row["net"].reason == (
        "not known: the wage of a clinician, the wage of a non-clinician, the minutes of clinicians (no case says all four "
        "activities), the minutes of non-clinicians (no case says all four activities), the cost of material (no print says it), "
        "the cost of printing outside, the fixed cost a year"
    )
    assert len(measured("value-of-a-print", Scope.of(who.site)).rows) == 6


def test_zero_is_known(who: People) -> None:
    state(who.site, fixed="0", clinician_wage="0", non_clinician_wage="0", outsourced_per_case="0")
    year_of_prints(who.site)
    refresh()
    row = at("value-of-a-print", Scope.of(who.site))
    assert float(row["cost"]) == near(MATERIAL)
    assert at("break-even", Scope.of(who.site))["prints"] == 0


def test_below_six_months_of_prints_the_cost_is_without_equipment_and_says_so(who: People) -> None:
    state(who.site)
    fill(who.site, with_print=[], without=WITHOUT, month="2025-03")
    for place, month in enumerate(MONTHS[:5]):
        order(who.site, f"P-{place}", month, 100 + place, costs=[20], hands=(30, 60))
    refresh()
    row = at("value-of-a-print", Scope.of(who.site))
    assert row["equipment"] == NoNumber("without equipment: fewer than 6 months of prints")
    assert (row["cost"], row["remark"]) == (60 + 30 + 20 + 5, "without equipment: fewer than 6 months of prints")
    row = at("break-even", Scope.of(who.site))
    assert row["prints"] > 0
    assert row["net_a_year"] == NoNumber("fewer than 6 months of prints")


def test_money_of_two_currencies_is_never_put_together(who: People) -> None:
    state(who.site, currency="CAD")
    year_of_prints(who.site)
    refresh()
    scope = Scope.of(who.site)
    reason = NoNumber("the rate is in USD, and what a print costs in CAD")
    row = at("value-of-a-print", scope)
    assert (row["currency"], row["net"], row["material"]) == ("USD", reason, reason)
    own = at("value-of-a-print", scope, scenario="site", rate="site")
    assert (own["currency"], own["year"]) == ("CAD", "2020")
    assert float(own["net"]) == near(SAVED * 40 - COST)
    state(who.site, currency="CAD", rate_in="USD")
    assert at("value-of-a-print", scope, scenario="site", rate="site")["net"] == reason
    state(who.site, currency="USD", rate_in="CAD")
    assert at("value-of-a-print", scope)["net"].reason == (
        "not known: wages in USD, the currency of the material (they are stated in CAD)"
    )


def test_dollars_stand_at_each_rate_with_direct_cost_and_in_dollars_of_one_year(priced: People) -> None:
    scope = Scope.of(priced.site)
    row = at("dollars-saved", scope, category="tka")
    value = SAVED * 62
    assert (row["year"], float(row["value"]), float(row["direct"])) == (
        "2019",
        near(value),
        near(value * Fraction("0.546")),
    )
    assert float(row["converted"]) == near(value * Fraction("313.689") / Fraction("255.657"))
    direct = at("dollars-saved", scope, category="tka", scenario="childers2018", rate="direct")
    assert direct["direct"] == NoNumber("direct cost already")
    own = at("dollars-saved", scope, category="tka", scenario="site", rate="site")
    assert (own["year"], own["per_minute"], own["currency"]) == ("2020", Decimal(40), "USD")


def test_a_year_that_the_index_lacks_is_refused_and_another_currency_has_none(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    state(who.site, year=2026)
    refresh()
    own = {"category": "tka", "scenario": "site", "rate": "site"}
    row = at("dollars-saved", Scope.of(who.site), **own)
    assert row["converted"] == NoNumber("the price index of 2026 is not in the table")
    state(who.site, currency="CAD")
    row = at("dollars-saved", Scope.of(who.site), **own)
    assert row["converted"] == NoNumber("the price index is that of US dollars")
    assert row["formula"].endswith(f"min × CAD 40/min = CAD {float(SAVED * 40):,.0f}")


def test_the_registry_has_no_rate_of_a_site_and_weights_costs_to_printed_cases(priced: People) -> None:
    state(priced.other, fixed="6000", clinician_wage="60", outsourced_per_case="0")
    fill(priced.other, with_print=[], without=WITHOUT, month="2025-03")
    for place, month in enumerate(MONTHS[:7]):
        order(priced.other, f"P-{place}", month, 110 + place, costs=[50], hands=(60, 60))
    refresh()
    statistic = measured("value-of-a-print", Scope.registry())
    assert {row["scenario"] for row in statistic.rows} == {"ballard2020", "childers2018"}
    row = at("value-of-a-print", Scope.registry())
    expected = {
        "clinician": (14 * CLINICIAN + 7 * 60) / 21,
        "non_clinician": (14 * OTHER + 7 * 30) / 21,
        "material": (14 * MATERIAL + 7 * 50) / 21,
        "outsourced": Fraction(14 * 5, 21),
        # Seven prints in seven months are twelve a year.
        "equipment": (14 * EQUIPMENT + 7 * Fraction(6000, 12)) / 21,
    }
    assert {name: float(row[name]) for name in expected} == {name: near(part) for name, part in expected.items()}
    saved = (12 * SAVED + 7 * (Fraction(sum(WITHOUT), 5) - 113)) / 19
    assert float(row["net"]) == near(saved * 62 - sum(expected.values()))
    assert (row["operated"], row["ordered"], row["sites"]) == (19, 20, 2)
    even = at("break-even", Scope.registry())
    assert (even["fixed"], even["volume"], even["a_year"]) == (18000, 21, 14 + 12)
    assert mean([even["fewest"], even["most"]]) > 0


def test_the_registry_has_no_net_where_a_site_does_not_say_all_or_says_it_in_another_currency(priced: People) -> None:
    fill(priced.other, with_print=[110, 111, 113], without=WITHOUT)
    refresh()
    row = at("value-of-a-print", Scope.registry())
    assert row["net"] == NoNumber("1 of 2 sites do not state all that a print costs")
    state(priced.other, currency="CAD")
    for place, month in enumerate(MONTHS[:2]):
        order(priced.other, f"P-{place}", month, 110 + place, costs=[50], hands=(60, 60))
    refresh()
    row = at("value-of-a-print", Scope.registry())
    assert row["net"] == NoNumber("the sites' costs are in several currencies, which are never added")
    assert isinstance(at("break-even", Scope.registry())["prints"], NoNumber)
