"""API tokens of a site and its sandbox. The text of a new one is on the page that answers, once, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from registry.actions import sites
from registry.models import ApiToken, Site
from registry.models.scope import acting_for
from registry.permissions import MANAGE
from registry.vocabulary.workflow import Channel, TokenScope
from registry.web.forms.settings import TokenForm
from registry.web.views.common import SiteRequest, at_site, named, sent
from registry.web.views.settings import READ_AND_SEND, shown

SUBJECT = "settings-tokens"


@contextmanager
def _with_sandbox(request: SiteRequest) -> Iterator[list[Site]]:
    """The site and its sandbox, in a scope of both: who manages the one manages the other."""
    both = [request.site, *Site.objects.filter(of=request.site)]
    with acting_for(sites=[site.pk for site in both], user_id=request.user.pk):
        yield both


@at_site(MANAGE)
@READ_AND_SEND
def tokens(request: SiteRequest) -> HttpResponse:
    """The tokens, and a form for one more. A token that was just issued is shown instead, with its text."""
    form = TokenForm(sent(request, MANAGE))
    with _with_sandbox(request) as both:
        if request.method == "POST" and form.is_valid():
            kind = form.cleaned_data.pop("kind")
            where = next(site for site in both if site.kind == kind)
            if form.done(sites.issue_token, where, by=request.user, via=Channel.FORM):
                token, text = form.result
                return shown(request, "token", SUBJECT, token=token, text=text)
        rows = ApiToken.objects.filter(site__in=both).select_related("site").order_by("revoked_at", "-created_at")
        return shown(
            request, "tokens", SUBJECT, form=form, tokens=list(rows), now=now(), scopes=dict(TokenScope.choices)
        )


@at_site(MANAGE)
@READ_AND_SEND
def token(request: SiteRequest, public_id: str) -> HttpResponse:
    """One token, before it is revoked."""
    with _with_sandbox(request) as both:
        row = named(ApiToken.objects.filter(site__in=both).select_related("site"), public_id)
        if request.method == "POST":
            sites.revoke_token(row, by=request.user, via=Channel.FORM)
            messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": row.name})
            return redirect(SUBJECT, request.site.code)
        return shown(request, "revoke_token", SUBJECT, token=row)
