"""What only real commits on several connections can show."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any

import psycopg2
import pytest
from django.db import connection

from registry.actions import audit, cases, drafts, idempotency, memberships, outcomes, sites
from registry.actions.idempotency import Answer
from registry.errors import Conflict, InvalidReport, NotPermitted
from registry.intake.report import CaseReport
from registry.models import ApiToken, AuditEvent, Case, Draft, IdempotencyKey, Membership, Site, User, UserAssessment
from registry.models.scope import acting_for
from tests import people
from tests.people import HAND, People
from tests.reports.registry import FASTER, printed

CONTROL = json.loads((Path(__file__).parent.parent / "examples" / "control.json").read_text())


@pytest.fixture
def them(committed_db: None) -> People:
    return people.gathered()


def test_the_database_exists_for_tests_that_commit(db: None) -> None:
    """pytest-django makes a database only where a collected test asks for one."""


@pytest.fixture
def token(them: People) -> ApiToken:
    with acting_for(sites=[them.site.pk], administrator=True):
        return sites.issue_token(them.site, name="lab", scopes=["cases:write"], expires_in_days=9, **HAND)[0]


def once(token: ApiToken, key: str, digest: str) -> str:
    """What one request with this key came to: it acted, or the stored answer was replayed."""
    try:
        with acting_for(sites=[token.site_id]):
            stored = idempotency.begin(token=token, route="POST cases", key=key, request_digest=digest)
            if stored is not None:
                return f"replayed {stored.case_public_id}"
            idempotency.finish(token=token, route="POST cases", key=key, answer=Answer(201, "cas_1", 1))
            return "acted"
    finally:
        connection.close()


def test_a_key_sent_by_twelve_at_once_acts_once_and_eleven_get_the_stored_answer(token: ApiToken) -> None:
    with ThreadPoolExecutor(12) as pool:
        results = list(pool.map(lambda _: once(token, "k", "a" * 64), range(12)))
    assert sorted(results) == ["acted"] + ["replayed cas_1"] * 11


def test_a_key_used_with_another_body_is_refused(token: ApiToken) -> None:
    once(token, "k", "a" * 64)
    with pytest.raises(InvalidReport) as refused:
        once(token, "k", "b" * 64)
    assert [problem.code for problem in refused.value.problems] == ["key-reused"]
    with acting_for(sites=[token.site_id]):
        assert IdempotencyKey.objects.count() == 1


def submit_one(them: People, data: dict[str, Any]) -> str:
    try:
        with acting_for(sites=[them.site.pk], user_id=them.alice.pk):
            return cases.submit(CaseReport(data), site=them.site, by=them.alice, via="rest").result
    finally:
        connection.close()


def test_one_case_sent_by_eight_at_once_is_one_case(them: People) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: submit_one(them, CONTROL), range(8)))
    assert sorted(results) == ["created"] + ["unchanged"] * 7
    with them.at_site():
        assert Case.objects.count() == 1
        assert audit.first_broken(them.site) is None


def test_an_assessment_sent_four_times_at_once_from_one_form_counts_once(them: People) -> None:
    submit_one(them, printed(1, FASTER, 170).data)

    def assess(_: int) -> str:
        try:
            with acting_for(sites=[them.site.pk], user_id=them.alice.pk):
                case = Case.objects.select_related("site").get()
                said = {"respondent_role": "surgeon", "q1_easy": 4}
                return outcomes.record_assessment(case, said, by=them.alice, via="form", seen=0).result
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(assess, range(4))) == ["amended"] + ["unchanged"] * 3
    with them.at_site():
        assert UserAssessment.objects.count() == 1


def test_acts_of_one_site_at_the_same_moment_chain_without_a_gap(them: People) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: submit_one(them, {**CONTROL, "local_case_id": f"C-{number}"}), range(18)))
    with them.at_site():
        numbers = list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert audit.first_broken(them.site) is None


TAMPERINGS = {
    "a changed actor": "UPDATE registry_auditevent SET actor = 'nobody' WHERE site_id = {site} AND seq = 3",
    "a changed moment": "UPDATE registry_auditevent SET at = at + interval '1 s' WHERE site_id = {site} AND seq = 3",
    "a deleted event": "DELETE FROM registry_auditevent WHERE site_id = {site} AND seq = 3",
    "a cut tail": "DELETE FROM registry_auditevent WHERE site_id = {site} AND seq >= 3",
    "an event of another chain": "UPDATE registry_auditevent SET site_id = {other} WHERE site_id = {site} AND seq = 3",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_tampered_chain_is_broken_at_the_place(how: str, them: People, superuser_dsn: str) -> None:
    statement = TAMPERINGS[how].format(site=them.site.pk, other=-1)
    with psycopg2.connect(superuser_dsn) as made, made.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
    made.close()
    with them.at_site():
        assert audit.first_broken(them.site) in (3, 4)


def test_corrections_withdrawals_and_outcomes_at_the_same_moment_never_wait_in_a_ring(them: People) -> None:
    for number in range(12):
        submit_one(them, {**CONTROL, "local_case_id": f"C-{number}"})

    def act(number: int) -> str:
        try:
            with acting_for(sites=[them.site.pk], user_id=them.alice.pk):
                case = Case.objects.select_related("site").get(local_case_id=f"C-{number % 12}")
                month = f"2026-0{1 + number % 9}"
                if number % 3 == 0:
                    turn = cases.reinstate if number // 12 % 2 else cases.withdraw
                    turn(case, reason="x", by=them.alice, via="rest")
                else:
                    procedure = {**CONTROL["procedure"], "performed_month": month}
                    data = {**CONTROL, "local_case_id": case.local_case_id, "procedure": procedure}
                    cases.replace(CaseReport(data), site=them.site, by=them.alice, via="rest")
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(act, range(48))) == {"done"}
    with them.at_site():
        assert audit.first_broken(them.site) is None


def test_of_successors_who_accept_at_once_one_is_facility_administrator_at_the_end(them: People) -> None:
    places = []
    with acting_for(sites=[them.site.pk], administrator=True):
        for number in range(4):
            who = {"email": f"p{number}@example.org", "name": "P", "role": "facility_administrator"}
            places.append(memberships.invite(them.site, **who, **HAND))

    def accept(place: Membership) -> str:
        try:
            with acting_for(sites=[them.site.pk], user_id=place.user_id):
                return memberships.accept(place, by=place.user, via="form").role
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(accept, places)) == {"facility_administrator"}
    with them.at_site():
        roles = sorted(Membership.objects.active().filter(site=them.site).values_list("role", flat=True))
        assert roles == ["data_manager"] * 5 + ["facility_administrator"]
        assert audit.first_broken(them.site) is None


def test_one_invitation_accepted_by_six_at_once_is_accepted_once(them: People) -> None:
    with acting_for(sites=[them.site.pk], administrator=True):
        place = memberships.invite(them.site, email="p@example.org", name="P", role="champion", **HAND)

    def join(number: int) -> str:
        try:
            with acting_for(sites=[them.site.pk], user_id=place.user_id):
                joined = memberships.join(place, name=f"P{number}", password=people.PASSWORD, via="form")
                return "joined" if joined.accepted_at else ""
        except (Conflict, NotPermitted):
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(join, range(6))) == ["joined"] + ["refused"] * 5


def test_a_stranger_whom_two_sites_invite_at_once_is_one_person(them: People) -> None:
    def invite(site: Site) -> int:
        try:
            with acting_for(sites=[site.pk], administrator=True):
                return memberships.invite(site, email="p@example.org", name="P", role="champion", **HAND).user_id
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(invite, [them.site, them.other] * 6))) == 1
    assert User.objects.filter(email="p@example.org").count() == 1


def test_a_site_that_is_enrolled_twice_at_once_is_enrolled_once(them: People) -> None:
    def enrol(_: int) -> str:
        try:
            with acting_for(sites=(), administrator=True):
                return sites.enrol("DELTA", name="D", organisation="D", category="other", country="US", **HAND).code
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enrol, range(4))) == ["DELTA"] + ["site-exists"] * 3


def test_of_two_who_save_one_version_of_a_draft_at_once_one_is_told_and_nothing_is_lost(them: People) -> None:
    with acting_for(sites=[them.site.pk]):
        draft = drafts.begin(them.site, by=them.alice)
    together = Barrier(2)

    def save(age: str) -> str:
        try:
            with acting_for(sites=[them.site.pk]):
                mine = Draft.objects.select_related("site").get(pk=draft.pk)
                together.wait(timeout=10)
                try:
                    drafts.save(mine, {"age_years": age}, names=["age_years"], version=1, by=them.alice)
                except Conflict as refusal:
                    return refusal.code
                sleep(0.2)  # the other waits for the end of this transaction
                return age
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, ["34", "35"]))
    assert "draft-changed" in results
    with acting_for(sites=[them.site.pk]):
        kept = Draft.objects.get(pk=draft.pk)
    assert (kept.version, kept.data["age_years"]) == (2, next(each for each in results if each != "draft-changed"))
