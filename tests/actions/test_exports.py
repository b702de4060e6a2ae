"""Exports: asked for as a row, written by a tick, owned by whoever asked."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registry.actions import exports, jobs
from registry.errors import InvalidReport, NotPermitted
from registry.models import AuditEvent, Export, Membership, Site
from registry.models.scope import acting_for
from registry.models.submission import MAX_ATTEMPTS
from registry.permissions import Actor, Operator, can_administer_registry
from registry.reports import export_file
from registry.reports.writers import CsvFile, Written
from tests.people import HAND, People, gathered


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Iterator[People]:
    settings.STRATA_DATA = tmp_path
    them = gathered()
    with acting_for(sites=[them.site.pk], administrator=True):
        yield them


def asked(people: People, **said: Any) -> Export:
    said = {"kind": "cases", "format": "csv", "site": people.site, "by": people.alice, "via": "rest"} | said
    return exports.request(said.pop("kind"), **said)


def written(export: Export, write: Any = export_file.write) -> Export:
    exports.work(export, write=write)
    export.refresh_from_db()
    return export


class Writer:
    """A writer of one row that remembers for whom it wrote."""

    def __init__(self) -> None:
        self.for_user: Actor | None = None

    def __call__(
        self, path: Path, *, kind: str, format: str, site: Site | None, for_user: Actor, progress: Any
    ) -> Written:
        self.for_user = for_user
        with CsvFile(path, ["column"]) as file:
            file.row([1])
            progress(1, 1)
        return file.written()


def test_a_request_is_a_row_that_waits_and_an_audit_event(people):
    export = asked(people)
    assert (export.state, export.requested_by, export.requested_by_label) == (
        "waiting",
        people.alice,
        "alice@example.org",
    )
    assert AuditEvent.objects.filter(
        act="export.requested", object_label=export.public_id, actor="alice@example.org"
    ).exists()


def test_a_written_export_says_its_rows_and_checksum_and_when_it_goes(people):
    export = written(asked(people))
    path = exports.path_of(export)
    assert (export.state, export.row_count, export.rows_done) == ("done", 0, 0)
    assert export.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert export.expires_at - export.finished_at == exports.KEPT
    assert AuditEvent.objects.filter(act="export.written", object_label=export.public_id, digest=export.sha256).exists()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"kind": "everything"}, "kind"),
        ({"format": "pdf"}, "format"),
        ({"site": None}, "site"),
    ],
)
def test_an_export_there_is_not_is_refused(people, said, path):
    with pytest.raises(InvalidReport) as caught:
        asked(people, **said)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert not Export.objects.exists()


def test_a_registry_report_of_one_site_is_refused_and_to_others_than_the_registry_forbidden(people):
    with pytest.raises(InvalidReport) as caught:
        asked(people, kind="registry_report", by=people.dana)
    assert [problem.path for problem in caught.value.problems] == ["site"]
    with pytest.raises(NotPermitted):
        asked(people, kind="registry_report")
    assert not Export.objects.exists()


def test_who_may_not_read_the_site_may_not_export_it(people):
    with pytest.raises(NotPermitted):
        asked(people, by=people.charlie)
    with pytest.raises(NotPermitted):
        asked(people, by=people.dana)
    with pytest.raises(NotPermitted):
        asked(people, kind="registry_report", site=None)


def test_the_registry_report_is_written_as_its_asker_may_see_it(people):
    writer = Writer()
    written(asked(people, kind="registry_report", site=None, by=people.dana), writer)
    assert writer.for_user == people.dana
    written(asked(people, kind="registry_report", site=None, by=Operator("export")), writer)
    assert writer.for_user == Operator("export")
    assert can_administer_registry(writer.for_user)


def test_who_left_office_in_between_gets_nothing(people):
    report = asked(people, kind="registry_report", site=None, by=people.dana)
    people.dana.is_registry_administrator = False
    people.dana.save()
    assert written(report, Writer()).state == "failed"
    cases = asked(people)
    Membership.objects.filter(user=people.alice).update(revoked_at=timezone.now())
    assert (written(cases, Writer()).state, cases.file) == ("failed", "")


def test_a_writer_that_breaks_leaves_no_file_and_is_tried_again(people):
    def breaks(path: Path, **said: Any) -> Written:
        path.write_text("half")
        raise RuntimeError("a value that must not be told")

    export = written(asked(people), breaks)
    assert (export.state, export.attempts, export.file) == ("waiting", 1, "")
    assert (
        export.last_error == "Stopped while writing the file by an error of our own (RuntimeError). It is tried again."
    )
    assert not list((exports.path_of(export) / "exports").glob("*"))
    Export.objects.update(next_attempt_at=timezone.now(), attempts=MAX_ATTEMPTS - 1)
    assert written(export, breaks).state == "failed"


def test_an_export_that_is_written_is_not_written_again(people):
    export = written(asked(people))
    writer = Writer()
    written(export, writer)
    assert writer.for_user is None


def test_a_worker_that_was_overtaken_does_not_finish(people):
    export = asked(people)

    def slow(path: Path, **said: Any) -> Written:
        Export.objects.update(claimed_at=timezone.now() + timedelta(seconds=1))
        return Writer()(path, **said)

    assert (written(export, slow).state, export.file) == ("running", "")


def test_files_past_their_time_go_and_their_rows_stay(people):
    export = written(asked(people))
    path = exports.path_of(export)
    assert exports.expire() == 0
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert exports.expire() == 1
    export.refresh_from_db()
    assert (path.exists(), export.file, export.state) == (False, "", "done")


def test_progress_is_seen_while_the_file_is_being_written(committed_db, connect_as, settings, tmp_path):
    settings.STRATA_DATA = tmp_path
    people = gathered()
    seen = []

    def write(path: Path, **said: Any) -> Written:
        for done in (500, 1000):
            said["progress"](done, 1200)
            with connect_as("strata_worker").cursor() as cursor:
                cursor.execute("SELECT state, rows_done, rows_total FROM registry_export")
                seen.append(cursor.fetchone())
        return Writer()(path, **said)

    with people.at_site():
        export = exports.request("cases", format="csv", site=people.site, by=people.alice, via="rest")
    exports.work(export, write=write)
    assert seen == [("running", 500, 1200), ("running", 1000, 1200)]
    with people.at_site():
        export.refresh_from_db()
    assert export.state == "done"


def test_a_claim_is_renewed_by_progress(committed_db, settings, tmp_path):
    settings.STRATA_DATA = tmp_path
    people = gathered()
    with people.at_site():
        export = exports.request("cases", format="csv", site=people.site, **HAND)
    seen = []

    def write(path: Path, **said: Any) -> Written:
        said["progress"](1, 2)
        seen.append(jobs.due(Export.objects.all()).exists())
        return Writer()(path, **said)

    exports.work(export, write=write)
    with people.at_site():
        export.refresh_from_db()
    assert (seen, export.state) == ([False], "done")
