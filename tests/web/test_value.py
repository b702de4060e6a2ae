"""The page of what printing is worth: gain, loss and what is not known, said alike, at a site and in the registry."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from registry.reports.tables import NotShown
from registry.statistics.results import Scope
from registry.web.numbers import minutes
from registry.web.topics import break_even, dollars, rates, value
from tests.people import People
from tests.statistics.asking import fill, measured, refresh
from tests.statistics.priced import WITHOUT, state, year_of_prints
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
VALUE = "/s/ALPHA/statistics/value/"


@pytest.fixture
def priced(people: People) -> People:
    state(people.site)
    year_of_prints(people.site)
    refresh()
    return people


def read(client: Client, path: str = VALUE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def panel(people: People) -> Any:
    return value.net(measured("value-of-a-print", Scope.of(people.site)))


def test_a_gain_is_said_with_its_rate_its_year_and_its_interval(priced: People, as_person: SignedIn) -> None:
    page = read(as_person(priced.alice))
    row = next(row for row in measured("value-of-a-print", Scope.of(priced.site)).rows if row["rate"] == "mean")
    said = {name: f"{float(row[name]):,.0f}" for name in ("saving", "cost", "net", "low", "high")}  # type: ignore[arg-type]
    assert (
        f"At $62 an OR minute (US dollars of 2019) a print saves ${said['saving']} and costs ${said['cost']}: a net gain of "
        f"${said['net']} a case (95% interval ${said['low']} to ${said['high']})."
    ) in page
    assert "12 of 13 printed orders that are settled came to an operation: the others cost and save nothing." in page

    assert (
        f"1 more is not settled: if none comes to an operation, an order leaves {rates.said(row, 'per_order_none')} at $62."
        in page
    )
    assert "A freed minute is cash only if it is used again" in page
    for key in ("value-of-a-print", "break-even"):
        assert f'href="/s/ALPHA/figures/{key}.svg"' in page
        assert as_person(priced.alice).get(f"/s/ALPHA/figures/{key}.json").status_code == 200


def test_the_axes_name_currency_and_year(priced: People) -> None:
    figure = panel(priced).figure
    assert (
        figure.wide["layer"][1]["encoding"]["x"]["axis"]["title"] == "A case, in US dollars of 2019 at $62 an OR minute"
    )
    even = break_even.figure(measured("break-even", Scope.of(priced.site)))
    assert even is not None
    assert even.wide["encoding"]["y"]["axis"]["title"] == "Net a year, in US dollars of 2019"


def test_break_even_stands_beside_the_site_s_own_number_and_the_published_one(
    priced: People, as_person: SignedIn
) -> None:
    page = read(as_person(priced.alice))
    row = next(row for row in measured("break-even", Scope.of(priced.site)).rows if row["rate"] == "mean")
    assert f"At $62 an OR minute {row['prints']} prints a year pay the fixed cost of $12,000" in page
    assert f"({row['fewest']} at the upper limit of the minutes, {row['most']} at the lower one)" in page
    assert (
        "The site printed 14 cases in the 12 months to the last print; a year at that pace is a net gain of $" in page
    )
    said = {name: f"{float(row[name]):,.0f}" for name in ("net_a_year", "net_a_year_low", "net_a_year_high")}  # type: ignore[arg-type]
    interval = f"${said['net_a_year_low']} to ${said['net_a_year_high']}"
    assert f"is a net gain of ${said['net_a_year']} (95% interval {interval})." in page
    assert "Ballard 2020 gives 63 prints a year at $62, at one site." in page
    assert "counted once" not in page


def test_that_years_are_mixed_stands_in_both_findings(priced: People) -> None:
    mixed = "Costs of today are subtracted from minutes at a rate of 2019: neither is converted into the other's year."
    even = break_even.break_even(measured("break-even", Scope.of(priced.site)))
    assert mixed in panel(priced).table.finding
    assert mixed in even.table.finding


def test_several_sites_have_their_prints_a_site_and_why_a_year_is_not_the_prints_times_the_net(priced: People) -> None:
    state(priced.other, fixed="6000", clinician_wage="60", outsourced_per_case="0")
    year_of_prints(priced.other)
    refresh()
    result = measured("break-even", Scope.registry())
    row = next(row for row in result.rows if row["rate"] == "mean")
    finding = break_even.break_even(result).table.finding
    assert f"{row['prints']} prints a year pay the fixed cost of $18,000 of 2 sites together, " in finding
    assert f", {minutes(float(row['prints']) / 2)} a site on average (" in finding
    assert (
        "These 2 sites printed 28 cases in the 12 months to the last print, 14.0 a site on average; a year" in finding
    )
    assert "the fixed cost of a year is counted once, so it is not prints × net a case" in finding


def test_a_loss_and_none_are_said_as_plainly(people: People, as_person: SignedIn) -> None:
    state(people.site, outsourced_per_case="9000")
    year_of_prints(people.site)
    refresh()
    page = read(as_person(people.alice))
    assert ": a net loss of $" in page
    assert "None: at $62 an OR minute a print saves no more than it costs" in page
    assert "so no number of prints pays the fixed cost of $12,000 a year." in page
    assert "a year at that pace is a net loss of $" in page
    assert re.search(r'<td class="num">none</td>', page)
    assert panel(people).figure.wide["data"]["values"][-1]["ink"] == "#ffffff"


def test_what_is_not_known_is_named_and_the_minutes_alone_are_worth_something(
    people: People, as_person: SignedIn
) -> None:
    fill(people.site, with_print=[100, 120, 110], without=WITHOUT)
    refresh()
    page = read(as_person(people.alice))
    assert (
        "The net value of a print cannot be stated: not known: the wage of a clinician, the wage of a non-clinician"
        in page
    )
    assert "The minutes alone are worth $2,530 a case at $62." in page
    assert "It cannot be stated how many prints pay: not known:" in page
    assert "At $62, 2019" in page
    for key in ("value-of-a-print", "break-even"):
        assert as_person(people.alice).get(f"/s/ALPHA/figures/{key}.svg").status_code == 404


def test_without_a_comparator_nothing_is_worth_anything_that_can_be_said(people: People, as_person: SignedIn) -> None:
    state(people.site)
    fill(people.site, with_print=[100, 120, 110], without=[])
    refresh()
    page = read(as_person(people.alice))
    assert "The net value of a print cannot be stated: no procedure of a site with 3 printed" in page
    assert "The minutes alone are worth" not in page


def test_a_site_that_reckons_in_another_currency_sees_its_own_rate_drawn(people: People, as_person: SignedIn) -> None:
    state(people.site, currency="CAD")
    year_of_prints(people.site)
    refresh()
    page = read(as_person(people.alice))
    assert "At CAD 40 an OR minute (CAD of 2020) a print saves CAD " in page
    assert "prints a year pay the fixed cost of CAD 12,000" in page
    assert panel(people).figure.wide["layer"][1]["encoding"]["x"]["axis"]["title"].startswith("A case, in CAD of 2020")


def test_the_registry_has_the_page_without_any_site_s_own_rate(priced: People, as_person: SignedIn) -> None:
    page = read(as_person(priced.dana), "/registry/value/")
    assert "a net gain of $" in page
    assert "own rate" not in page
    fill(priced.other, with_print=[100, 120, 110], without=WITHOUT)
    refresh()
    page = read(as_person(priced.dana), "/registry/value/")
    assert "The net value of a print cannot be stated: 1 of 2 sites do not state all that a print costs." in page


def test_amounts_as_published_are_set_beside_the_exact_products(priced: People, as_person: SignedIn) -> None:
    assert dollars.as_published() in read(as_person(priced.alice))
    for amount in ("$3,720", "$1,488", "62 min × $62/min = $3,844", "23 min × $62/min = $1,426"):
        assert amount in dollars.as_published()


def test_dollars_show_their_formula_full_and_direct_and_in_dollars_of_one_year(
    priced: People, as_person: SignedIn
) -> None:
    page = read(as_person(priced.alice))
    for rate in (22, 62, 133):
        assert f"min × ${rate}/min = " in page
    for heading in ("Direct cost only", "In US dollars of 2024", "At $37.45, 2014", "At $40, 2020"):
        assert heading in page
    assert "At $62 a minute" not in read(as_person(priced.alice), "/s/ALPHA/statistics/time/")


def test_dollars_of_a_procedure_have_cases_and_interval_and_without_an_interval_there_are_none(people: People) -> None:
    fill(people.site, with_print=[100, 120, 110], without=WITHOUT)
    fill(people.site, category="tha", with_print=[70], without=[90, 150, 100])
    refresh()
    result = measured("dollars-saved", Scope.of(people.site))
    (panel,) = dollars.by_procedure(result)
    lines = {
        row[0]: dict(zip((column.name for column in panel.table.columns), row, strict=True)) for row in panel.table.rows
    }
    by_n = {line["n"]: line for line in lines.values()}
    assert (by_n[1]["ballard2020-mean"], by_n[1]["ballard2020-mean-interval"]) == (NotShown("see the remark"), "")
    assert by_n[1]["remark"] == "one case with a print: no spread, so no interval"
    row = next(row for row in result.rows if row["n"] == 3 and row["rate"] == "mean")
    assert by_n[3]["ballard2020-mean"] == f"${float(row['value']):,.0f}"  # type: ignore[arg-type]
    assert by_n[3]["ballard2020-mean-interval"] == rates.between(row)
    assert by_n[3]["remark"] == ""


def test_the_files_hold_every_rate_with_its_year_and_currency(priced: People, as_person: SignedIn) -> None:
    for key, rows in (("value-of-a-print", 7), ("break-even", 7), ("dollars-saved", 14)):
        text = as_person(priced.alice).get(f"/s/ALPHA/tables/{key}.csv").content.decode()
        found = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(found) == rows
        assert {(row["currency"], row["year"]) for row in found} == {("USD", "2019"), ("USD", "2014"), ("USD", "2020")}


def test_the_page_is_nobody_else_s(priced: People, as_person: SignedIn) -> None:
    for stranger in (priced.charlie, priced.dana):
        assert as_person(stranger).get(VALUE).status_code == 404
        for path in ("tables/value-of-a-print.csv", "figures/break-even.svg"):
            assert as_person(stranger).get(f"/s/ALPHA/{path}").status_code == 404
    assert as_person(priced.alice).get("/registry/value/").status_code == 403
