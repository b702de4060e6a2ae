"""What an operator prepares before a site can send anything: sites, agreements, people, printers, maps, baselines, tokens."""

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from registry.actions import memberships, people
from registry.actions import sites as actions
from registry.management.demo.accounts import PEOPLE, Remembered
from registry.management.demo.minutes import mean_without
from registry.management.demo.plan import PLANTED_BY_CATEGORY, SYNTHETIC
from registry.management.demo.sites import REAL_SITE, SITES, DemoSite
from registry.models import Site, User
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.vocabulary.workflow import Channel, TokenScope

FOLDER = Path(__file__).parent
OPERATOR = Operator("demo")
VIA = Channel.COMMAND.value
TOKEN_DAYS = 365
AGREED = date(2020, 5, 1)


def is_prepared() -> bool:
    """Whether the demonstration's sites are enrolled here."""
    with acting_for(sites=(), administrator=True):
        return Site.objects.filter(code__in=[site.code for site in SITES]).exists()


def prepare(remembered: Remembered, *, keep: Callable[[], None]) -> None:
    """Everything stands that the demonstration's sites need, or nothing. `keep` is called before the commit.

    The passwords of `remembered` are in force, and it holds a new token for each site.
    """
    with acting_for(sites=(), administrator=True):
        registered = _register(remembered)
        for planned in SITES:
            site = _enrol(planned)
            for person in PEOPLE:
                for code, role in person.memberships:
                    if code == site.code:
                        memberships.admit(registered[person.email], site=site, role=role, by=OPERATOR, via=VIA)
            _equip(site, planned)
            scopes = [str(scope) for scope in TokenScope.values]
            _, remembered.tokens[site.code] = actions.issue_token(
                site, name="demonstration", scopes=scopes, expires_in_days=TOKEN_DAYS, by=OPERATOR, via=VIA
            )
        keep()


def procedure_map() -> dict[tuple[str, str], str]:
    """The real OR log's codes, numbers only, each with its category."""
    with (FOLDER / "or_log_map.csv").open(newline="", encoding="utf-8") as file:
        return {("cpt", row["code"]): row["category"] for row in csv.DictReader(file)}


def _register(remembered: Remembered) -> dict[str, User]:
    registered = {}
    for person in PEOPLE:
        password = remembered.passwords[person.email]
        user = people.register_person(person.email, name=person.name, password=password, by=OPERATOR, via=VIA)
        if person.is_registry_administrator:
            people.appoint_administrator(user, by=OPERATOR, via=VIA)
        registered[person.email] = user
    return registered


def _enrol(planned: DemoSite) -> Site:
    site = actions.enrol(
        planned.code,
        name=planned.name,
        organisation="Strata demonstration",
        category=planned.category,
        country="US",
        by=OPERATOR,
        via=VIA,
        synthetic_note=SYNTHETIC if planned.is_synthetic else "",
    )
    if not planned.is_synthetic:
        actions.describe_data(site, planned.note, by=OPERATOR, via=VIA)
    return actions.sign_agreement(site, AGREED, by=OPERATOR, via=VIA)


def _equip(site: Site, planned: DemoSite) -> None:
    for printer in planned.equipment:
        actions.add_printer(
            site,
            label=printer.label,
            manufacturer="Demo Printers",
            model=printer.model,
            process=printer.process,
            by=OPERATOR,
            via=VIA,
        )
        for name, of_class in printer.materials:
            biocompatible = "yes" if of_class == "resin_biocompatible" else "unknown"
            actions.add_material(
                site, name=name, material_class=of_class, biocompatible=biocompatible, by=OPERATOR, via=VIA
            )
    if planned is REAL_SITE:
        actions.set_procedure_map(site, procedure_map(), by=OPERATOR, via=VIA)
    if planned.has_baselines:
        _set_baselines(site, planned)
    if planned.prints:
        _set_costs(site, planned)


def _set_costs(site: Site, planned: DemoSite) -> None:
    """What an OR minute, an hour of staff and the equipment of a year cost it; nothing is printed outside."""
    actions.set_cost_rate(
        site,
        per_minute=str(planned.or_minute),
        currency="USD",
        year=AGREED.year,
        source=SYNTHETIC,
        clinician_wage=str(planned.clinician_wage),
        non_clinician_wage=str(planned.non_clinician_wage),
        outsourced_per_case="0",
        by=OPERATOR,
        via=VIA,
    )
    actions.amend_site(
        site,
        name=site.name,
        category=site.category,
        community_size=site.community_size,
        trauma_level=site.trauma_level,
        country=site.country,
        timezone=site.timezone,
        currency=site.currency,
        annual_fixed_cost=Decimal(planned.fixed_cost),
        by=OPERATOR,
        via=VIA,
    )


def _set_baselines(site: Site, planned: DemoSite) -> None:
    """What the site says of the year before it joined: the planted means, of 60 procedures each."""
    for category in planned.prints:
        planted = PLANTED_BY_CATEGORY[category]
        mean = mean_without(planned, planted)
        said = {
            "category": category,
            "clock": "in_room",
            "n": 60,
            "mean": round(mean),
            "sd": round(mean * planted.cv),
            "period_start": "2019-05",
            "period_end": "2020-04",
            "citation": SYNTHETIC,
        }
        actions.set_baseline(site, said, by=OPERATOR, via=VIA)
