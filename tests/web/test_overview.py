"""The headline page: what it says, to whom, how large it is and what it costs."""

import csv
import gzip
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import Heartbeat, Site, User
from registry.models.scope import acting_for
from registry.statistics.measures import BY_SLUG
from registry.statistics.published import published
from registry.statistics.results import Scope, Statistic
from registry.web.numbers import minutes
from registry.web.sections import TOPICS
from tests.people import People
from tests.reports.registry import FASTER, control, filled, printed, refreshed, submitted
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(db: None) -> People:
    return filled()


def read(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def table(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_an_administrator_reads_the_headline_in_words(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.dana))
    assert "<h1>The registry today</h1>" in page
    assert "minutes less on average than those without one (95% interval" in page
    assert "This rests on 48 of 48 printed cases with the procedure recorded, at 2 sites" in page
    assert "at $62 an OR minute" in page


def test_a_loss_is_shown_as_plainly_as_a_saving(registry: People, as_person: SignedIn) -> None:
    lines = {
        line["category"]: line
        for line in table(as_person(registry.dana), "/tables/minutes-saved.csv")
        if line["site"] == "All sites"
    }
    assert float(lines["Partial nephrectomy"]["saved"]) == 30
    assert float(lines["Congenital heart repair"]["saved"]) == -20
    assert "−20.0" in read(as_person(registry.dana))


def test_each_figure_stands_beside_its_table_and_its_downloads(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.dana))
    assert page.count('<figure class="plot" role="group"') == 6
    for key in ("minutes-saved", "or-minutes", "cases-by-month", "or-time-by-month", "print-outcomes", "effort"):
        assert f'id="{key}"' in page
        assert f'href="/tables/{key}.csv"' in page
        assert f'href="/figures/{key}.svg"' in page
        assert f'href="/figures/{key}.json"' in page
    assert page.count("<summary>Table, ") == 6


def test_a_member_of_one_site_is_led_to_it(registry: People, as_person: SignedIn) -> None:
    alice = as_person(registry.alice)
    assert alice.get("/")["Location"] == "/s/ALPHA/"
    page = read(alice, "/s/ALPHA/")
    assert "<h1>ALPHA Hospital</h1>" in page or "<h1>Alpha Hospital</h1>" in page
    assert "This rests on 24 of 24 printed cases with the procedure recorded, at 1 site" in page


def test_a_member_of_several_sites_chooses(registry: People, as_person: SignedIn) -> None:
    from registry.actions import memberships
    from tests.people import HAND

    with acting_for(sites=[registry.other.pk], administrator=True):
        memberships.admit(registry.alice, site=registry.other, role="read_only", **HAND)
    page = read(as_person(registry.alice))
    assert 'href="/s/ALPHA/"' in page
    assert 'href="/s/CHARLIE/"' in page


def test_somebody_without_a_site_is_told_what_to_do(people: People, as_person: SignedIn) -> None:
    stranger = (
        User.objects.create_user(email="eve@example.org", name="Eve") if hasattr(User.objects, "create_user") else None
    )
    stranger = stranger or User.objects.create(email="eve@example.org", name="Eve")
    assert "You are not a member of a site yet" in read(as_person(stranger))


def test_a_sites_figures_are_no_one_elses(registry: People, as_person: SignedIn) -> None:
    for person in (registry.charlie, registry.dana):
        assert as_person(person).get("/s/ALPHA/").status_code == 404
        for page in ("statistics/prints/", "tables/minutes-saved.csv", "figures/effort.svg", "figures/effort.json"):
            assert as_person(person).get(f"/s/ALPHA/{page}").status_code == 404


def test_the_registrys_figures_are_for_administrators(registry: People, as_person: SignedIn) -> None:
    for page in ("/registry/prints/", "/tables/minutes-saved.csv", "/figures/effort.svg", "/figures/effort.json"):
        assert as_person(registry.alice).get(page).status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "/registry/nonsense/",
        "/tables/nonsense.csv",
        "/figures/nonsense.svg",
        "/figures/cases-by-kind.svg",
        "/figures/effort.png",
        "/?period=yesterday",
        "/?period=0000",
        "/?period=20255",
        "/tables/effort.csv?period=%00",
    ],
)
def test_what_there_is_not_is_not_found(page: str, people: People, as_person: SignedIn) -> None:
    assert as_person(people.dana).get(page).status_code == 404


