"""The published table, read from rows that were submitted: it holds, it moves with the rows, and it can fail."""

import dataclasses
import io

import pytest
from django.core.management import CommandError, call_command

from registry.actions import cases
from registry.intake.payload import read_case
from registry.management.demo import accounts, setup
from registry.management.demo.published_table import FIGURES, Line, lines
from registry.management.demo.reports import reports_of
from registry.models import Case, Site, User
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.statistics import refresh_due
from registry.vocabulary.workflow import Channel

BY, VIA = Operator("tests"), Channel.FILE.value
EVERYTHING = 100_000


def submit_printed_cases() -> None:
    """What the synthetic sites send, without controls and late times, which the table does not speak of."""
    for code, reports in reports_of().items():
        printed = [read_case(case) for case in reports.cases if case["object_kind"] != "none"]
        with acting_for(sites=(), administrator=True):
            site = Site.objects.get(code=code)
        with acting_for(sites=[site.pk]):
            cases.submit_batch(printed, site=site, by=BY, via=VIA)
    refresh_due(EVERYTHING)


@pytest.fixture
def demonstration(db) -> Site:
    """NORTH, among all the sites with their printed cases."""
    setup.prepare(accounts.fresh(), keep=lambda: None)
    submit_printed_cases()
    with acting_for(sites=(), administrator=True):
        return Site.objects.get(code="NORTH")


def table() -> dict[str, Line]:
    dana = User.objects.get(email=accounts.DANA.email)
    return {line.figure.name: line for line in lines(for_user=dana)}


def printed_table() -> str:
    out = io.StringIO()
    call_command("demo_table", stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_the_table_holds_moves_with_one_amended_age_and_fails_without_one_case(demonstration):
    said = printed_table()
    assert said.splitlines()[-1] == "14 of 14 published figures within rounding"
    assert "synthetic demonstration data" in said
    before = table()

    with acting_for(sites=[demonstration.pk]):
        model = Case.objects.filter(object_kind="anatomic_model", age_years__gt=40).earliest("id")
        cases.amend(model, {"age_years": 1}, by=BY, via=VIA)
    refresh_due(EVERYTHING)
    moved = {name for name, line in table().items() if line.found != before[name].found}
    assert moved == {"mean age, models", "SD of age, models"}

    with acting_for(sites=[demonstration.pk]):
        cases.withdraw(model, reason="entered twice", by=BY, via=VIA)
    refresh_due(EVERYTHING)
    with pytest.raises(CommandError, match=r"^1[012] of 14 published figures within rounding$"):
        printed_table()
    assert not table()["printed cases"].holds


def test_a_figure_that_would_be_printed_otherwise_does_not_hold():
    [share] = [figure for figure in FIGURES if figure.name == "cardiac among models"]
    assert Line(share, 100 * 507 / 1863).holds
    assert not Line(share, 100 * 505 / 1863).holds
    assert not Line(dataclasses.replace(share, printed="27.3"), 100 * 507 / 1863).holds


def test_fourteen_figures_are_declared_each_under_a_name_of_its_own():
    assert len({figure.name for figure in FIGURES}) == len(FIGURES) == 14


def test_without_the_demonstration_the_table_says_how_to_come_by_it(db):
    with pytest.raises(CommandError, match="make run ONCE=1"):
        printed_table()


def test_with_no_printed_case_the_table_says_what_is_missing(db):
    setup.prepare(accounts.fresh(), keep=lambda: None)
    with pytest.raises(CommandError, match="The table cannot be read"):
        printed_table()
