"""What the page of a case tells of its past, after acts that were really committed, each for itself."""

from django.test import Client

from registry.actions import cases, outcomes
from registry.models import Case
from tests.people import gathered
from tests.reports.registry import FASTER, printed, submitted


def test_the_history_says_who_changed_what_when_and_why(committed_db: None) -> None:
    people = gathered()
    submitted(people.site, people.alice, [printed(1, FASTER, 170)])
    with people.at_site():
        case = Case.objects.get()
    with people.at_site():
        times = [{"clock": "in_room", "minutes": 188, "source": "or_log"}]
        outcomes.record_procedure(case, {"procedure": {"times": times}}, by=people.bob, via="rest")
    with people.at_site():
        case.refresh_from_db()
        cases.amend(case, {"age_years": 41, "sex": None}, by=people.alice, via="form")
    with people.at_site():
        case.refresh_from_db()
        cases.withdraw(case, reason="entered twice", by=people.alice, via="form")
    alice = Client()
    alice.force_login(people.alice)
    page = alice.get(f"/s/ALPHA/cases/{case.public_id}/").content.decode()
    history = page.partition('class="history"')[2]
    withdrawn, amended, recorded = (history.index(word) for word in ("Withdrawn", "Age in years", "OR time minutes"))
    assert withdrawn < amended < recorded
    assert "Reason: entered twice" in history
    assert "Age in years: <del>34</del> → <ins>41</ins>" in history
    assert "Sex: <del>Female</del> → <ins>nothing</ins>" in history
    assert "OR time minutes: <del>170</del> → <ins>188</ins>" in history
    assert "bob@example.org, REST" in history
    assert "entered twice" in page.partition('class="history"')[0]
