"""The page that the link of an invitation opens: who invites to which site, and how to accept."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registry.actions import memberships
from registry.actions.memberships import Link
from registry.errors import Conflict, InvalidReport
from registry.models import Membership
from registry.vocabulary.workflow import Channel, Role
from registry.web.forms.people import JoinForm
from registry.web.views.settings import READ_AND_SEND


@never_cache
@READ_AND_SEND
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what the invitation is, POST accepts it. Every link that opens nothing gets one and the same answer, 404."""
    link = Link.read(token)
    if link is None:
        return _over(request)
    with link.scope() as place:
        if place is None:
            return _over(request)
        if request.user.is_authenticated:
            return _accept(request, place) if request.user.pk == place.user_id else _shown(request, place, who="else")
        return _shown(request, place, who="unknown") if place.user.has_usable_password() else _join(request, place)


def _join(request: HttpRequest, place: Membership) -> HttpResponse:
    """For somebody without a password: the link is the proof, name and password are chosen here."""
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, initial={"name": place.user.name})
    if form.done(memberships.join, place, via=Channel.FORM):
        login(request, form.result.user)
        return _welcome(request, place)
    return _shown(request, place, who="new", form=form)


def _accept(request: HttpRequest, place: Membership) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, place, who="known")
    try:
        memberships.accept(place, by=place.user, via=Channel.FORM)
    except (Conflict, InvalidReport):
        return _over(request)
    return _welcome(request, place)


def _welcome(request: HttpRequest, place: Membership) -> HttpResponse:
    messages.success(request, _("You are now a member of %(site)s.") % {"site": place.site.name})
    return redirect("site", place.site.code)


def _shown(request: HttpRequest, place: Membership, *, who: str, form: JoinForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"place": place, "role": Role(place.role).in_a_sentence, "who": who, "form": form}
    return render(request, "strata/invitation.html", context, status=422 if form and form.errors else 200)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "strata/invitation_over.html", status=404)
