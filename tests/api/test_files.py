"""Uploads and exports: accepted at once, done by a tick, asked for until they are."""

import base64
import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from registry.actions import column_maps, exports, upload_turns
from registry.intake import flat
from registry.intake.plan import Plan, Taken
from registry.models import Deployment, Export, Upload
from registry.reports import case_template, export_file
from tests.api.conftest import EXAMPLES, faults, problem, signed_in

LOG = (
    b"encounter,cpt,wheels in,wheels out\n"
    b"E1,26746,2022-01-03 07:05,2022-01-03 09:17\n"
    b"E2,26746,2022-01-04 07:05,2022-01-04 07:01\n"
)


def form(caller, **fields):
    headers = {"authorization": f"Bearer {caller.token}"}
    return caller.client.post("/api/v1/uploads", fields, headers=headers)


def test_a_raw_file_is_accepted_with_the_address_of_its_state(alice, people):
    response = alice.post("uploads?kind=or_log&controls_from=2022-01&controls_to=2022-03", LOG, content_type="text/csv")
    assert response.status_code == 202, response.content
    assert response["Retry-After"] == "2"
    assert response["Location"] == f"/api/v1/uploads/{response.json()['id']}"
    state = alice.get(response["Location"].removeprefix("/api/v1/"))
    assert state.json()["state"] == "waiting"
    assert state["Retry-After"]
    assert state.json()["sha256"] == hashlib.sha256(LOG).hexdigest()


def test_a_form_gives_the_file_and_its_options(alice, people):
    options = {"columns": {"encounter": "encounter"}, "controls_from": "2022-01", "controls_to": "2022-03"}
    response = form(alice, kind="or_log", file=SimpleUploadedFile("log.csv", LOG), options=json.dumps(options))
    assert response.status_code == 202, response.content
    with people.at_site():
        assert Upload.objects.get().options == options


def test_the_columns_of_a_raw_log_are_named_in_the_query(alice, people):
    log = LOG.replace(b"encounter,", b"Nr,").replace(b"wheels in", b"Binnen")
    query = "kind=or_log&columns.encounter=Nr&columns.wheels_in=Binnen"
    response = alice.post(f"uploads?{query}", log, content_type="text/csv")
    assert response.status_code == 202, response.content
    with people.at_site():
        upload = Upload.objects.get()
        assert upload.options == {"columns": {"encounter": "Nr", "wheels_in": "Binnen"}}
    upload_turns.work(upload)
    assert alice.get(f"uploads/{response.json()['id']}").json()["progress"] == {"done": 2, "total": 2}


def test_a_parameter_there_is_not_is_named_if_plain_and_the_known_ones_are_listed(alice, people):
    for query, named in (("surgeon=x", "surgeon"), ("columns.Smith=x", None), ("Großmann=x", None)):
        refused = problem(
            alice.post(f"uploads?kind=or_log&{query}", LOG, content_type="text/csv"), 400, "unknown-parameter"
        )
        (found,) = refused["errors"]
        assert "columns.encounter, columns.case_id, columns.date" in found["detail"]
        assert found.get("parameter") == named
    twice = "uploads?kind=or_log&columns.date=a&columns.date=b"
    (found,) = alice.post(twice, LOG, content_type="text/csv").json()["errors"]
    assert found["parameter"] == "columns.date"
    with people.at_site():
        assert not Upload.objects.exists()


def test_a_type_that_is_not_taken_is_answered_by_those_that_are(alice, control):
    for kind in ("application/json", "image/png"):
        detail = alice.post("uploads?kind=cases", LOG, content_type=kind).json()["detail"]
        assert detail.startswith("Send text/csv in UTF-8, application/vnd.openxmlformats")
    assert alice.post("cases", LOG, content_type="text/csv").json()["detail"] == "Send application/json in UTF-8."


def test_the_state_tells_what_became_of_the_rows(alice, people):
    name = alice.post(
        "uploads?kind=or_log&controls_from=2022-01&controls_to=2022-03", LOG, content_type="text/csv"
    ).json()["id"]
    with people.at_site():
        upload = Upload.objects.get(public_id=name)
    upload_turns.work(upload)
    response = alice.get(f"uploads/{name}")
    state = response.json()
    assert state["state"] == "done"
    assert state["progress"] == {"done": 2, "total": 2}
    assert "Retry-After" not in response
    assert all(found["row"] and found["code"] and found["message"] for found in state["problems"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ("required", "/kind")),
        ("?kind=xlsx", ("unknown-kind", "/kind")),
        ("?kind=or_log%00", ("unknown-kind", "/kind")),
        ("?kind=or_log&controls_from=2022", ("bad-value", "/controls_from")),
        ("?kind=or_log&next_day=maybe", ("wrong-type", "/next_day")),
        ("?kind=or_log&day_order=ymd", ("bad-value", "/day_order")),
        ("?kind=or_log&columns.date=", ("wrong-type", "/columns/date")),
        ("?kind=or_log&columns.incision=b&columns.start=a", ("column-twice", "/columns/start")),
    ],
)
def test_options_that_cannot_be_are_refused(alice, people, query, found):
    response = alice.post(f"uploads{query}", LOG, content_type="text/csv")
    problem(response, 422, "invalid-report")
    assert found in faults(response)
    with people.at_site():
        assert not Upload.objects.exists()


