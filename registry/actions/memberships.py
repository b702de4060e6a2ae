"""Who may do what at a site: invited by a letter with a link, accepted by the person, changed and revoked by who manages the site.

A role is never rewritten: the row that gave it ends and another begins. A site has one facility administrator; whoever comes
to that role takes it over, and who held it becomes data manager (docs/adr/0011).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.timezone import now

from registry.actions import audit, mail, people
from registry.actions.belief import believe
from registry.errors import Conflict, NotPermitted
from registry.models import Membership, Site, User
from registry.models.scope import acting_for
from registry.permissions import Actor, check_administer_registry, check_manage
from registry.vocabulary.workflow import Role

LINK_LIVES = timedelta(days=14)
_SALT = "strata.invitation"


@dataclass(frozen=True)
class Link:
    """What the link of an invitation says: which membership of whom at which site."""

    public_id: str
    site_id: int
    user_id: int

    @classmethod
    def of(cls, membership: Membership) -> "Link":
        return cls(membership.public_id, membership.site_id, membership.user_id)

    @classmethod
    def read(cls, token: str) -> "Link | None":
        """The link that we signed within the last fourteen days; None for every other text."""
        try:
            return cls(*signing.loads(token, salt=_SALT, max_age=LINK_LIVES))
        except signing.BadSignature:
            return None

    @property
    def token(self) -> str:
        return signing.dumps([self.public_id, self.site_id, self.user_id], salt=_SALT)

    @contextmanager
    def scope(self) -> Iterator[Membership | None]:
        """Within the scope of its site: the invitation, or None when it was accepted or revoked."""
        with acting_for(sites=[self.site_id], user_id=self.user_id):
            found = Membership.objects.pending().select_related("site", "user", "invited_by")
            named = found.filter(site_id=self.site_id, public_id=self.public_id, user_id=self.user_id)
            yield named.filter(user__is_active=True).first()


def admit(person: User, *, site: Site, role: str, by: Actor, via: str) -> Membership:
    """The person has the role at the site without being asked; a role held before ends. For the registry's own hand."""
    check_administer_registry(by)
    with transaction.atomic():
        Site.objects.hold(site.pk)
        membership = _place(person, site=site, role=role, by=by, via=via, accepted=True)
        _tell_role(membership)
        audit.record("membership.admit", by=by, via=via, site=site, subject=membership)
    return membership


def invite(site: Site, *, email: str, name: str, role: str, by: Actor, via: str) -> Membership:
    """A letter with a link waits for whoever has this address, known to us or not; an invitation made before has ended.

    A member of the site is not asked again: the role is changed at once, as by `change_role`. `name` is kept for those we did
    not know. Raises `InvalidReport`, `NotPermitted`, `Conflict`.
    """
    check_manage(by, site)
    with transaction.atomic():
        Site.objects.hold(site.pk)
        person = _known(email, name)
        member = Membership.objects.active().filter(site=site, user=person).select_related("site", "user").first()
        if member is not None:
            return _changed(member, role, by=by, via=via)
        membership = _place(person, site=site, role=role, by=by, via=via, accepted=False)
        mail.write(person.email, subject=f"{site.name} invites you to Strata", body=_invitation(membership, by))
        audit.record("membership.invite", by=by, via=via, site=site, subject=membership)
    return membership


def accept(membership: Membership, *, by: Actor, via: str) -> Membership:
    """The invited person is a member. Raises `NotPermitted` for anybody else, `Conflict` when it was accepted or revoked."""
    if not isinstance(by, User) or by.pk != membership.user_id:
        raise NotPermitted("This invitation is for somebody else.")
    with transaction.atomic():
        # Two who come to the one administrator's role at once do so one after the other.
        site = Site.objects.hold(membership.site_id)
        held = Membership.objects.pending().select_related("site", "user").filter(pk=membership.pk).first()
        if held is None:
            raise Conflict("This invitation was used or taken back. Ask for a new one.", "invitation-over")
        if held.role == Role.FACILITY_ADMINISTRATOR:
            _make_way(held.user, site=site, by=by, via=via)
        held.accepted_at = now()
        held.save(update_fields=["accepted_at"])
        audit.record("membership.accept", by=by, via=via, site=site, subject=held)
    return held


def join(membership: Membership, *, name: str, password: str, via: str) -> Membership:
    """The invited person, who had no password, has this name and password and is a member.

    The link of the letter is the proof of who acts. Raises `NotPermitted` for a person with a password, who has to sign in;
    `InvalidReport`, `Conflict`.
    """
    with transaction.atomic():
        Site.objects.hold(membership.site_id)
        person = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
        if person.has_usable_password():
            raise NotPermitted("Sign in to accept this invitation.")
        people.set_password(people.rename(person, name, by=person, via=via), password, by=person, via=via)
        return accept(membership, by=person, via=via)


