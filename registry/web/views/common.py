"""What several views need: the signed-in request, the registry's refusals as pages, and a site that is one's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from registry.errors import Conflict, NotFound, NotPermitted
from registry.models import Site, User
from registry.permissions import can_read_statistics, verbs_of

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)


class Request(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


def signed_in(view: View) -> View:
    """Only for people who signed in; never cached; what the registry refuses becomes 403, 404 or 409."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **named)
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except NotFound as refusal:
            raise Http404(refusal.message) from refusal
        except Conflict as refusal:
            # Somebody else was faster, between what the view read and what it locked.
            context = {"refusal": refusal.message, "site": getattr(request, "site", None)}
            template = "strata/refusal.html" if "HX-Request" in request.headers else "409.html"
            return render(request, template, context, status=409)

    return login_required(never_cache(door))


class SiteRequest(Request):
    """A request of somebody of `site`, who may do `verbs` there."""

    site: Site  # type: ignore[assignment]  # the stubs mean django.contrib.sites
    verbs: frozenset[str]


def at_site(verb: str) -> Callable[[View], View]:
    """The view of one site's page, for people who may `verb` there; its address has the site's `code`, the view has `request.site`.

    Every code but those of one's own sites answers 404, known or not; a right that one lacks answers 403.
    """

    def of(view: View) -> View:
        @wraps(view)
        def door(request: Any, code: str, *args: Any, **named: Any) -> HttpResponseBase:
            request.site = own_site(request, code)
            request.verbs = verbs_of(request.user, request.site)
            if verb not in request.verbs:
                raise NotPermitted
            return view(request, *args, **named)

        return signed_in(door)

    return of


def sent(request: SiteRequest, verb: str) -> QueryDict | None:
    """What somebody who may `verb` here has posted; None where nothing was posted. Raises `NotPermitted`."""
    if request.method != "POST":
        return None
    if verb not in request.verbs:
        raise NotPermitted
    return request.POST


def own_site(request: Request, code: str) -> Site:
    """The site with this code if the person may read its statistics; 404 for every other code, known or not."""
    # No text of PostgreSQL holds a NUL, so it cannot even be asked for one.
    site = None if "\0" in code else Site.objects.visible_to(request.user).filter(code=code).first()
    if site is None or not can_read_statistics(request.user, site):
        raise Http404
    return site


def named(rows: QuerySet[Row], public_id: str) -> Row:
    """The one of these rows that the address names; 404 for every other, missing or somebody else's."""
    # No text of PostgreSQL holds a NUL, so it cannot even be asked for one.
    row = None if "\0" in public_id else rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row
