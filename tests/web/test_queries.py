"""Rows cost no queries: every page is walked with one row of everything on it, and with three."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, reset_queries
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from registry.actions import cases, column_maps, drafts, memberships, upload_turns, uploads
from registry.intake import flat
from registry.intake.case_file import called_as_ours
from registry.intake.sources.opening import open_table
from registry.models import ApiToken, Case, ColumnMap, Draft, Material, Membership, Printer, Upload
from registry.models.scope import acting_for
from registry.statistics.measures import BY_SLUG
from registry.statistics.results import Scope
from registry.web.case_form import sections_of
from registry.web.sections import FIGURES, TOPICS
from registry.web.topics.benchmarks import CATERPILLAR
from registry.web.views.packs import PACKS
from tests.case_files import sent
from tests.or_logs import HEADER, row
from tests.people import HAND, People, enrolled, person
from tests.reports.registry import EXAMPLE, FASTER, SLOWER, control, printed, refreshed, submitted
from tests.statistics.priced import effort, state
from tests.web.conftest import SignedIn
from tests.web.test_every_page import patterns
from tests.web.test_exports import requested
from tests.web.test_outbox import letter
from tests.web.test_settings import filled as equipped

pytestmark = pytest.mark.django_db
LISTING_NOTHING = {
    "export-cancel",
    "export-file",
    "export-retry",
    "invitation",
    "password-reset",
    "password-reset-confirm",
    "password-reset-sent",
    "sign-in",
}
"""A file, and the pages of who has no session yet."""
OF_TEN_SITES = {"site-benchmarks", "site-benchmarks-share", CATERPILLAR, "beside-other-sites-share"}
"""Figures that need more sites than this world has; test_benchmarks counts their queries."""
OFFICE = ("home", "registry", "exports", "jobs", "outbox")
OF_SEVERAL_SITES = {"sensitivity-across-sites"}
"""Figures that a site alone does not have."""
MOST = 80
"""The report reads the measures of ten pages."""
PRINTS = [{**EXAMPLE["prints"][0], "printer": "J750", "materials": ["Vero"], "print_hours": 9, "material_cost": 80}]
LISTS = ("imaging", "parts", "guides", "prints", "codes", "assessments")


CHECKED_PAGES = ("upload-rows", "upload-bad", "upload-changes", "upload-annotated")
WRONG = {"local_case_id": "BAD", "object_kind": "none", "time_1_minutes": "200", "age_years": "", "sex": ""}
"""Columns of a file, and cells of them that are right."""


class World:
    """A registry to which `grow` adds one of everything that a page lists."""

    def __init__(self, people: People) -> None:
        self.people, self.size = people, 0
        for site in (people.site, people.other):
            state(site)

    def grow(self) -> None:
        self.size += 1
        self._cases()
        self._files()
        self._settings()
        self._beside_the_site()
        refreshed()

    def _cases(self) -> None:
        n, bob, site = self.size, self.people.bob, self.people.site
        category = (FASTER, SLOWER, "tha")[n - 1]
        known = [printed(k, category, 170 + k, prints=PRINTS, effort=effort(35, 150)) for k in range(5)] + [
            control(k, category, 200 + k) for k in range(3)
        ]
        known.append(printed(50, category, None))
        submitted(site, bob, known)
        submitted(self.people.other, self.people.charlie, known)
        self.third = known
        with self.people.at_site():
            # Each time the first case has a longer history, and it and the first draft have more rows.
            said = {**EXAMPLE, **{name: EXAMPLE[name][:1] * n for name in LISTS}, "age_years": 30 + n}
            longer = {name: said[name] for name in ("imaging", "assessments", "age_years")}
            cases.amend(Case.objects.get(local_case_id="P-par-1"), longer, by=bob, via="form", reason="more")
            drafts.begin(site, by=bob)
            first, texts = Draft.objects.order_by("id")[0], flat.said_of(said)
            drafts.save(first, texts, names=texts, version=first.version, by=bob)

    def _files(self) -> None:
        with self.people.at_site():
            bad = "local_case_id,object_kind\n" + "".join(f"BAD-{n},none\n" for n in range(self.size))
            upload_turns.work(sent(self.people, bad))
            hold: dict[str, Any] = {"site": self.people.site, "by": self.people.bob, "via": "form"}
            rows = "".join(row(str(n)) for n in range(self.size))
            uploads.hold("or_log", stream=io.BytesIO((HEADER + rows).encode()), **hold)
            uploads.hold("cases", stream=io.BytesIO(b"Case #,Age\nA-1,34\n"), **hold)
            self._checked(hold)

    def _checked(self, said: dict[str, Any]) -> None:
        """A file with as many causes and as many cases to amend as there are rows of all else, and as many matchings."""
        header = f"{','.join(WRONG)},procedure_performed_month,procedure_category,time_1_clock,time_1_source\n"
        end = f",2026-03,{FASTER},in_room,or_log\n"
        bad = [
            "".join(f"{'!' if at == n + 2 else value}," for at, value in enumerate(WRONG.values()))[:-1]
            for n in range(self.size)
        ]
        known = [f"C-{FASTER}-{n},none,{210 + n},," for n in range(self.size)]
        header += "".join(f"{line.replace('BAD', f'BAD-{n}')}{end}" for n, line in enumerate([*bad, *known]))
        held = uploads.hold("cases", stream=io.BytesIO(header.encode()), **said)
        plan = called_as_ours(open_table(uploads.path_of(held.file)))
        column_maps.remember(said["site"], f"Matching {self.size}", plan, by=said["by"], via="form")
        upload_turns.work(uploads.match(held, plan, by=said["by"], via="form"))

    def _settings(self) -> None:
        n, site = self.size, self.people.site
        equipped(self.people, 10 + n)
        someone = person(f"Some{n}")
        with acting_for(sites=[site.pk], administrator=True):
            memberships.admit(someone, site=site, role="champion", **HAND)
            memberships.invite(site, email=f"new{n}@example.org", name="New", role="champion", **HAND)

    def _beside_the_site(self) -> None:
        requested(self.people)
        requested(self.people, by=self.people.bob)
        letter("Once more")
        site = enrolled(f"MORE{self.size}", "More")
        with acting_for(sites=[site.pk], administrator=True):
            memberships.admit(self.people.bob, site=site, role="champion", **HAND)
        submitted(site, self.people.bob, self.third)

    def pages(self) -> Iterator[tuple[str, str]]:
        """The name and an address of every page, with the first row of each kind in it."""
        with self.people.at_site():
            ids = self._ids()
        for entry in patterns():
            name = str(entry.name)
            for said in self._said(entry) if name not in LISTING_NOTHING else ():
                kwargs = {
                    "code": "ALPHA",
                    "public_id": next((i for start, i in ids.items() if name.startswith(start)), ""),
                }
                yield name, reverse(name, kwargs={key: (kwargs | said)[key] for key in entry.pattern.converters})

    def _said(self, entry: URLPattern) -> list[dict[str, str]]:
        """What else than a site and a row may stand in the address."""
        name = str(entry.name)
        scope = Scope.registry() if name.startswith("registry") else Scope.of(self.people.site)
        if name.endswith("-figure"):
            elsewhere = {slug for topic in TOPICS if not topic.is_for(scope) for slug in topic.measures}
            elsewhere |= OF_TEN_SITES | (OF_SEVERAL_SITES if name == "site-figure" else set())
            return [
                {"key": key, "format": kind}
                for key in sorted(FIGURES.keys() - elsewhere)
                for kind in ("json", "svg")[: 1 + (key == "effort")]
            ]
        if name.endswith("-table"):
            return [{"key": key} for key in BY_SLUG]
        if name.endswith("-pack"):
            return [{"key": key} for key in PACKS]
        if name.endswith("-topic"):
            return [{"slug": topic.slug} for topic in TOPICS if topic.slug and topic.is_for(scope)]
        if name == "upload-annotated":
            return [{"format": "csv"}, {"format": "xlsx"}]
        if name == "draft":
            return [{"section": section.key} for section in sections_of({})]
        return [{}]

    def _ids(self) -> dict[str, str]:
        """By the beginning of a page's name."""
        newest = Upload.objects.filter(kind="cases", state="held", phase="import").order_by("-id").values("pk")[:1]
        rows: dict[str, Any] = {
            "waiting": Case.objects.filter(local_case_id="P-par-50"),
            "case": Case.objects.filter(local_case_id="P-par-1"),
            "draft": Draft.objects,
            "upload-columns": Upload.objects.filter(kind="or_log"),
            "upload-match": Upload.objects.filter(kind="cases", state="held", phase="check"),
            **dict.fromkeys(CHECKED_PAGES, Upload.objects.filter(pk=newest)),
            "upload": Upload.objects.filter(kind="cases"),
            "matching": ColumnMap.objects,
            "settings-printer": Printer.objects,
            "settings-material": Material.objects,
            "settings-token": ApiToken.objects,
            "settings-": Membership.objects.filter(user=self.people.alice),
        }
        return {start: found.order_by("id").values_list("public_id", flat=True)[0] for start, found in rows.items()}


def walked(world: World, as_person: SignedIn) -> dict[str, int]:
    """How many queries each page asked, by address. A page that only takes a POST asks none."""
    bob, dana = (as_person(who) for who in (world.people.bob, world.people.dana))
    asked = {}
    for name, address in world.pages():
        # The log of all pages together would be longer than Django keeps.
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            answer = (dana if name.startswith(OFFICE) else bob).get(address)
        assert answer.status_code in {200, 302, 405}, (address, answer.status_code)
        # The file that is checked is another one each time.
        asked[re.sub(r"upl_\w+", "upload", address)] = len(queries)
    return asked


@override_settings(STRATA_OUTBOX=True)
def test_three_rows_cost_as_many_queries_as_one(
    people: People, as_person: SignedIn, settings: Any, tmp_path: Path
) -> None:
    settings.STRATA_DATA = tmp_path
    world = World(people)
    world.grow()
    walked(world, as_person)
    one = walked(world, as_person)
    world.grow()
    world.grow()
    three = walked(world, as_person)
    assert {address: (one[address], three.get(address)) for address in one if one[address] != three.get(address)} == {}
    assert max(three.values()) <= MOST
