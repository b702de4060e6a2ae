"""The handler that a WSGI server calls: whatever charset a request names, its text is UTF-8."""

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from config.handler import Handler

# A request lets go of connections that broke, of whatever test came before.
pytestmark = pytest.mark.django_db
CHARSETS = ["hex", "rot13", "undefined", "idna", "utf-16", "latin-1", "none-such", '"utf-8"', "UTF-8"]
BOUNDARY = "x"


def _echo(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    said = [request.GET.get("q", ""), request.POST.get("q", ""), file.read().decode() if file else ""]
    return HttpResponse("|".join(said))


urlpatterns = [path("echo", _echo)]
handler500 = "config.errors.server_error"


def answer(method: str, query: str, kind: str, body: bytes = b"") -> tuple[str, str]:
    """(status, body) of a request as a server hands it to the handler."""
    told: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/echo",
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        found = Handler()(environ, lambda status, _headers: told.append(status))
        return told[0], b"".join(found).decode()


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_query_is_utf_8_whatever_charset_the_request_names(charset: str) -> None:
    assert answer("GET", "q=%C3%A9%31", f"x/y; charset={charset}") == ("200 OK", "é1||")


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_form_is_utf_8_whatever_charset_the_request_names(charset: str) -> None:
    body = urlencode({"q": "é1"}).encode()
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert answer("POST", "", kind, body) == ("200 OK", "|é1|")


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_form_with_a_file_is_utf_8_whatever_charset_the_request_names(charset: str) -> None:
    parts = [
        b'Content-Disposition: form-data; name="q"\r\n\r\n' + "é1".encode(),
        b'Content-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\nfile',
    ]
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    kind = f"multipart/form-data; boundary={BOUNDARY}; charset={charset}"
    assert answer("POST", "", kind, body) == ("200 OK", "|é1|file")
