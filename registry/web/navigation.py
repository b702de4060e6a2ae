"""Where the top bar leads: the registry's pages for its administrators, a site's for the people of the site."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Site
from registry.permissions import EXPORT_CASES, READ_CASES, READ_STATISTICS, RECORD, UPLOAD, can_administer_registry
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
    Door("cases", _("Cases"), READ_CASES),
    Door("waiting", _("Waiting for OR time"), RECORD, count=waiting.count),
    Door("uploads", _("Uploads"), UPLOAD),
    Door("site-exports", _("Exports"), EXPORT_CASES),
    Door("settings", _("Settings"), READ_CASES),
)


@dataclass(frozen=True)
class Link:
    """An entry of the top bar; `waiting` is the number beside it, 0 for none, which a page finds by the `name` of the door."""

    url: str
    label: str | Promise
    here: bool
    waiting: int = 0
    name: str = ""


def links(request: Any) -> list[Link]:
    """The entries of the top bar for whoever asks, on the page asked for."""
    site: Site | None = getattr(request, "site", None)
    if site is not None:
        return _of_site(request, site)
    administers = can_administer_registry(request.user)
    home = reverse("home")
    found = [_link(request, home, _("Registry") if administers else _("Your sites"), beneath=f"{home}registry/")]
    if administers:
        sites = reverse("registry-sites")
        found.append(_link(request, sites, _("Sites"), beneath=sites))
        found.append(_link(request, reverse("exports"), _("Exports")))
        found.append(_link(request, reverse("jobs"), _("Jobs")))
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
            name=door.name,
            beneath=f"{home}statistics/" if door.name == "site" else reverse(door.name, args=[site.code]),
        )
        for door in doors
    ]


def _link(request: Any, url: str, label: str | Promise, *, waiting: int = 0, name: str = "", beneath: str = "") -> Link:
    """`beneath`: the pages whose addresses begin so belong to the entry too."""
    here = request.path == url or bool(beneath and request.path.startswith(beneath))
    return Link(url, label, here, waiting, name)
