"""How every figure is calculated: the declared measures, and the decisions that all of them share."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.statistics.published import definitions, shared
from registry.web.views.common import Request, signed_in


@signed_in
@require_safe
def methods(request: Request) -> HttpResponse:
    """Every measure under an anchor of its own name. The same for everybody: there is no figure in it."""
    return render(request, "strata/methods.html", {"measures": definitions(), "shared": shared()})
