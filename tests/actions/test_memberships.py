"""Invitations, roles and the one facility administrator."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from registry.actions import audit, memberships, people
from registry.actions.memberships import Link
from registry.errors import Conflict, InvalidReport, NotPermitted
from registry.models import AuditEvent, Mail, Membership, RowHistory, User
from registry.models.scope import acting_for
from tests.people import HAND, PASSWORD, People

STRANGER = {"email": "Erin@example.org", "name": "Erin Evans", "role": "champion"}


def invited(them: People, **changes: str) -> Membership:
    return memberships.invite(them.site, **{**STRANGER, **changes}, by=them.bob, via="form")


def roles(them: People) -> dict[str, str]:
    rows = Membership.objects.active().filter(site=them.site)
    return dict(rows.values_list("user__email", "role"))


def test_a_stranger_is_invited_and_is_no_member_until_accepting(them: People) -> None:
    place = invited(them)
    assert (place.user.email, place.user.has_usable_password()) == ("erin@example.org", False)
    assert "erin@example.org" not in roles(them)
    letter = Mail.objects.latest("pk")
    assert letter.to == "erin@example.org"
    assert Link.of(place).token.split(":")[0] in letter.body


def test_somebody_known_is_asked_as_a_stranger_is_and_keeps_the_name(them: People) -> None:
    place = invited(them, email="CHARLIE@example.org", name="Charles")
    assert (place.user.name, place.accepted_at) == ("Charlie", None)
    assert User.objects.filter(email__iexact="charlie@example.org").count() == 1


def test_a_stranger_joins_with_name_and_password(them: People) -> None:
    place = memberships.join(invited(them), name="Erin E.", password=PASSWORD, via="form")
    erin = User.objects.get(email="erin@example.org")
    assert (erin.name, erin.check_password(PASSWORD), roles(them)[erin.email]) == ("Erin E.", True, "champion")
    assert AuditEvent.objects.filter(act="membership.accept", actor=erin.email, object_label=place.public_id).exists()


def test_a_weak_password_joins_nobody(them: People) -> None:
    place = invited(them)
    with pytest.raises(InvalidReport) as refused:
        memberships.join(place, name="Erin", password="password", via="form")
    assert {(problem.code, problem.path) for problem in refused.value.problems} == {("weak-password", "password")}
    assert not User.objects.get(email="erin@example.org").has_usable_password()


def test_whoever_has_a_password_cannot_be_joined_by_a_link_alone(them: People) -> None:
    place = invited(them, email="charlie@example.org")
    with pytest.raises(NotPermitted):
        memberships.join(place, name="X", password=PASSWORD + "2", via="form")
    assert User.objects.get(email="charlie@example.org").check_password(PASSWORD)


def test_nobody_accepts_for_another(them: People) -> None:
    with pytest.raises(NotPermitted):
        memberships.accept(invited(them), by=them.alice, via="form")


def test_an_invitation_is_accepted_once(them: People) -> None:
    place = invited(them)
    memberships.accept(place, by=place.user, via="form")
    with pytest.raises(Conflict):
        memberships.accept(place, by=place.user, via="form")


def test_a_newer_invitation_ends_the_older(them: People) -> None:
    first, second = invited(them), invited(them, role="read_only")
    with pytest.raises(Conflict):
        memberships.accept(first, by=first.user, via="form")
    memberships.accept(second, by=second.user, via="form")
    assert roles(them)["erin@example.org"] == "read_only"


def test_an_invitation_that_was_taken_back_is_not_accepted(them: People) -> None:
    place = memberships.revoke(invited(them), by=them.bob, via="form")
    with pytest.raises(Conflict):
        memberships.accept(place, by=place.user, via="form")


def test_inviting_a_member_changes_the_role_at_once(them: People) -> None:
    place = invited(them, email="alice@example.org")
    assert place.accepted_at is not None
    assert roles(them)["alice@example.org"] == "champion"


def test_the_same_role_again_changes_nothing(them: People) -> None:
    before = (Membership.objects.count(), Mail.objects.count(), AuditEvent.objects.count())
    invited(them, email="alice@example.org", role="data_manager")
    assert (Membership.objects.count(), Mail.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize(
    ("change", "path"),
    [({"email": "no address"}, "email"), ({"name": ""}, "name"), ({"role": "king"}, "role")],
)
def test_what_cannot_be_is_refused_at_its_field(change: dict[str, str], path: str, them: People) -> None:
    with pytest.raises(InvalidReport) as refused:
        invited(them, **change)
    assert path in {problem.path for problem in refused.value.problems}


def test_only_who_manages_the_site_invites_changes_and_revokes(them: People) -> None:
    alice = Membership.objects.active().get(user=them.alice)
    acts = (
        lambda by: memberships.invite(them.site, **STRANGER, by=by, via="form"),
        lambda by: memberships.change_role(alice, "champion", by=by, via="form"),
        lambda by: memberships.revoke(alice, by=by, via="form"),
        lambda by: memberships.admit(them.charlie, site=them.site, role="champion", by=by, via="form"),
    )
    for act in acts:
        for by in (them.alice, them.charlie):
            with pytest.raises(NotPermitted):
                act(by)
    with pytest.raises(NotPermitted):
        acts[-1](them.bob)


def test_who_comes_to_the_one_role_takes_it_over(them: People) -> None:
    place = Membership.objects.active().get(user=them.alice)
    memberships.change_role(place, "facility_administrator", by=them.bob, via="form")
    assert roles(them) == {"alice@example.org": "facility_administrator", "bob@example.org": "data_manager"}
    acts = set(AuditEvent.objects.values_list("act", flat=True))
    assert {"membership.change_role", "membership.hand_over"} <= acts
    assert audit.first_broken(them.site) is None


def test_an_invited_successor_takes_over_on_accepting_and_not_before(them: People) -> None:
    place = invited(them, role="facility_administrator")
    assert roles(them)["bob@example.org"] == "facility_administrator"
    memberships.accept(place, by=place.user, via="form")
    found = roles(them)
    assert (found["erin@example.org"], found["bob@example.org"]) == ("facility_administrator", "data_manager")


def test_the_facility_administrator_is_neither_removed_nor_given_another_role(them: People) -> None:
    bob = Membership.objects.active().get(user=them.bob)
    for act in (
        lambda: memberships.revoke(bob, **HAND),
        lambda: memberships.change_role(bob, "champion", **HAND),
        lambda: invited(them, email="bob@example.org"),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "facility-administrator-needed"
    assert roles(them)["bob@example.org"] == "facility_administrator"


def test_a_membership_that_is_over_is_not_changed(them: People) -> None:
    alice = Membership.objects.active().get(user=them.alice)
    assert memberships.revoke(memberships.revoke(alice, by=them.bob, via="form"), by=them.bob, via="form").revoked_at
    assert AuditEvent.objects.filter(act="membership.revoke").count() == 1
    with pytest.raises(Conflict):
        memberships.change_role(alice, "champion", by=them.bob, via="form")


def test_nobody_is_removed_by_a_place_that_another_has_replaced(them: People) -> None:
    alice = Membership.objects.active().get(user=them.alice)
    memberships.change_role(alice, "facility_administrator", **HAND)
    with pytest.raises(Conflict) as refused:
        memberships.revoke(alice, **HAND)
    assert refused.value.code == "membership-over"
    assert roles(them)["alice@example.org"] == "facility_administrator"


def test_what_a_place_was_before_is_in_its_history(them: People) -> None:
    memberships.revoke(Membership.objects.active().get(user=them.alice), by=them.bob, via="form")
    assert RowHistory.objects.get(table_name="registry_membership").before["revoked_at"] is None


@pytest.fixture
def link(them: People) -> Iterator[Link]:
    place = invited(them)
    with acting_for(sites=()):
        yield Link.of(place)


def test_a_link_opens_its_own_invitation_and_leaves_nothing_open(link: Link) -> None:
    read = Link.read(link.token)
    assert read == link
    with read.scope() as place:
        assert place is not None
        assert place.site.code == "ALPHA"
    assert not Membership.objects.exists()


def test_a_link_that_was_tampered_with_is_none(link: Link) -> None:
    body, moment, signature = link.token.split(":")
    for token in ("", "x", "a:b:c", f"{body}:{moment}:{signature[::-1]}", f"{body[:-2]}:{moment}:{signature}", "\0"):
        assert Link.read(token) is None


def test_a_link_is_none_after_fourteen_days(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    token, then = link.token, time.time()
    for after, opens in ((timedelta(days=13, hours=23), True), (timedelta(days=14, seconds=2), False)):
        moment = then + after.total_seconds()
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        assert (Link.read(token) == link) is opens


def test_the_link_of_somebody_switched_off_opens_nothing(link: Link) -> None:
    User.objects.filter(pk=link.user_id).update(is_active=False)
    with link.scope() as place:
        assert place is None


def test_only_oneself_changes_name_and_password(them: People) -> None:
    with pytest.raises(NotPermitted):
        people.rename(them.alice, "A", by=them.bob, via="form")
    with pytest.raises(NotPermitted):
        people.set_password(them.alice, PASSWORD + "2", by=them.dana, via="form")
    people.rename(them.alice, "Alice A.", by=them.alice, via="form")
    assert User.objects.get(pk=them.alice.pk).name == "Alice A."


def test_the_database_itself_knows_one_facility_administrator(them: People) -> None:
    second = Membership.objects.active().filter(user=them.alice)
    with pytest.raises(IntegrityError, match="membership_one_facility_administrator"), transaction.atomic():
        second.update(role="facility_administrator")


def test_an_invitation_to_administer_the_site_can_be_taken_back_before_it_is_accepted(them: People) -> None:
    place = invited(them, role="facility_administrator")
    before = AuditEvent.objects.filter(act="membership.revoke").count()
    memberships.revoke(place, by=them.bob, via="form")
    assert AuditEvent.objects.filter(act="membership.revoke").count() == before + 1
    assert roles(them)["bob@example.org"] == "facility_administrator"
    assert not Membership.objects.pending().filter(pk=place.pk).exists()