def test_an_empty_registry_says_what_to_do_first(people: People, as_person: SignedIn) -> None:
    page = read(as_person(people.dana))
    assert "No site has submitted a case yet" in page
    assert "Enrol a site" in page
    assert "<figure" not in page


def test_an_empty_site_says_what_to_do_first_to_those_who_may(people: People, as_person: SignedIn) -> None:
    for person, equips in ((people.alice, False), (people.bob, True)):
        page = read(as_person(person), "/s/ALPHA/")
        assert "No case has been submitted yet" in page
        assert "Enter the first case" in page
        assert ("Name your printers and materials" in page) == equips
    assert "No case has been submitted yet" in read(as_person(people.alice), "/s/ALPHA/statistics/prints/")


def test_the_first_step_of_a_site_without_an_agreement_is_the_agreement(people: People, as_person: SignedIn) -> None:
    first = "Sign the participation agreement"
    assert first not in read(as_person(people.alice), "/s/ALPHA/")
    describe(people.site, agreement_signed_on=None)
    page = read(as_person(people.alice), "/s/ALPHA/")
    assert page.index(first) < page.index("Enter the first case")
    assert "The registry records it; nothing can be submitted before." in page


def test_a_site_of_controls_alone_says_that_nothing_was_printed(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [control(number, FASTER, 200 + number) for number in range(6)])
    refreshed()
    for topic in ("", *(f"statistics/{slug}/" for slug in OF_PRINTS)):
        page = read(as_person(people.alice), f"/s/ALPHA/{topic}")
        assert "No case to show." in page
    assert "No printed case has an OR time yet" in read(as_person(people.alice), "/s/ALPHA/")


def test_a_site_without_a_comparator_is_told_how_to_get_one(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [printed(number, FASTER, 170 + number) for number in range(3)])
    refreshed()
    page = read(as_person(people.alice), "/s/ALPHA/")
    assert "Minutes saved cannot be stated" in page
    assert "What would let minutes saved be counted" in page
    assert "State a baseline" in page
    assert "What would let minutes saved be counted" not in read(as_person(people.dana))


def describe(site: Site, **values: Any) -> None:
    with acting_for(sites=[site.pk], administrator=True):
        assert Site.objects.filter(pk=site.pk).update(**values)


def test_what_the_data_are_is_said_wherever_they_are_shown(registry: People, as_person: SignedIn) -> None:
    describe(registry.site, is_synthetic=True, data_note="synthetic demonstration data")
    describe(registry.other, data_note="real OR log: Kaggle, CC BY 4.0")
    dana = as_person(registry.dana)
    page = read(dana)
    assert "<strong>Synthetic demonstration data</strong> <span>ALPHA</span>" in page
    assert "<strong>Real OR log</strong> <span>CHARLIE. Kaggle, CC BY 4.0</span>" in page
    assert "Synthetic demonstration data" in read(as_person(registry.alice), "/s/ALPHA/")
    line = table(dana, "/tables/effort.csv")[0]
    said = "synthetic and real: real OR log (CHARLIE): Kaggle, CC BY 4.0; synthetic demonstration data (ALPHA)"
    assert (line["data"], line["data_notes"]) == ("synthetic and real", said)
    kinds = {line["site"]: line["data"] for line in table(dana, "/tables/minutes-saved.csv")}
    assert kinds == {"All sites": "synthetic and real", "ALPHA": "synthetic", "CHARLIE": "real"}


def test_beside_the_notes_of_others_it_is_said_how_many_sites_entered_real_cases(
    registry: People, as_person: SignedIn
) -> None:
    dana, line = as_person(registry.dana), "<strong>Real</strong> <span>1 site entered cases of its own</span>"
    for page in ("/", "/registry/prints/", "/exports/"):
        assert "entered cases" not in read(dana, page)
    describe(registry.site, is_synthetic=True, data_note="synthetic demonstration data")
    for page in ("/", "/registry/prints/", "/exports/"):
        assert line in read(dana, page)
    assert "entered cases" not in read(as_person(registry.charlie), "/s/CHARLIE/")


