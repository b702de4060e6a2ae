"""What a site gives the figures to compare and to reckon with: its baselines, and what an OR minute and a print cost there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registry.actions import sites
from registry.models import Baseline, CostRate
from registry.permissions import MANAGE, READ_CASES, SET_BASELINE
from registry.statistics.money import CALIFORNIA, LITERATURE
from registry.vocabulary.workflow import Channel
from registry.web.forms.said import initial
from registry.web.forms.settings import BaselineForm, CostRateForm
from registry.web.views.common import SiteRequest, at_site, sent
from registry.web.views.settings import READ_AND_SEND, shown

BASELINES, COST = "settings-baselines", "settings-cost"
OF_A_RATE = tuple(CostRateForm.base_fields)
MOST_PAST = 50


@at_site(READ_CASES)
@READ_AND_SEND
def baselines(request: SiteRequest) -> HttpResponse:
    """The baselines in force and those before, and a form for one."""
    may = SET_BASELINE in request.verbs
    form = BaselineForm(sent(request, SET_BASELINE))
    if form.done(sites.set_baseline, request.site, by=request.user, via=Channel.FORM):
        _tell_baseline(request, form)
        return redirect(BASELINES, request.site.code)
    rows = Baseline.objects.visible_to(request.user).filter(site=request.site)
    ordered = rows.order_by("category", "clock", "kind", "-version")
    return shown(
        request,
        "baselines",
        BASELINES,
        form=form if may else None,
        may=may,
        in_force=list(ordered.filter(superseded_at__isnull=True)),
        past=list(ordered.filter(superseded_at__isnull=False)[:MOST_PAST]),
    )


def _tell_baseline(request: SiteRequest, form: BaselineForm) -> None:
    baseline, warnings = form.result
    said = {"category": baseline.get_category_display(), "version": baseline.version}
    messages.success(request, _("%(category)s: version %(version)d is in force.") % said)
    for warning in warnings:
        label = form.fields[warning.path].label if warning.path in form.fields else ""
        messages.warning(request, f"{label}: {warning.message}")


@at_site(READ_CASES)
@READ_AND_SEND
def cost(request: SiteRequest) -> HttpResponse:
    """What an OR minute and a print cost here, what they cost before, and what the registry reckons with in any case."""
    may = MANAGE in request.verbs
    rates = list(CostRate.objects.visible_to(request.user).filter(site=request.site).order_by("-version")[:MOST_PAST])
    # Whoever changes one of them leaves the others as they are.
    before = initial(rates[0], OF_A_RATE) if rates else {"currency": request.site.currency}
    form = CostRateForm(sent(request, MANAGE), initial=before)
    if form.done(sites.set_cost_rate, request.site, by=request.user, via=Channel.FORM):
        messages.success(request, _("The costs are set."))
        return redirect(COST, request.site.code)
    scenarios = (LITERATURE, CALIFORNIA)
    return shown(request, "cost", COST, form=form if may else None, may=may, rates=rates, scenarios=scenarios)