def test_a_file_that_cannot_be_taken_is_refused(alice, people):
    empty = problem(alice.post("uploads?kind=or_log", b"", content_type="text/csv"), 400, "empty-body")
    assert "file is empty" in empty["detail"]
    problem(alice.post("uploads?kind=or_log", LOG, content_type="application/json"), 415, "unsupported-media-type")
    problem(
        alice.post("uploads?kind=or_log", LOG, content_type="text/csv; charset=utf-16"), 415, "unsupported-media-type"
    )
    problem(alice.post("uploads?kind=or_log&file=x", LOG, content_type="text/csv"), 400, "unknown-parameter")
    problem(
        alice.post("uploads", LOG, content_type="multipart/form-data; boundary=x; charset=utf-16"),
        415,
        "unsupported-media-type",
    )
    problem(alice.post("uploads", LOG, content_type="multipart/form-data; boundary=x"), 422, "invalid-report")
    problem(alice.post("uploads", LOG, content_type="multipart/form-data"), 400, "malformed-form")
    problem(form(alice, kind="or_log"), 422, "invalid-report")
    problem(form(alice, kind="or_log", file="text"), 422, "invalid-report")
    problem(form(alice, kind="or_log", file=SimpleUploadedFile("x", LOG), site="x"), 422, "invalid-report")
    problem(form(alice, kind="or_log", file=SimpleUploadedFile("x", LOG), options="{"), 400, "malformed-json")
    problem(
        form(alice, kind="or_log", file=SimpleUploadedFile("x", LOG), options='{"a": "\\u0000"}'), 400, "unsafe-json"
    )
    problem(
        form(alice, kind="or_log", file=SimpleUploadedFile("x", LOG), options="{}" * 1_500_000), 413, "body-too-large"
    )
    with people.at_site():
        assert not Upload.objects.exists()


@override_settings(STRATA_MAX_UPLOAD_MB=1)
def test_a_file_above_the_limit_is_413(alice, people):
    problem(alice.post("uploads?kind=or_log", b"x" * 1_000_001, content_type="text/csv"), 413, "body-too-large")
    with people.at_site():
        assert not Upload.objects.exists()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def example_of(name):
    return (EXAMPLES / name).read_bytes()


def test_a_file_of_cases_is_accepted_and_its_rows_are_told_of(alice, people):
    content = example_of("cases.csv") + b"B,none\r\n"
    response = alice.post("uploads?kind=cases", content, content_type="text/csv")
    assert response.status_code == 202, response.content
    name = response.json()["id"]
    with people.at_site():
        upload_turns.work(Upload.objects.get(public_id=name))
    state = alice.get(f"uploads/{name}").json()
    assert (state["state"], state["counts"]) == ("done", {"created": 2, "refused": 1})
    assert state["progress"] == {"done": 3, "total": 3}
    assert state["problems"] == [
        {
            "row": 4,
            "column": None,
            "code": "control-needs-procedure",
            "message": "A control case needs its procedure month, category and one OR time.",
            "severity": "error",
        }
    ]
    assert alice.get("cases/by-local-id/EXAMPLE-001").status_code == 200


@pytest.mark.parametrize("raw", [True, False], ids=["as the body", "in a form"])
def test_a_workbook_of_cases_is_accepted(alice, people, example, raw):
    content = case_template.workbook_of([flat.said_of(example)])
    if raw:
        response = alice.post("uploads?kind=cases", content, content_type=XLSX)
    else:
        response = form(alice, kind="cases", file=SimpleUploadedFile("cases.xlsx", content))
    assert response.status_code == 202, response.content
    with people.at_site():
        upload_turns.work(Upload.objects.get())
    assert alice.get(f"uploads/{response.json()['id']}").json()["counts"] == {"created": 1}


def test_a_file_of_cases_takes_no_options_and_may_be_sent_in_safe_harbor_mode(alice, people):
    refused = alice.post("uploads?kind=cases&day_order=mdy", example_of("cases.csv"), content_type="text/csv")
    problem(refused, 422, "invalid-report")
    Deployment.objects.update(privacy_mode="safe_harbor")
    assert alice.post("uploads?kind=cases", example_of("cases.csv"), content_type="text/csv").status_code == 202


def test_the_state_of_another_sites_file_does_not_exist(alice, charlie):
    name = alice.post("uploads?kind=cases", example_of("cases.csv"), content_type="text/csv").json()["id"]
    problem(charlie.get(f"uploads/{name}"), 404, "not-found")


