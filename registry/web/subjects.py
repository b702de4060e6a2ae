"""The subjects of a site's settings: their pages, who may see them, and what is set or missing of each, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from registry.models import ApiToken, Baseline, CostRate, Material, Membership, Printer, ProcedureMap, Site
from registry.permissions import MANAGE, READ_CASES
from registry.statistics.cost import BALLARD2020
from registry.vocabulary.workflow import Role
from registry.web.navigation import Link
from registry.web.numbers import dollars
from registry.web.standing import NO_AGREEMENT, SUSPENDED, is_suspended
from registry.web.tags import plural

Text = str | Promise
RATES = ", ".join(dollars(rate.per_minute) for rate in BALLARD2020[:-1]) + f" and {dollars(BALLARD2020[-1].per_minute)}"
"""What the registry computes with in any case, in words."""


@dataclass(frozen=True)
class State:
    """What is set of a subject, in a sentence; `missing` where the site should do something."""

    text: Text
    missing: bool = False


@dataclass(frozen=True)
class Subject:
    """A page of the settings: its address by name, what it is called, the verb it takes, and what is to be said of it."""

    name: str
    label: Text
    verb: str
    state: Callable[[Site], State]


@dataclass(frozen=True)
class Line:
    """A subject on the overview."""

    label: Text
    url: str
    state: State


def _site(site: Site) -> State:
    if is_suspended(site):
        return State(SUSPENDED, missing=True)
    if site.agreement_signed_on is None:
        return State(NO_AGREEMENT, missing=True)
    left = [str(label) for label, value in _optional(site) if value is None]
    signed = _("Agreement signed on %(day)s.") % {"day": f"{site.agreement_signed_on:%-d %B %Y}"}
    return State(f"{signed} {_('Not stated:')} {', '.join(left)}." if left else signed)


def _optional(site: Site) -> list[tuple[Text, Any]]:
    return [
        (_("community"), site.community_size),
        (_("trauma level"), site.trauma_level),
        (_("fixed cost a year"), site.annual_fixed_cost),
    ]


def _people(site: Site) -> State:
    rows = Membership.objects.filter(site=site, revoked_at__isnull=True)
    accepted = Q(accepted_at__isnull=False)
    found = rows.aggregate(
        members=Count("pk", filter=accepted),
        invited=Count("pk", filter=~accepted),
        administrators=Count("pk", filter=accepted & Q(role=Role.FACILITY_ADMINISTRATOR)),
    )
    waiting = f", {plural(found['invited'], 'invitation')} not accepted yet" if found["invited"] else ""
    if not found["administrators"]:
        return State(_("No facility administrator: ask the registry to invite one."), missing=True)
    return State(f"{plural(found['members'], 'member')}{waiting}.")


def _printers(site: Site) -> State:
    found = Printer.objects.filter(site=site).aggregate(
        in_use=Count("pk", filter=Q(active=True)), retired=Count("pk", filter=Q(active=False))
    )
    if not found["in_use"]:
        return State(_("No printer yet: a printed case cannot be entered without one."), missing=True)
    retired = f", {found['retired']} retired" if found["retired"] else ""
    return State(f"{plural(found['in_use'], 'printer')}{retired}.")


def _materials(site: Site) -> State:
    number = Material.objects.filter(site=site).count()
    if not number:
        return State(_("No material yet: a printed case cannot be entered without one."), missing=True)
    return State(f"{plural(number, 'material')}.")


def _map(site: Site) -> State:
    number = ProcedureMap.objects.filter(site=site).values("code_system", "code").distinct().count()
    if not number:
        return State(
            _(
                "No code yet: each case has to name its procedure category, and no encounter of an OR log can become a control."
            ),
            missing=True,
        )
    return State(f"{plural(number, 'code')}.")


def _baselines(site: Site) -> State:
    number = Baseline.objects.filter(site=site, superseded_at__isnull=True).count()
    if not number:
        return State(
            _("No baseline yet: nothing can be said to be saved without one or without controls."), missing=True
        )
    return State(f"{plural(number, 'baseline')} in force.")


def _cost(site: Site) -> State:
    rate = CostRate.objects.filter(site=site).order_by("version").last()
    if rate is None:
        return State(_("No rate of your own: savings are shown at %(rates)s a minute.") % {"rates": RATES})
    said = f"{rate.per_minute} {rate.currency} an OR minute, {rate.year}."
    costs = (
        (_("wage of a clinician"), rate.clinician_wage),
        (_("wage of a non-clinician"), rate.non_clinician_wage),
        (_("printing outside"), rate.outsourced_per_case),
        (_("fixed cost a year"), site.annual_fixed_cost),
    )
    lacking = [str(name) for name, amount in costs if amount is None]
    return State(f"{said} No net value without: {', '.join(lacking)}." if lacking else said)


def _tokens(site: Site) -> State:
    working = ApiToken.objects.filter(site=site, revoked_at__isnull=True, expires_at__gt=now()).count()
    return State(
        _("No token: no machine acts for the site.") if not working else f"{plural(working, 'token')} at work."
    )


def _nothing(_site: Site) -> State:
    return State("")


SUBJECTS = (
    Subject("settings", _("Overview"), READ_CASES, _nothing),
    Subject("settings-site", _("Site"), READ_CASES, _site),
    Subject("settings-people", _("People"), READ_CASES, _people),
    Subject("settings-printers", _("Printers"), READ_CASES, _printers),
    Subject("settings-materials", _("Materials"), READ_CASES, _materials),
    Subject("settings-map", _("Procedure map"), READ_CASES, _map),
    Subject("settings-baselines", _("Baselines"), READ_CASES, _baselines),
    Subject("settings-cost", _("Costs"), READ_CASES, _cost),
    Subject("settings-tokens", _("API tokens"), MANAGE, _tokens),
)


def links(site: Site, verbs: frozenset[str], here: str) -> list[Link]:
    """The list beside each page of the settings; `here` is the name of the page's subject."""
    return [
        Link(reverse(subject.name, args=[site.code]), subject.label, subject.name == here)
        for subject in SUBJECTS
        if subject.verb in verbs
    ]


def lines(site: Site, verbs: frozenset[str]) -> list[Line]:
    """What is set and what is missing, a line for each subject that one may see."""
    seen = [subject for subject in SUBJECTS[1:] if subject.verb in verbs]
    return [Line(subject.label, reverse(subject.name, args=[site.code]), subject.state(site)) for subject in seen]