def test_a_site_without_a_case_is_not_among_those_that_entered_real_ones(people: People, as_person: SignedIn) -> None:
    describe(people.site, is_synthetic=True)
    for page in ("/", "/exports/"):
        assert "entered cases" not in read(as_person(people.dana), page)


def test_the_headline_says_which_of_its_numbers_are_synthetic(registry: People, as_person: SignedIn) -> None:
    describe(registry.site, is_synthetic=True, data_note="synthetic demonstration data")
    page = read(as_person(registry.dana))
    assert '<p class="lead-line">Partly synthetic: operations with a print took' in page
    assert "24 synthetic, 24 real" in page
    own = read(as_person(registry.alice), "/s/ALPHA/")
    assert '<p class="lead-line">Synthetic demonstration data: operations with a print took' in own
    assert "synthetic" not in read(as_person(registry.charlie), "/s/CHARLIE/").lower()


def test_a_site_s_line_that_is_in_no_total_says_so(registry: People, as_person: SignedIn) -> None:
    few = [printed(700 + n, "tka", 150 + n) for n in range(2)] + [control(700 + n, "tka", 170 + n) for n in range(5)]
    submitted(registry.site, registry.alice, few)
    refreshed()
    dana = as_person(registry.dana)
    remarks = [line["remark"] for line in table(dana, "/tables/minutes-saved.csv") if line["site"] == "ALPHA"]
    assert sum("under 3 cases an arm: not in the total" in remark for remark in remarks) == 1
    assert "1 of these 5 lines are not in the total" in read(dana, "/registry/time/")


def test_a_silent_worker_is_seen(registry: People, as_person: SignedIn) -> None:
    dana = as_person(registry.dana)
    assert "The worker is silent." in read(dana)
    now = timezone.now()
    for seconds, word in ((0, "OK"), (31, "late"), (121, "stopped")):
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": now - timedelta(seconds=seconds)})
        page = read(dana)
        assert f">{word}</span> last seen" in page
        assert ("The worker is silent." in page) == (word != "OK")


def test_statistics_that_lag_are_seen(registry: People, as_person: SignedIn) -> None:
    assert "up to date" in read(as_person(registry.dana))
    submitted(registry.site, registry.alice, [control(900, FASTER, 200)])
    assert "behind by" in read(as_person(registry.dana))


OF_PRINTS = ("time", "value", "cases", "prints", "effort", "codes")
OF_FEW_SITES = ["minutes-saved-weakly", "estimated-minutes-saved"]
"""Shown only where a site has such a baseline, or such a guess."""
OF_THE_REGISTRY = [topic.slug for topic in TOPICS if topic.is_for(Scope.registry())]
OF_A_SITE = [topic.slug for topic in TOPICS if topic.is_for(Scope(1, "ALPHA"))]
PAGES = [("dana", f"/registry/{slug}/" if slug else "/") for slug in OF_THE_REGISTRY]
PAGES += [("alice", f"/s/ALPHA/statistics/{slug}/" if slug else "/s/ALPHA/") for slug in OF_A_SITE]


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_page_is_light_and_names_itself(name: str, path: str, registry: People, as_person: SignedIn) -> None:
    page = as_person(getattr(registry, name)).get(path).content
    assert len(gzip.compress(page)) < 40 * 1024
    title = page.decode().partition("<title>")[2].partition("</title>")[0]
    assert title.endswith("– Strata")
    assert ("," in title) == (path not in {"/", "/s/ALPHA/"})
    assert page.decode().count('aria-current="page"') == 2  # in the top bar and among the topics


def test_every_measure_is_on_a_page_with_its_csv(registry: People, as_person: SignedIn) -> None:
    pages = "".join(read(as_person(getattr(registry, name)), path) for name, path in PAGES)
    assert [slug for slug in BY_SLUG if f'/tables/{slug}.csv"' not in pages] == OF_FEW_SITES


