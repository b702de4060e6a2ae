"""The letters of an installation that sends none."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.models import Mail
from registry.permissions import check_administer_registry
from registry.web.jobs import outbox_is_on
from registry.web.views.common import Request, signed_in

A_PAGE = 25


@signed_in
@require_safe
def outbox(request: Request) -> HttpResponse:
    """The newest letters first. 404 where letters really leave."""
    if not outbox_is_on():
        raise Http404
    check_administer_registry(request.user)
    letters = Paginator(Mail.objects.order_by("-created_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "strata/outbox.html", {"letters": letters})