def test_the_template_is_the_header_or_a_workbook_with_the_sites_own_printers(alice):
    text = alice.get("templates/cases.csv")
    assert text["Content-Type"] == "text/csv; charset=utf-8"
    assert text.content.startswith(b'"local_case_id","object_kind",')
    book = alice.get("templates/cases.xlsx", accept="text/csv")
    assert (book["Content-Type"], book.content[:4]) == (XLSX, b"PK\x03\x04")
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        assert b"SLA bench" in archive.read("xl/sharedStrings.xml")


def test_an_export_of_cases_is_requested_written_and_fetched(alice, people, control):
    alice.post("cases", control)
    asked = alice.post("exports", {"kind": "cases", "format": "csv"}, idempotency_key="e-1")
    assert asked.status_code == 202, asked.content
    name = asked.json()["id"]
    assert alice.post("exports", {"kind": "cases", "format": "csv"}, idempotency_key="e-1").json()["id"] == name
    problem(alice.get(f"exports/{name}/file"), 409, "not-ready")
    with people.at_site():
        export = Export.objects.get(public_id=name)
    exports.work(export, write=export_file.write)
    state = alice.get(f"exports/{name}").json()
    assert state["state"] == "done", state
    response = alice.get(f"exports/{name}/file", accept="text/csv")
    content = b"".join(response.streaming_content)
    digest = hashlib.sha256(content)
    assert response["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert state["sha256"] == digest.hexdigest()
    assert state["row_count"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "cases"},
        {"kind": "x", "format": "csv"},
        {"kind": ["cases"], "format": {}},
        {"kind": "cases", "format": "csv", "site": 2},
    ],
)
def test_an_export_that_cannot_be_is_refused(alice, body):
    problem(alice.post("exports", body), 422, "invalid-report")


def test_the_registry_report_is_for_its_administrators(alice, people):
    body = {"kind": "registry_report", "format": "xlsx"}
    for caller in (alice, signed_in(people.alice)):
        refused = problem(caller.post("exports", body), 403, "not-permitted")
        assert refused["detail"] == "Only a registry administrator may do this."
    problem(signed_in(people.dana).post(f"exports?site={people.site.code}", body), 422, "invalid-report")
    asked = signed_in(people.dana).post("exports", body)
    assert asked.status_code == 202, asked.content
    name = asked.json()["id"]
    assert signed_in(people.dana).get(f"exports/{name}").status_code == 200
    problem(signed_in(people.alice).get(f"exports/{name}"), 403, "not-permitted")
    problem(alice.get(f"exports/{name}"), 404, "not-found")


MATCHING = Plan(
    (Taken("Nr", "local_case_id"), Taken("Op", "procedure_category", "words:category"), Taken("Min", "time_1_minutes", "minutes")),
    of_all={"object_kind": "none", "procedure_performed_month": "2026-03", "time_1_clock": "in_room", "time_1_source": "or_log"},
)  # fmt: skip
OWN_COLUMNS = b"Nr,Op,Min\nC-1,Total knee,120 min\nC-2,THR,95\n"


def test_a_file_of_cases_is_read_by_a_matching_that_the_site_remembers(alice, people):
    with people.at_site():
        column_maps.remember(people.site, "Lab log", MATCHING, by=people.alice, via="form")
    raw = alice.post("uploads?kind=cases&map=Lab%20log", OWN_COLUMNS, content_type="text/csv")
    assert raw.status_code == 202, raw.content
    sent = form(alice, kind="cases", file=SimpleUploadedFile("x.csv", OWN_COLUMNS), options='{"map": "Lab log"}')
    assert sent.status_code == 202, sent.content
    with people.at_site():
        uploads = list(Upload.objects.order_by("id"))
    for upload in uploads:
        upload_turns.work(upload)
    assert alice.get(f"uploads/{raw.json()['id']}").json()["counts"] == {"created": 2}
    assert alice.get(f"uploads/{sent.json()['id']}").json()["counts"] == {"unchanged": 2}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("Other", OWN_COLUMNS, "unknown-map"), ("Lab log", b"Nr,Shelf\nC-1,B\n", "columns-not-matched")],
)
def test_a_matching_that_is_none_or_does_not_fit_keeps_nothing(alice, people, settings, tmp_path, name, content, code):
    settings.STRATA_DATA = tmp_path
    with people.at_site():
        column_maps.remember(people.site, "Lab log", MATCHING, by=people.alice, via="form")
    response = alice.post(f"uploads?kind=cases&map={name}", content, content_type="text/csv")
    problem(response, 422, "invalid-report")
    assert faults(response) == {(code, "/map")}
    with people.at_site():
        assert not Upload.objects.exists()
    assert not [*tmp_path.glob("files/uploads/*")]


def test_the_matching_of_another_site_is_none(alice, charlie, people):
    with people.at_site():
        column_maps.remember(people.site, "Lab log", MATCHING, by=people.alice, via="form")
    problem(
        charlie.post("uploads?kind=cases&map=Lab%20log", OWN_COLUMNS, content_type="text/csv"), 422, "invalid-report"
    )
