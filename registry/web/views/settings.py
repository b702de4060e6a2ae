"""A site's settings: the frame of their pages, what is set and what is missing, and how the site describes itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import sites
from registry.permissions import MANAGE, READ_CASES
from registry.vocabulary.workflow import Channel
from registry.web import subjects
from registry.web.forms.said import SaidForm, initial
from registry.web.forms.settings import SiteForm
from registry.web.views.common import SiteRequest, at_site, sent

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])
OF_A_SITE = tuple(SiteForm.base_fields)


def shown(
    request: SiteRequest, page: str, subject: str, *, form: SaidForm | None = None, **context: Any
) -> HttpResponse:
    """The page of a subject in the frame of the settings; 422 where its form was refused."""
    frame = {"subjects": subjects.links(request.site, request.verbs, subject), "site": request.site, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, f"strata/settings/{page}.html", {**frame, **context}, status=status)


@at_site(READ_CASES)
@require_safe
def overview(request: SiteRequest) -> HttpResponse:
    """What is set and what is missing, in words."""
    return shown(request, "overview", "settings", lines=subjects.lines(request.site, request.verbs))


@at_site(READ_CASES)
@READ_AND_SEND
def site(request: SiteRequest) -> HttpResponse:
    """How the site describes itself, and what the registry says of it."""
    may = MANAGE in request.verbs
    form = SiteForm(sent(request, MANAGE), initial=initial(request.site, OF_A_SITE))
    if form.done(sites.amend_site, request.site, by=request.user, via=Channel.FORM):
        messages.success(request, _("The description of the site is saved."))
        return redirect("settings-site", request.site.code)
    return shown(request, "site", "settings-site", form=form if may else None, facts=_facts(request))


def _facts(request: SiteRequest) -> list[tuple[str, str]]:
    form, own = SiteForm(), request.site
    values = {name: getattr(own, f"get_{name}_display", lambda name=name: getattr(own, name))() for name in OF_A_SITE}
    return [
        (str(form.fields[name].label), "–" if value in (None, "") else str(value)) for name, value in values.items()
    ]
