"""No case is lost between an action and a refresh, whichever comes first, and a crash in the middle loses nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from registry.actions import cases
from registry.models.scope import acting_for
from registry.statistics import cells as cells_module
from registry.statistics import lag, refresh_due
from registry.statistics.models import MinutesCell, StaleMonth
from tests import people
from tests.people import HAND, People
from tests.statistics import reports

MARCH = "2026-03"


@pytest.fixture
def who(committed_db: None) -> People:
    return people.gathered()


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Future[Any]]]:
    """elsewhere(work) does the work on a connection of its own."""

    def alone(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        yield lambda work: pool.submit(alone, work)


def _submit(who: People, name: str, minutes: int) -> None:
    with who.at_site():
        cases.submit(reports.control(name, MARCH, "tka", reports.time(minutes)), site=who.site, **HAND)


def _counted(who: People) -> int:
    with who.at_site():
        return sum(MinutesCell.objects.values_list("n", flat=True))


def _stale(who: People) -> int:
    with who.at_site():
        return StaleMonth.objects.count()


@pytest.mark.django_db
def test_the_doors_may_not_write_cells() -> None:
    site = people.enrolled("ALPHA", "Alpha Hospital")
    with acting_for(sites=[site.pk]), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        MinutesCell.objects.all().delete()


def test_a_case_recorded_while_its_month_is_refreshed_is_counted_by_the_next_refresh(
    who: People, elsewhere: Callable[..., Future[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _submit(who, "C-1", 90)
    read, go_on = Event(), Event()
    recompute = cells_module.recompute

    def slowly(site_id: int, months: Any) -> None:
        recompute(site_id, months)
        read.set()
        assert go_on.wait(20)

    monkeypatch.setattr(cells_module, "recompute", slowly)
    refreshing = elsewhere(lambda: refresh_due(1))
    assert read.wait(20)
    submitting = elsewhere(lambda: _submit(who, "C-2", 100))
    with pytest.raises(StillWaiting):
        # It waits for the refresh, which has already read the rows.
        submitting.result(timeout=0.7)
    go_on.set()
    assert refreshing.result(20) == 1
    submitting.result(20)
    monkeypatch.setattr(cells_module, "recompute", recompute)
    assert _counted(who) == 1
    assert _stale(who) == 1
    assert refresh_due(10) == 1
    assert _counted(who) == 2


def test_a_month_that_somebody_is_changing_is_left_for_the_next_refresh(
    who: People, elsewhere: Callable[..., Future[Any]]
) -> None:
    _submit(who, "C-1", 90)
    written, go_on = Event(), Event()

    def submit_slowly() -> None:
        with transaction.atomic():
            _submit(who, "C-2", 100)
            written.set()
            assert go_on.wait(20)

    submitting = elsewhere(submit_slowly)
    assert written.wait(20)
    assert refresh_due(10) == 0
    go_on.set()
    submitting.result(20)
    assert refresh_due(10) == 1
    assert _counted(who) == 2
    assert _stale(who) == 0


def test_a_crash_in_the_middle_keeps_the_old_cells_and_the_mark(who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _submit(who, "C-1", 90)
    refresh_due(10)
    _submit(who, "C-2", 100)
    store = cells_module._store

    def crash(made: Any) -> None:
        store(made)
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(cells_module, "_store", crash)
    with pytest.raises(RuntimeError, match="stops here"):
        refresh_due(10)
    monkeypatch.setattr(cells_module, "_store", store)
    assert (_counted(who), _stale(who)) == (1, 1)
    assert refresh_due(10) == 1
    assert (_counted(who), _stale(who)) == (2, 0)


def test_two_refreshes_never_work_on_one_site_at_once(
    who: People, elsewhere: Callable[..., Future[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in (MARCH, "2026-02"):
        with who.at_site():
            cases.submit(reports.control(f"C-{month}", month, "tka", reports.time(90)), site=who.site, **HAND)
    with acting_for(sites=[who.other.pk]):
        cases.submit(reports.control("D-1", MARCH, "tka", reports.time(80)), site=who.other, **HAND)
    inside, go_on = Event(), Event()
    recompute = cells_module.recompute

    def slowly(site_id: int, months: Any) -> None:
        recompute(site_id, months)
        if site_id == who.site.pk:
            inside.set()
            assert go_on.wait(20)

    monkeypatch.setattr(cells_module, "recompute", slowly)
    first = elsewhere(lambda: refresh_due(1))
    assert inside.wait(20)
    # The other site's month alone, though another month of this site is stale and not claimed by anybody.
    assert refresh_due(10) == 1
    go_on.set()
    assert first.result(20) == 1
    assert refresh_due(10) == 1
    assert _counted(who) == 2


def test_the_lag_is_the_age_of_the_oldest_mark_even_when_it_is_marked_again(who: People) -> None:
    assert lag() is None
    _submit(who, "C-1", 90)
    first = lag()
    assert first is not None
    _submit(who, "C-2", 90)
    second = lag()
    assert second is not None
    assert second > first
    refresh_due(10)
    assert lag() is None


def test_the_worker_does_a_refresh_with_no_right_but_its_own(who: People, connect_as: Callable[..., Any]) -> None:
    _submit(who, "C-1", 90)
    connection.close()
    connection.settings_dict["USER"] = "strata_worker"
    try:
        assert refresh_due(10) == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user, current_user")
            assert cursor.fetchone() == ("strata_worker", "strata_worker")
    finally:
        connection.close()
        connection.settings_dict["USER"] = "strata_app"
    assert _counted(who) == 1
