"""What the interface says about itself: its words and its problems."""

import inspect
from functools import cache
from types import ModuleType
from typing import Any

from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.catalogue import kinds
from api.door import Door
from api.errors import ApiProblem, not_found
from registry.vocabulary import anatomy, billing, clinic, imaging, manufacturing, procedures, workflow

_MODULES: tuple[ModuleType, ...] = (anatomy, billing, clinic, imaging, manufacturing, procedures, workflow)


class Problems(Door):
    """Open to all, so that a `type` address can be followed from a log."""

    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        """Every problem code: meaning, status, cure."""
        return Response({"data": [_problem(code) for code in sorted(kinds())]})


class ProblemPage(Door):
    permission_classes = (AllowAny,)

    def get(self, _request: Request, code: str) -> Response:
        """One problem code: meaning, status, cure."""
        if code not in kinds():
            raise ApiProblem("not-found")
        return Response(_problem(code))


def _problem(code: str) -> dict[str, Any]:
    kind = kinds()[code]
    return {
        "code": kind.code,
        "type": f"/problems/{kind.code}",
        "status": kind.status,
        "title": kind.title,
        "fix": kind.fix,
    }


class Vocabulary(Door):
    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        """Every closed list a report may choose from: `{"object_kind": [{"code", "label"}, …], …}`."""
        return Response({"data": vocabulary()})


@cache
def vocabulary() -> dict[str, list[dict[str, str]]]:
    """Name of the list in snake_case → its words, in their own order."""
    lists = {
        _snake(name): [{"code": str(code), "label": str(label)} for code, label in words.choices]
        for module in _MODULES
        for name, words in vars(module).items()
        if inspect.isclass(words) and issubclass(words, TextChoices) and words is not TextChoices
    }
    return dict(sorted(lists.items()))


def _snake(name: str) -> str:
    return "".join(
        f"_{letter.lower()}" if letter.isupper() and index else letter.lower() for index, letter in enumerate(name)
    )


@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """What `type` and `see` lead to: a page for a browser, JSON for everybody else; 404 for a code there is not."""
    if code not in kinds():
        raise Http404
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse(_problem(code), json_dumps_params={"ensure_ascii": True})
    return render(request, "strata/problem.html", {"problem": kinds()[code]})


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Any address under /api/v1/ that nothing else answers."""
    return not_found(request)
