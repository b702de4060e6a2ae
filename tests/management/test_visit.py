"""The demonstration goes through the front door: REST over HTTP, with the sites' tokens."""

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.urls import include, path

from registry.actions import upload_turns
from registry.management.demo import accounts, setup, showing, visit
from registry.management.demo.door import Door, DoorError
from registry.management.demo.sites import REAL
from registry.management.demo.synthetic import PLANTED, SYNTHETIC
from registry.models import Case, Site
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.statistics import Scope, Statistic, refresh_due
from registry.statistics.published import published

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


def site_called(code: str) -> Site:
    with acting_for(sites=(), administrator=True):
        return Site.objects.get(code=code)


@pytest.fixture
def worker() -> Iterator[Callable[[Site], None]]:
    """Start it with the site whose uploads it shall read."""
    stop, threads = threading.Event(), []

    def work(site: Site) -> None:
        while not stop.wait(0.2):
            with acting_for(sites=[site.pk]):
                due = upload_turns.due()
            for upload in due:
                upload_turns.work(upload)
        connection.close()

    def start(site: Site) -> None:
        threads.append(threading.Thread(target=work, args=[site]))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def counted() -> dict[tuple[str, bool], int]:
    found = {}
    for code in ("NORTH", "HARBOR", "KIDS", "ORLOG"):
        with acting_for(sites=[site_called(code).pk]):
            for control in (True, False):
                found[code, control] = sum(c.is_control == control for c in Case.objects.submitted())
    return found


def planted_savings_outside_their_intervals() -> list[str]:
    found = published("minutes-saved", scope=Scope.registry(), for_user=Operator("tests"))
    assert isinstance(found, Statistic)
    planted = {each.category: each.saving for each in PLANTED}
    rows = {r["category"]: r for r in found.rows if not r["site"] and r["clock"] == "in_room" and r["category"]}
    assert rows.keys() == planted.keys()
    return [category for category, row in rows.items() if not row["low"] <= planted[category] <= row["high"]]


@pytest.mark.slow
def test_sent_twice_the_demonstration_is_there_once(address, worker):
    remembered = accounts.fresh()
    setup.prepare(remembered, keep=lambda: None)
    worker(site_called("ORLOG"))
    visit.submit_everything(address, remembered, say=print)
    first = counted()
    assert first["ORLOG", True] == 2172
    assert sum(n for (code, control), n in first.items() if control and code != "ORLOG") == 240
    assert sum(n for (_, control), n in first.items() if not control) == 156
    visit.submit_everything(address, remembered, say=print)
    assert counted() == first
    refresh_due(1000)
    lines = list(showing.headline())
    print(*lines, sep="\n")
    assert all("synthetic" in line.lower() or REAL.lower() in line.lower() for line in lines[1:])
    assert [line.partition(",")[0] for line in lines if not line.startswith(" ")][1:] == [
        SYNTHETIC.capitalize(),
        REAL.replace("r", "R", 1),
    ]
    assert "  90 of 156 cases with an observed OR time (synthetic)" in lines
    assert any("2,172 control cases" in line and REAL in line for line in lines)
    assert sum('planted":' in line for line in lines) == 1
    assert planted_savings_outside_their_intervals() == []


def test_a_refusal_names_what_was_asked_and_what_was_answered(address):
    with pytest.raises(DoorError, match="GET /api/v1/cases was answered 401"):
        Door(address, "reg_live_" + "x" * 43).get("/api/v1/cases")