def test_the_numbers_of_a_table_are_those_published(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.dana), "/registry/prints/")
    with acting_for(sites=(), administrator=True):
        result = published("print-outcomes", scope=Scope.registry(), for_user=registry.dana)
    assert isinstance(result, Statistic)
    every = result.rows[0]
    assert every["n"] == 54
    table = page.partition('id="print-outcomes"')[2].partition("<table")[2].partition("</table>")[0]
    numbers = re.findall(r'<td class="num">([\d,.%]+)', table.partition("All processes")[2].partition("</tr>")[0])
    names = ("n", "success", "reprint", "failed")
    assert numbers[: len(names)] == [f"{every[name]:,}" for name in names]


def test_a_table_and_its_csv_say_the_same(registry: People, as_person: SignedIn) -> None:
    dana = as_person(registry.dana)
    page = read(dana)
    for line in table(dana, "/tables/or-minutes.csv"):
        median, q1, q3 = (minutes(float(line[name])) for name in ("median", "q1", "q3"))
        assert f">{median} ({q1}–{q3})<" in page


def test_a_year_has_an_address_and_only_its_cases(registry: People, as_person: SignedIn) -> None:
    dana = as_person(registry.dana)
    page = read(dana)
    assert 'href="/?period=2026"' in page
    year, before = read(dana, "/?period=2026"), read(dana, "/?period=2024")
    assert '<a href="/?period=2026" aria-current="true">2026</a>' in year
    assert 'href="/registry/prints/?period=2026"' in year
    assert 'href="/tables/effort.csv?period=2026"' in year
    assert "48 of 48 printed cases" in year
    assert "No case to show." in before
    assert '<a href="/?period=2024" aria-current="true">2024</a>' in before
    assert [line["month"] for line in table(dana, "/tables/cases-by-month.csv?period=2024")] == []


def test_the_last_twelve_months_end_with_this_one(registry: People, as_person: SignedIn) -> None:
    answer = as_person(registry.dana).get("/?period=last-12-months")
    today = timezone.now().date()
    period = answer.context["page"].chosen.period
    assert period.last == today.replace(day=1)
    assert (period.last.year - period.first.year) * 12 + period.last.month - period.first.month == 11


def test_a_figure_is_taken_away_as_a_picture_and_as_a_specification(registry: People, as_person: SignedIn) -> None:
    describe(registry.site, is_synthetic=True, data_note="synthetic demonstration data")
    alice = as_person(registry.alice)
    svg = alice.get("/s/ALPHA/figures/minutes-saved.svg")
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg["Content-Disposition"] == 'attachment; filename="strata-ALPHA-minutes-saved.svg"'
    assert "ALPHA, all months. Data: synthetic." in svg.content.decode()
    png = alice.get("/s/ALPHA/figures/minutes-saved.png")
    assert png["Content-Type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n")
    spec = alice.get("/s/ALPHA/figures/minutes-saved.json?period=2026")
    assert spec["Content-Disposition"].endswith('-2026.vl.json"')
    assert spec.json()["data"]["values"][0]["label"] == "All categories"


def test_a_figure_of_nothing_is_not_found(people: People, as_person: SignedIn) -> None:
    assert as_person(people.dana).get("/figures/effort.svg").status_code == 404


def test_the_published_effort_is_a_mark_on_the_registry_s_page_alone(registry: People, as_person: SignedIn) -> None:
    assert "335.0 published, 2024" in read(as_person(registry.dana), "/registry/effort/")
    assert "published, 2024" not in read(as_person(registry.alice), "/s/ALPHA/statistics/effort/")


def test_every_finding_beside_a_figure_says_what_its_data_are(registry: People, as_person: SignedIn) -> None:
    describe(registry.site, is_synthetic=True, data_note="synthetic demonstration data")
    page = read(as_person(registry.dana))
    panels = page.split('<section class="panel')[1:]
    assert len(panels) == 6
    assert all("Data: synthetic and real" in panel.partition("<figure")[0] for panel in panels)
