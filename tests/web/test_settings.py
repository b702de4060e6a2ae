"""A site's settings: what is set and missing, and each subject's page, for those who may and those who may not."""

import logging
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from registry.actions import memberships, sites
from registry.models import (
    ApiToken,
    AuditEvent,
    Baseline,
    CostRate,
    Material,
    Printer,
    ProcedureMap,
    RowHistory,
    Site,
)
from registry.models.scope import acting_for
from tests.people import HAND, People, enrolled, person
from tests.web.conftest import SignedIn

S = "/s/ALPHA/settings/"
SITE = {
    "name": "Alpha General", "category": "community", "community_size": "", "trauma_level": "level_1", "country": "CA",
    "timezone": "America/Toronto", "currency": "CAD", "annual_fixed_cost": "250000.50",
}  # fmt: skip
PRINTER = {"label": "SLA bench", "manufacturer": "Maker", "model": "Vat 5", "process": "vat_photopolymerization"}
MATERIAL = {"name": "Resin", "material_class": "resin_biocompatible", "biocompatible": "yes", "manufacturer": "M"}
CODE = {"code_system": "local", "code": "KNEE-01", "category": "tka"}
BASELINE = {
    "category": "tka", "clock": "in_room", "n": "60", "mean": "125", "sd": "38", "median": "", "period_start": "2024-01",
    "period_end": "2024-12", "citation": "OR log of 2024",
}  # fmt: skip
COST = {"per_minute": "37,45", "currency": "USD", "year": "2024", "source": "Finance"}
TOKEN = {"name": "OR log interface", "kind": "live", "scopes": ["or_times:write"], "expires_in_days": "90"}
FORMS: dict[str, dict[str, Any]] = {
    "site/": SITE, "printers/": PRINTER, "materials/": MATERIAL, "map/": CODE, "map/many/": {"code_system": "local", "lines": "A,tka"},
    "cost/": COST, "tokens/": TOKEN, "baselines/": BASELINE,
}  # fmt: skip
SUBJECTS = ("", "site/", "people/", "printers/", "materials/", "map/", "baselines/", "cost/", "tokens/")


@pytest.fixture
def bob(people: People, as_person: SignedIn) -> Client:
    return as_person(people.bob)


def told(client: Client, path: str) -> str:
    return client.get(S + path).content.decode()


def counts(people: People) -> list[int]:
    with people.at_site():
        models = (Printer, Material, ProcedureMap, Baseline, CostRate, ApiToken, AuditEvent, RowHistory)
        return [model.objects.count() for model in models]  # type: ignore[attr-defined]


def test_every_page_is_there_for_who_manages_the_site(bob: Client) -> None:
    for path in SUBJECTS:
        assert bob.get(S + path).status_code == 200


