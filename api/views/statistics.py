"""Statistics: only what `published()` lets out."""

from rest_framework.request import Request
from rest_framework.response import Response

from api.door import Door


class Measures(Door):
    def get(self, request: Request) -> Response:
        raise NotImplementedError


class Measure(Door):
    def get(self, request: Request, measure: str) -> Response:
        raise NotImplementedError
