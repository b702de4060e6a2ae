"""Where the top bar leads: the registry's pages for its administrators, a site's for the people of the site."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Site
from registry.permissions import READ_CASES, READ_STATISTICS, RECORD, can_administer_registry
from registry.web import waiting


@dataclass(frozen=True)
class Door:
    """A page of a site: its address by name, what it is called, the verb it takes, and how many things wait behind it."""

    name: str
    label: str | Promise
    verb: str
    count: Callable[[Site], int] | None = None


SITE_PAGES: tuple[Door, ...] = (
    Door("site", _("Overview"), READ_STATISTICS),
    Door("waiting", _("Waiting for OR time"), RECORD, count=waiting.count),
    Door("settings", _("Settings"), READ_CASES),
)


@dataclass(frozen=True)
class Link:
    """An entry of the top bar; `waiting` is the number beside it, 0 for none."""

    url: str
    label: str | Promise
    here: bool
    waiting: int = 0


def links(request: Any) -> list[Link]:
    """The entries of the top bar for whoever asks, on the page asked for."""
    site: Site | None = getattr(request, "site", None)
    if site is not None:
        return _of_site(request, site)
    administers = can_administer_registry(request.user)
    found = [_link(request, reverse("home"), _("Registry") if administers else _("Your sites"))]
    if administers:
        found.append(_link(request, reverse("registry-sites"), _("Sites"), whole=True))
    if administers and settings.STRATA_OUTBOX:
        found.append(_link(request, reverse("outbox"), _("Outbox")))
    return found


def _of_site(request: Any, site: Site) -> list[Link]:
    doors = [door for door in SITE_PAGES if door.verb in request.verbs]
    home = reverse("site", args=[site.code])
    return [
        _link(
            request,
            reverse(door.name, args=[site.code]),
            door.label,
            waiting=door.count(site) if door.count else 0,
            whole=reverse(door.name, args=[site.code]) != home,
        )
        for door in doors
    ]


def _link(request: Any, url: str, label: str | Promise, *, waiting: int = 0, whole: bool = False) -> Link:
    """`whole`: the pages beneath this address belong to the entry too."""
    return Link(url, label, request.path.startswith(url) if whole else request.path == url, waiting)
