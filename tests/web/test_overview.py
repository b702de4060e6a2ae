"""The headline page: what it says, to whom, how large it is and what it costs."""

import csv
import gzip
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.models import Heartbeat, Site, User
from registry.models.scope import acting_for
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


def test_the_figure_stands_beside_its_table_and_its_csv(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.dana))
    assert page.count('<figure class="plot">') == 1
    assert 'href="/tables/minutes-saved.csv"' in page


def test_dollars_show_their_formula(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.dana))
    for rate in (22, 62, 133):
        assert f"min × ${rate}/min = " in page
        assert f"At ${rate} a minute" in page


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
        assert as_person(person).get("/s/ALPHA/tables/minutes-saved.csv").status_code == 404


def test_the_registrys_figures_are_for_administrators(registry: People, as_person: SignedIn) -> None:
    assert as_person(registry.alice).get("/tables/minutes-saved.csv").status_code == 403


def test_an_unknown_measure_is_not_found(registry: People, as_person: SignedIn) -> None:
    assert as_person(registry.dana).get("/tables/nonsense.csv").status_code == 404


def test_an_empty_registry_says_that_nothing_is_known(people: People, as_person: SignedIn) -> None:
    page = read(as_person(people.dana))
    assert "No printed case has an OR time yet" in page
    assert "No case yet." in page


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
    assert "1 of these 5 lines are not in the total" in read(dana)


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


def test_the_page_is_light(registry: People, as_person: SignedIn) -> None:
    for person, path in ((registry.dana, "/"), (registry.alice, "/s/ALPHA/")):
        page = as_person(person).get(path).content
        assert len(gzip.compress(page)) < 40 * 1024


def test_the_number_of_queries_does_not_grow_with_the_rows(people: People, as_person: SignedIn) -> None:
    counts = []
    for first in (0, 1):
        said = [printed(first * 3 + n, FASTER, 170 + n) for n in range(1 + 2 * first)]
        said += [control(first * 3 + n, FASTER, 200 + n) for n in range(1 + 2 * first)]
        submitted(people.site, people.alice, said)
        refreshed()
        client = as_person(people.dana)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 110
