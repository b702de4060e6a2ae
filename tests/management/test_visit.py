"""The demonstration goes through the front door: REST over HTTP, with the sites' tokens."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

from registry.actions import uploads
from registry.management.demo import accounts, setup, visit
from registry.management.demo.door import Door, DoorError
from registry.models import Case, Site
from registry.models.scope import acting_for

urlpatterns = [path("api/v1/", include("api.urls"))]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def address(committed_db, settings, tmp_path) -> Iterator[str]:
    settings.STRATA_DATA = tmp_path
    settings.ROOT_URLCONF = __name__
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def work_in_the_background(stop: threading.Event) -> None:
    while not stop.wait(0.2):
        for upload_id, site_id in uploads.due():
            uploads.work(upload_id, site_id=site_id)


def counted() -> dict[tuple[str, bool], int]:
    found = {}
    for code in ("NORTH", "HARBOR", "KIDS", "ORLOG"):
        with acting_for(sites=(), administrator=True):
            site = Site.objects.get(code=code)
        with acting_for(sites=[site.pk]):
            for control in (True, False):
                found[code, control] = sum(c.is_control == control for c in Case.objects.submitted())
    return found


@pytest.mark.slow
def test_sent_twice_the_demonstration_is_there_once(address, monkeypatch):
    remembered = accounts.fresh()
    setup.prepare(remembered, keep=lambda: None)
    stop = threading.Event()
    worker = threading.Thread(target=work_in_the_background, args=[stop], daemon=True)
    worker.start()
    visit.submit_everything(address, remembered, say=print)
    first = counted()
    assert first["ORLOG", True] == 2172
    assert sum(n for (code, control), n in first.items() if control and code != "ORLOG") == 240
    assert sum(n for (_, control), n in first.items() if not control) == 156
    visit.submit_everything(address, remembered, say=print)
    assert counted() == first
    stop.set()
    worker.join()


def test_a_refusal_names_what_was_asked_and_what_was_answered(address):
    with pytest.raises(DoorError, match="GET /api/v1/cases was answered 401"):
        Door(address, "reg_live_" + "x" * 43).get("/api/v1/cases")
