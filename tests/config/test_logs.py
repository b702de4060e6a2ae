"""A log line is one line and quotes no row."""

import logging
import sys

from config import logs

REFUSAL = "duplicate key\nDETAIL:  Key (local_case_id)=(MRN-4711) already exists.\n"
FORMATTER = logs.LineFormatter("{levelname} [{request_id}] {message}", style="{")


def _record(message: str, error: bool = False) -> logging.LogRecord:
    caught = sys.exc_info() if error else None
    record = logging.LogRecord("strata", logging.ERROR, __file__, 1, message, (), caught)
    logs.RequestFilter().filter(record)
    return record


def test_a_caller_cannot_begin_a_line_of_its_own() -> None:
    assert (
        FORMATTER.format(_record("asked for /a\nERROR [-] forged\r")) == "ERROR [-] asked for /a\\nERROR [-] forged\\r"
    )


def test_the_request_is_named() -> None:
    held = logs.request_id.set("theirs-1")
    try:
        assert FORMATTER.format(_record("done")) == "ERROR [theirs-1] done"
    finally:
        logs.request_id.reset(held)


def test_a_link_that_lets_its_holder_in_is_cut_short() -> None:
    line = FORMATTER.format(_record("Unprocessable Entity: /invitations/WyJtZW0i:1abc:s-g_x/"))
    assert line == "ERROR [-] Unprocessable Entity: /invitations/…"
    assert "b-c" not in FORMATTER.format(_record("Not Found: /password-reset/MQ/a-b-c/"))


def test_the_detail_of_a_database_error_is_left_out() -> None:
    try:
        raise ValueError(REFUSAL)
    except ValueError:
        line = FORMATTER.format(_record("refused", error=True))
    assert "duplicate key" in line
    assert "MRN-4711" not in line


def test_a_host_that_is_not_ours_costs_one_line_of_the_log(client, caplog):
    assert client.get("/sign-in/", HTTP_HOST="elsewhere.example.org").status_code == 400
    (record,) = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert FORMATTER.format(record).count("\n") == 0