def change_role(membership: Membership, role: str, *, by: Actor, via: str) -> Membership:
    """The member has the role at once, and reads so in a letter. The same role again changes nothing.

    Raises `Conflict` for the facility administrator, whose role only passes on, and for a membership that is over.
    """
    check_manage(by, membership.site)
    with transaction.atomic():
        Site.objects.hold(membership.site_id)
        held = Membership.objects.active().filter(pk=membership.pk).select_related("site", "user").first()
        if held is None:
            raise Conflict("This person is not a member of the site any more.", "membership-over")
        return _changed(held, role, by=by, via=via)


def revoke(membership: Membership, *, by: Actor, via: str) -> Membership:
    """The membership or invitation is over; what the person did stays. Revoking twice changes nothing.

    Raises `Conflict` for the facility administrator, and for a place that another of the same person has replaced.
    """
    check_manage(by, membership.site)
    with transaction.atomic():
        site = Site.objects.hold(membership.site_id)
        held = Membership.objects.select_related("site", "user").get(pk=membership.pk)
        if held.revoked_at is not None:
            # Nobody is told that a person has gone who came to another role, or was invited again, in the meantime.
            if Membership.objects.filter(site=site, user=held.user, revoked_at__isnull=True).exists():
                raise Conflict("This person has another place at the site by now. Look at it first.", "membership-over")
            return held
        if held.accepted_at is not None and held.role == Role.FACILITY_ADMINISTRATOR:
            raise _needed()
        held.revoked_at = now()
        held.save(update_fields=["revoked_at"])
        audit.record("membership.revoke", by=by, via=via, site=held.site, subject=held)
    return held


def _known(email: str, name: str) -> User:
    """The person of this address; a new one, who cannot sign in yet, if there is none."""
    person = User(email=email.lower(), name=name)
    person.set_unusable_password()
    known = User.objects.filter(email=person.email).first()
    if known is not None:
        return known
    believe(person)
    # Another site may invite the same stranger in this very moment.
    return User.objects.get_or_create(email=person.email, defaults={"name": name, "password": person.password})[0]


def _place(person: User, *, site: Site, role: str, by: Actor, via: str, accepted: bool) -> Membership:
    if accepted and role == Role.FACILITY_ADMINISTRATOR:
        _make_way(person, site=site, by=by, via=via)
    Membership.objects.filter(site=site, user=person, revoked_at__isnull=True).update(revoked_at=now())
    membership = Membership(
        site=site,
        user=person,
        role=role,
        accepted_at=now() if accepted else None,
        invited_by=by if isinstance(by, User) else None,
    )
    believe(membership, but=["invited_by"])
    membership.save()
    return membership


def _changed(held: Membership, role: str, *, by: Actor, via: str) -> Membership:
    if held.role == role:
        return held
    if held.role == Role.FACILITY_ADMINISTRATOR:
        raise _needed()
    membership = _place(held.user, site=held.site, role=role, by=by, via=via, accepted=True)
    _tell_role(membership)
    audit.record("membership.change_role", by=by, via=via, site=held.site, subject=membership)
    return membership


def _make_way(successor: User, *, site: Site, by: Actor, via: str) -> None:
    """Who is facility administrator now becomes data manager, and reads so in a letter."""
    held = Membership.objects.active().filter(site=site, role=Role.FACILITY_ADMINISTRATOR).exclude(user=successor)
    for before in held.select_related("user", "site"):
        after = _place(before.user, site=site, role=Role.DATA_MANAGER, by=by, via=via, accepted=True)
        _tell_role(after)
        audit.record("membership.hand_over", by=by, via=via, site=site, subject=after)


def _needed() -> Conflict:
    return Conflict(
        "A site needs its facility administrator. Give that role to somebody else first: you then become data manager.",
        "facility-administrator-needed",
    )


def _tell_role(membership: Membership) -> None:
    role = Role(membership.role).in_a_sentence
    body = f"{membership.user.name},\n\nyou are now {role} of {membership.site.name}. Sign in at {settings.STRATA_PUBLIC_URL}/.\n"
    mail.write(membership.user.email, subject=f"{membership.site.name}: your place in Strata", body=body)


def _invitation(membership: Membership, by: Actor) -> str:
    who = by.name if isinstance(by, User) else "The registry"
    role = Role(membership.role).in_a_sentence
    return (
        f"{membership.user.name},\n\n{who} invites you to Strata, the registry of 3D-printed anatomic models and guides, "
        f"as {role} of {membership.site.name}. To accept:\n\n"
        f"{settings.STRATA_PUBLIC_URL}/invitations/{Link.of(membership).token}/\n\n"
        f"The link is for you alone. It works once, for {LINK_LIVES.days} days.\n"
    )
