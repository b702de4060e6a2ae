"""The sites of the registry, for its administrators: which take part, who answers for them, and since when they agreed."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.actions import memberships, sites
from registry.models import Membership, Site
from registry.permissions import check_administer_registry
from registry.vocabulary.workflow import Channel, Role, SiteStatus
from registry.web.forms.people import InviteForm
from registry.web.forms.sites import AgreementForm, EnrolForm
from registry.web.views.common import Request, signed_in
from registry.web.views.people import expired_before, invited
from registry.web.views.settings import READ_AND_SEND


@dataclass(frozen=True)
class SiteLine:
    """A site on the list: how many members it has and who answers for it."""

    site: Site
    members: int
    administrator: Membership | None


@signed_in
@require_safe
def all_sites(request: Request) -> HttpResponse:
    """Every live site with its status, its agreement and its people; never a case."""
    check_administer_registry(request.user)
    places = Membership.objects.filter(revoked_at__isnull=True).select_related("user")
    members = Counter(place.site_id for place in places if place.accepted_at)
    # Whoever accepted goes before whoever is still asked.
    answering = {
        place.site_id: place
        for place in sorted(places, key=lambda place: place.accepted_at is not None)
        if place.role == Role.FACILITY_ADMINISTRATOR
    }
    rows = Site.objects.visible_to(request.user).live().select_related("organisation").order_by("code")
    lines = [SiteLine(site, members[site.pk], answering.get(site.pk)) for site in rows]
    return render(request, "strata/registry_sites.html", {"lines": lines})


@signed_in
@READ_AND_SEND
def enrol(request: Request) -> HttpResponse:
    """A site takes part from now on; its agreement and its facility administrator come next, on its own page."""
    check_administer_registry(request.user)
    form = EnrolForm(request.POST if request.method == "POST" else None)
    if form.done(sites.enrol, by=request.user, via=Channel.FORM):
        messages.success(request, _("%(name)s is enrolled.") % {"name": form.result.name})
        return redirect("registry-site", form.result.code)
    return render(request, "strata/registry_enrol.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_safe
def one_site(request: Request, code: str) -> HttpResponse:
    """One site: its agreement, whether it takes part, its people."""
    return _shown(request, _site(request, code))


@signed_in
@require_POST
def sign_agreement(request: Request, code: str) -> HttpResponse:
    """The agreement is on record as signed on that day."""
    site = _site(request, code)
    form = AgreementForm(request.POST)
    if form.done(sites.sign_agreement, site, by=request.user, via=Channel.FORM):
        return _told(request, site, _("The agreement is on record."))
    return _shown(request, site, agreement=form)


@signed_in
@require_POST
def suspend(request: Request, code: str) -> HttpResponse:
    """The site can submit nothing for now."""
    site = sites.suspend(_site(request, code), by=request.user, via=Channel.FORM)
    return _told(request, site, _("The site is suspended. What it submitted stays and counts."))


@signed_in
@require_POST
def reactivate(request: Request, code: str) -> HttpResponse:
    """The site can submit again."""
    site = sites.reactivate(_site(request, code), by=request.user, via=Channel.FORM)
    return _told(request, site, _("The site takes part again."))


@signed_in
@require_POST
def invite(request: Request, code: str) -> HttpResponse:
    """Somebody is asked to be the site's facility administrator, and takes the role over on accepting."""
    site = _site(request, code)
    form = InviteForm(request.POST)
    if form.done(memberships.invite, site, role=Role.FACILITY_ADMINISTRATOR, by=request.user, via=Channel.FORM):
        return _told(request, site, invited(form.result, form.cleaned_data["email"]))
    return _shown(request, site, invitation=form)


def _site(request: Request, code: str) -> Site:
    check_administer_registry(request.user)
    found = Site.objects.visible_to(request.user).live().select_related("organisation")
    site = None if "\0" in code else found.filter(code=code).first()
    if site is None:
        raise Http404
    return site


def _told(request: Request, site: Site, what: str) -> HttpResponse:
    messages.success(request, what)
    return redirect("registry-site", site.code)


def _shown(
    request: Request, site: Site, *, agreement: AgreementForm | None = None, invitation: InviteForm | None = None
) -> HttpResponse:
    places = Membership.objects.filter(site=site, revoked_at__isnull=True).select_related("user").order_by("pk")
    refused = agreement or invitation
    context = {
        "site": site,
        "form": refused,
        "agreement": agreement or AgreementForm(initial={"on": site.agreement_signed_on}),
        "invitation": invitation or InviteForm(),
        "places": list(places),
        "suspended": site.status == SiteStatus.SUSPENDED,
        "expired_before": expired_before(),
    }
    return render(request, "strata/registry_site.html", context, status=422 if refused else 200)
