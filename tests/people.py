"""The people of the tests: Alice enters cases, Bob is her champion, Charlie is of another site, Dana runs the registry."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.actions import memberships, people, sites
from registry.models import Site, User
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.vocabulary.workflow import Channel

PASSWORD = "correct horse battery staple"
HAND: dict[str, Any] = {"by": Operator("tests"), "via": Channel.COMMAND}


@dataclass(frozen=True)
class People:
    alice: User
    bob: User
    charlie: User
    dana: User
    site: Site
    other: Site

    @contextmanager
    def at_site(self) -> Iterator[None]:
        """The scope of Alice's site."""
        with acting_for(sites=[self.site.pk]):
            yield


def enrolled(code: str, name: str) -> Site:
    """A live site that may submit, with one printer and one material."""
    with acting_for(sites=(), administrator=True):
        site = sites.enrol(code, name=name, organisation=name, category="academic", country="US", **HAND)
        sites.sign_agreement(site, date(2020, 1, 1), **HAND)
        sites.add_printer(
            site, label="J750", manufacturer="Stratasys", model="J750", process="material_jetting", **HAND
        )
        sites.add_material(site, name="Vero", material_class="photopolymer_rigid", biocompatible="no", **HAND)
    return site


def equipped_for_the_example(site: Site) -> None:
    """The printer and the material that tests/examples/case.json names."""
    with acting_for(sites=[site.pk], administrator=True):
        sites.add_printer(
            site, label="SLA bench", manufacturer="A", model="B", process="vat_photopolymerization", **HAND
        )
        sites.add_material(
            site, name="Surgical resin", material_class="resin_biocompatible", biocompatible="yes", **HAND
        )


def person(name: str) -> User:
    with acting_for(sites=(), administrator=True):
        return people.register_person(f"{name.lower()}@example.org", name=name, password=PASSWORD, **HAND)


def gathered() -> People:
    """Two sites and four people, as the front door leaves them."""
    site, other = enrolled("ALPHA", "Alpha Hospital"), enrolled("CHARLIE", "Charlie Clinic")
    alice, bob, charlie, dana = (person(name) for name in ("Alice", "Bob", "Charlie", "Dana"))
    with acting_for(sites=[site.pk, other.pk], administrator=True):
        memberships.admit(alice, site=site, role="data_manager", **HAND)
        memberships.admit(bob, site=site, role="facility_administrator", **HAND)
        memberships.admit(charlie, site=other, role="data_manager", **HAND)
        people.appoint_administrator(dana, **HAND)
    return People(alice, bob, charlie, dana, site, other)
