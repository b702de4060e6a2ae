"""The people of a site: who may do what there, whom to invite, whose place ends."""

from datetime import datetime

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.actions import memberships
from registry.models import Membership
from registry.models.people import MembershipQuerySet
from registry.permissions import MANAGE, READ_CASES
from registry.vocabulary.workflow import Channel, Role
from registry.web.forms.people import InviteToRoleForm, RoleForm
from registry.web.forms.said import SaidForm
from registry.web.views.common import SiteRequest, at_site, named, sent
from registry.web.views.settings import READ_AND_SEND, shown

SUBJECT = "settings-people"


@at_site(READ_CASES)
@READ_AND_SEND
def people(request: SiteRequest) -> HttpResponse:
    """The members of the site and, for who manages it, the invitations that wait and a form for one more."""
    may = MANAGE in request.verbs
    form = InviteToRoleForm(sent(request, MANAGE))
    if form.done(memberships.invite, request.site, by=request.user, via=Channel.FORM):
        messages.success(request, invited(form.result, form.cleaned_data["email"]))
        return redirect(SUBJECT, request.site.code)
    rows = list(_places(request).order_by(F("accepted_at").asc(nulls_last=True), "pk"))
    return shown(
        request,
        "people",
        SUBJECT,
        form=form if may else None,
        may=may,
        members=[row for row in rows if row.accepted_at],
        pending=[row for row in rows if not row.accepted_at] if may else [],
        expired_before=expired_before(),
    )


def expired_before() -> datetime:
    """Links of invitations from before this moment open nothing any more."""
    return now() - memberships.LINK_LIVES


def invited(membership: Membership, email: str) -> str:
    """What inviting came to: the same for an address known to the registry and one that is not."""
    if membership.accepted_at is None:
        return _("An invitation was sent to %(email)s.") % {"email": email}
    said = {"name": membership.user.name, "role": Role(membership.role).in_a_sentence}
    return _("%(name)s is a member already, and is now %(role)s.") % said


def _places(request: SiteRequest) -> MembershipQuerySet:
    rows = Membership.objects.visible_to(request.user).filter(site=request.site, revoked_at__isnull=True)
    return rows.select_related("user", "site")


@at_site(MANAGE)
@READ_AND_SEND
def person(request: SiteRequest, public_id: str) -> HttpResponse:
    """One member or invitation: what may be changed of it."""
    place = named(_places(request), public_id)
    form = RoleForm(sent(request, MANAGE), initial={"role": place.role})
    if form.done(memberships.change_role, place, by=request.user, via=Channel.FORM):
        return _told(request, _("%(name)s is now %(role)s.") % _words(form.result))
    return _person(request, place, form)


def _person(request: SiteRequest, place: Membership, form: SaidForm) -> HttpResponse:
    holder = _places(request).active().filter(role=Role.FACILITY_ADMINISTRATOR).first()
    return shown(request, "person", SUBJECT, form=form, place=place, holder=holder, expired_before=expired_before())


@at_site(MANAGE)
@require_POST
def hand_over(request: SiteRequest, public_id: str) -> HttpResponse:
    """The member is facility administrator, who was before is data manager."""
    place = named(_places(request).active(), public_id)
    form = RoleForm({"role": Role.FACILITY_ADMINISTRATOR})
    if form.done(memberships.change_role, place, by=request.user, via=Channel.FORM):
        return _told(request, _("%(name)s is now facility administrator.") % _words(place))
    return _person(request, place, form)


@at_site(MANAGE)
@require_POST
def invite_again(request: SiteRequest, public_id: str) -> HttpResponse:
    """Another letter waits with a new link; the link before opens nothing any more."""
    place = named(_places(request).pending(), public_id)
    form = InviteToRoleForm({"email": place.user.email, "name": place.user.name, "role": place.role})
    if form.done(memberships.invite, request.site, by=request.user, via=Channel.FORM):
        return _told(request, invited(form.result, place.user.email))
    return _person(request, place, form)


@at_site(MANAGE)
@require_POST
def revoke(request: SiteRequest, public_id: str) -> HttpResponse:
    """The membership or invitation is over."""
    place = named(_places(request), public_id)
    form = SaidForm({})
    if not form.done(memberships.revoke, place, by=request.user, via=Channel.FORM):
        return _person(request, place, form)
    # The invitation may have been accepted a moment ago: then a member has gone.
    over = form.result
    if over.accepted_at is None:
        return _told(request, _("The invitation of %(email)s is taken back.") % {"email": over.user.email})
    return _told(request, _("%(name)s is not a member of the site any more.") % _words(over))


def _words(place: Membership) -> dict[str, str]:
    return {"name": place.user.name, "role": Role(place.role).in_a_sentence}


def _told(request: SiteRequest, what: str) -> HttpResponse:
    messages.success(request, what)
    return redirect(SUBJECT, request.site.code)