def test_a_data_manager_reads_and_sees_no_form_but_for_baselines(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    for path in SUBJECTS[:-1]:
        page = alice.get(S + path)
        assert page.status_code == 200
        assert (page.content.count(b'<form method="post"') == 2) is (path == "baselines/")
    assert alice.get(S + "tokens/").status_code == 403
    assert "API tokens" not in told(alice, "")


@pytest.mark.parametrize("path", [path for path in FORMS if path != "baselines/"])
def test_a_data_manager_changes_nothing_but_baselines(path: str, people: People, as_person: SignedIn) -> None:
    before = counts(people)
    assert as_person(people.alice).post(S + path, FORMS[path]).status_code == 403
    assert as_person(people.alice).post(S + path, {}).status_code == 403
    assert counts(people) == before


@pytest.mark.parametrize("role", ["assessor", "read_only"])
def test_a_role_that_enters_nothing_sets_nothing(role: str, people: People, as_person: SignedIn) -> None:
    erin = person("Erin")
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(erin, site=people.site, role=role, **HAND)
    browser, before = as_person(erin), counts(people)
    assert browser.get(S).status_code == (200 if role == "read_only" else 403)
    for path, sent in FORMS.items():
        assert browser.post(S + path, sent).status_code == 403
    assert counts(people) == before


def addresses(people: People) -> list[str]:
    with people.at_site():
        printer, material = Printer.objects.first(), Material.objects.first()
        token, _ = sites.issue_token(people.site, name="t", scopes=["cases:read"], expires_in_days=9, **HAND)
    own = f"printers/{printer.public_id}/"
    rows = [own, f"{own}retire/", f"{own}reactivate/", f"materials/{material.public_id}/", f"tokens/{token.public_id}/"]
    return [*SUBJECTS, "map/many/", *rows]


def test_charlie_finds_nothing_and_neither_does_dana(people: People, as_person: SignedIn) -> None:
    paths, before = addresses(people), counts(people)
    for who in (people.charlie, people.dana):
        browser = as_person(who)
        for path in paths:
            assert browser.get(S + path).status_code == 404
            assert browser.post(S + path, FORMS.get(path, {})).status_code == 404
    assert counts(people) == before


def test_another_sites_printer_material_and_token_are_not_found(people: People, bob: Client) -> None:
    with acting_for(sites=[people.other.pk]):
        printer, material = Printer.objects.get(), Material.objects.get()
        token, _ = sites.issue_token(people.other, name="t", scopes=["cases:read"], expires_in_days=9, **HAND)
    for path in (f"printers/{printer.public_id}/", f"materials/{material.public_id}/", f"tokens/{token.public_id}/",
                 f"printers/{printer.public_id}/retire/", "printers/%00/", "tokens/tok_0/"):  # fmt: skip
        assert bob.post(S + path, {}).status_code == 404


@pytest.mark.parametrize("path", FORMS)
def test_each_form_is_ones_own(path: str, people: People) -> None:
    strict, before = Client(enforce_csrf_checks=True), counts(people)
    strict.force_login(people.bob)
    assert strict.post(S + path, FORMS[path]).status_code == 403
    assert counts(people) == before


def test_the_overview_says_what_is_missing_and_then_what_is_set(people: People, bob: Client) -> None:
    page = told(bob, "")
    assert "No baseline yet: nothing can be said to be saved without one or without controls." in page
    assert "No rate of your own: savings are shown at $22, $62 and $133 a minute." in page
    assert "Agreement signed on 1 January 2020. Not stated: community, trauma level, fixed cost a year." in page
    assert page.count("needs you") == 2
    for path in ("baselines/", "cost/", "map/"):
        assert bob.post(S + path, FORMS[path]).status_code == 302
    page = told(bob, "")
    assert "1 baseline in force." in page
    lacking = "wage of a clinician, wage of a non-clinician, printing outside, fixed cost a year"
    assert f"37.45 USD an OR minute, 2024. No net value without: {lacking}." in page
    assert "needs you" not in page


def test_a_site_without_agreement_or_printers_is_told_so(people: People, as_person: SignedIn) -> None:
    with acting_for(sites=(), administrator=True):
        bare = sites.enrol("DELTA", name="Delta", organisation="D", category="other", country="US", **HAND)
        memberships.admit(people.alice, site=bare, role="champion", **HAND)
    page = as_person(people.alice).get("/s/DELTA/settings/").content.decode()
    for said in ("No agreement on record", "No facility administrator", "No printer yet", "No material yet"):
        assert said in page


def test_the_site_describes_itself_and_what_it_said_before_is_kept(people: People, bob: Client) -> None:
    assert bob.post(S + "site/", SITE)["Location"] == S + "site/"
    assert "The description of the site is saved." in told(bob, "site/")
    with people.at_site():
        own = Site.objects.get(pk=people.site.pk)
        assert (own.name, own.trauma_level, own.community_size, str(own.annual_fixed_cost)) == (
            "Alpha General", "level_1", None, "250000.50",
        )  # fmt: skip
        assert RowHistory.objects.filter(table_name="registry_site", before__name="Alpha Hospital").exists()


def test_a_printer_is_added_amended_retired_and_put_back(people: People, bob: Client) -> None:
    assert bob.post(S + "printers/", PRINTER)["Location"] == S + "printers/"
    page = told(bob, "printers/")
    assert "SLA bench is added." in page
    with people.at_site():
        own = f"printers/{Printer.objects.get(label='SLA bench').public_id}/"
    assert 'value="Vat 5"' in told(bob, own)
    changed = {**PRINTER, "model": "Vat 6", "label": "Other", "in_service_from": "2024-03", "in_service_to": ""}
    assert bob.post(S + own, changed).status_code == 302
    page = told(bob, "printers/")
    assert "Vat 6" in page
    assert "2024-03 – …" in page
    bob.post(S + own + "retire/")
    page = told(bob, "printers/")
    assert "SLA bench is retired. Its cases keep it." in page
    assert "Put SLA bench back into use" in told(bob, own)
    bob.post(S + own + "reactivate/")
    with people.at_site():
        assert Printer.objects.get(label="SLA bench", active=True).model == "Vat 6"


def test_a_material_is_added_and_amended(people: People, bob: Client) -> None:
    assert bob.post(S + "materials/", MATERIAL).status_code == 302
    with people.at_site():
        material = Material.objects.get(name="Resin")
    assert material.manufacturer == "M"
    assert bob.post(f"{S}materials/{material.public_id}/", {**MATERIAL, "biocompatible": "no"}).status_code == 302
    with people.at_site():
        assert Material.objects.get(name="Resin").biocompatible == "no"


@pytest.mark.parametrize("name", ["Nylon; PA12", "a|b"])
def test_a_material_that_no_list_could_name_is_refused(name: str, people: People, bob: Client) -> None:
    answer = bob.post(S + "materials/", {**MATERIAL, "name": name})
    assert answer.status_code == 422
    assert "Leave ; and | out of the name" in answer.content.decode()
    with people.at_site():
        assert not Material.objects.filter(name=name).exists()


def test_one_code_is_set_found_and_changed(people: People, bob: Client) -> None:
    assert bob.post(S + "map/", CODE)["Location"] == S + "map/"
    page = told(bob, "map/")
    assert "1 code set." in page
    assert "Knee replacement" in page
    assert "0 of 1 code" in told(bob, "map/?q=hip")
    assert "1 of 1 code" in told(bob, "map/?q=knee-0")
    change = re.search(r'map/(\?[^"]+)#one"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    assert 'value="KNEE-01"' in told(bob, "map/" + change)
    bob.post(S + "map/", {**CODE, "category": "tha"})
    assert "Hip replacement" in told(bob, "map/?q=KNEE")
    with people.at_site():
        assert ProcedureMap.objects.count() == 2


def test_many_codes_are_set_at_once_from_words_names_and_columns(people: People, bob: Client) -> None:
    lines = "code,category\r\n27447,tka\r\n\r\n27130\tHip replacement\r\nSP 1; Pedicle screw fixation, thoracic or lumbar\r\n"
    assert bob.post(S + "map/many/", {"code_system": "local", "lines": lines}).status_code == 302
    assert "3 codes set." in told(bob, "map/")
    with people.at_site():
        found = dict(ProcedureMap.objects.values_list("code", "category"))
    assert found == {"27447": "tka", "27130": "tha", "SP 1": "pedicle_screws"}


def test_faulty_lines_are_named_and_none_is_set(people: People, bob: Client) -> None:
    lines = "27447,tka\n27130,nonsense\n<b>,tka\n27447,tha\nonly\n27131;\n"
    answer = bob.post(S + "map/many/", {"code_system": "local", "lines": lines})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2: no category is called so." in page
    assert "Line 3: a code has letters, digits" in page
    assert "Line 4: another entry already has this code." in page
    assert "Line 5: no comma, semicolon or tab parts the code from its category." in page
    assert "Line 6: the category is missing after the code." in page
    with people.at_site():
        assert ProcedureMap.objects.count() == 0
    many = "\n".join(f"A{number},x" for number in range(30))
    assert (
        "And 10 more problems." in bob.post(S + "map/many/", {"code_system": "local", "lines": many}).content.decode()
    )


def test_a_baseline_is_set_and_a_doubtful_one_is_set_with_a_warning(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert alice.post(S + "baselines/", BASELINE)["Location"] == S + "baselines/"
    page = told(alice, "baselines/")
    assert "Knee replacement: version 1 is in force." in page
    assert "Earlier versions" not in page
    alice.post(S + "baselines/", {**BASELINE, "sd": "3"})
    page = told(alice, "baselines/")
    assert "version 2 is in force" in page
    assert "Standard deviation, in minutes: This looks like a standard error." in page
    assert "Earlier versions" in page


def test_the_cost_of_a_minute_is_set_and_the_former_stays_to_be_read(bob: Client) -> None:
    page = told(bob, "cost/")
    for said in ("$22", "$62", "$133", "Ballard"):
        assert said in page
    for amount in ("37,45", "41"):
        assert bob.post(S + "cost/", {**COST, "per_minute": amount}).status_code == 302
    page = told(bob, "cost/")
    assert page.index("41.00 USD") < page.index("37.45 USD")
    assert page.count("in force") == 1


def test_what_a_print_costs_is_unknown_until_it_is_said_and_zero_is_a_value(people: People, bob: Client) -> None:
    bob.post(S + "cost/", COST)
    bob.post(S + "cost/", {**COST, "clinician_wage": "140", "non_clinician_wage": "46,50", "outsourced_per_case": "0"})
    with people.at_site():
        before, after = CostRate.objects.order_by("version")
    assert (before.clinician_wage, before.non_clinician_wage, before.outsourced_per_case) == (None, None, None)
    assert (after.clinician_wage, after.non_clinician_wage, after.outsourced_per_case) == (140, Decimal("46.5"), 0)
    page = told(bob, "cost/")
    assert page.count(">unknown<") == 3
    # Whoever changes one of them leaves the others as they are.
    for said in ("37.45", "140.00", "46.50", "0.00"):
        assert f'value="{said}"' in page


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("site/", {"name": ""}, "Fill in: Name of the site"),
        ("site/", {"country": "ca"}, "Country: two capital letters, as in US"),
        ("site/", {"timezone": "Mars/Olympus"}, "Time zone: choose a time zone of the list"),
        ("site/", {"annual_fixed_cost": "-1"}, "Fixed cost a year: use a number from 0"),
        ("site/", {"annual_fixed_cost": "much"}, "Fixed cost a year: send a number"),
        ("printers/", {"label": "J750"}, "This site has a printer with this label already."),
        ("printers/", {"process": "magic"}, "Process: use one of"),
        ("printers/", {"model": "x" * 81}, "Model: use at most 80 characters."),
        ("printers/", {"model": "a\x1bb"}, "Model: remove control"),
        ("materials/", {"name": "Vero"}, "This site has a material with this name already."),
        ("materials/", {"material_class": ""}, "Choose: Kind of material"),
        ("map/", {"code": "<b>"}, "Code: as your files write it"),
        ("map/", {"category": "x"}, "Means: use one of"),
        ("map/many/", {"lines": ""}, "Fill in: Codes and categories"),
        ("map/many/", {"code_system": "x"}, "List of codes: use one of"),
        ("baselines/", {"n": ""}, "Fill in: Number of procedures"),
        ("baselines/", {"n": "0"}, "Number of procedures: use a whole number from 1"),
        ("baselines/", {"mean": "long"}, "Mean, in minutes: send a number"),
        ("baselines/", {"period_start": "2025-01"}, "Last month: the period cannot end before it starts."),
        ("baselines/", {"period_end": "soon"}, "Last month: write the month as YYYY-MM"),
        ("cost/", {"per_minute": "0"}, "Cost of one OR minute: use a number from 0.01"),
        ("cost/", {"clinician_wage": "-1"}, "Wage of a clinician, an hour: use a number from 0"),
        ("cost/", {"outsourced_per_case": "none"}, "Printing outside, for one printed case: send a number"),
        ("cost/", {"year": "24"}, "Year of the prices: use a whole number from 1990"),
        ("tokens/", {"scopes": []}, "Choose: What it may do"),
        ("tokens/", {"scopes": ["everything"]}, "everything is not one of the available choices"),
        ("tokens/", {"expires_in_days": "9999"}, "is not one of the available choices"),
        ("tokens/", {"kind": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    path: str, change: dict[str, Any], said: str, people: People, bob: Client
) -> None:
    before = counts(people)
    answer = bob.post(S + path, {**FORMS[path], **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert counts(people) == before


def test_the_text_of_a_token_is_on_one_page_once_and_nowhere_else(
    people: People, bob: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = bob.post(S + "tokens/", TOKEN)
    page = answer.content.decode()
    assert answer.status_code == 200
    [text] = re.findall(r"reg_live_[A-Za-z0-9_-]{43}", page)
    assert page.count(text) == 1
    assert "no-store" in answer["Cache-Control"]
    assert text not in caplog.text
    assert text not in str(dict(bob.session))
    assert text not in told(bob, "tokens/")
    assert text[:13] in told(bob, "tokens/")
    with people.at_site():
        assert ApiToken.objects.get(digest=ApiToken.digest_of(text)).scopes == ["or_times:write"]
    used = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert used.status_code != 401


def test_a_token_of_the_sandbox_is_issued_listed_and_revoked(people: People, bob: Client) -> None:
    page = bob.post(S + "tokens/", {**TOKEN, "kind": "sandbox"}).content.decode()
    assert re.search(r"reg_test_[A-Za-z0-9_-]{43}", page)
    assert "ALPHASB" in page
    with acting_for(sites=(), administrator=True):
        twin = Site.objects.get(of=people.site)
    with acting_for(sites=[twin.pk]):
        token = ApiToken.objects.get()
        assert AuditEvent.objects.filter(act="token.issue").exists()
    own = f"tokens/{token.public_id}/"
    assert "Revoke OR log interface?" in told(bob, own)
    assert bob.post(S + own)["Location"] == S + "tokens/"
    page = told(bob, "tokens/")
    assert "The token OR log interface opens nothing any more." in page
    assert "revoked" in page
    bob.post(S + own)
    with acting_for(sites=[twin.pk]):
        assert AuditEvent.objects.filter(act="token.revoke").count() == 1


def test_the_list_of_settings_marks_where_one_is(bob: Client) -> None:
    page = told(bob, "printers/")
    assert f'<a href="{S}printers/" aria-current="page">Printers</a>' in page
    assert f'<a href="{S}" aria-current="page">Settings</a>' in page


def filled(people: People, number: int) -> None:
    with acting_for(sites=[people.site.pk], administrator=True):
        name = f"N{number}"
        sites.add_printer(people.site, **{**PRINTER, "label": name}, **HAND)
        sites.add_material(people.site, **{**MATERIAL, "name": name}, **HAND)
        sites.set_procedure_map(people.site, {("local", name): "tka"}, **HAND)
        hands = {"clinician_wage": "140", "non_clinician_wage": "46", "outsourced_per_case": "0"}
        sites.set_cost_rate(people.site, per_minute=str(number), currency="USD", year=2024, source="", **hands, **HAND)
        report = {**BASELINE, "n": number, "mean": 120 + number, "sd": 38, "median": None}
        sites.set_baseline(people.site, report, **HAND)
        sites.issue_token(people.site, name=name, scopes=["cases:read"], expires_in_days=9, **HAND)


def test_a_member_of_two_sites_changes_the_one_in_the_address(people: People, bob: Client) -> None:
    delta = enrolled("DELTA", "Delta")
    with acting_for(sites=[delta.pk], administrator=True):
        memberships.admit(people.bob, site=delta, role="read_only", **HAND)
    assert bob.post("/s/DELTA/settings/printers/", PRINTER).status_code == 403
    assert bob.post(S + "printers/", PRINTER).status_code == 302
    with acting_for(sites=[delta.pk]):
        assert Printer.objects.count() == 1
