"""The database is away: 503 with Retry-After, and the door is open again when it is back."""

import pytest
from django.db import connection

from tests.api.conftest import Caller, problem


@pytest.fixture
def dead_socket(db, tmp_path):
    """The connection points to where no server listens; afterwards it is as it was."""
    settings, live, depth = connection.settings_dict, connection.connection, connection.in_atomic_block
    kept = {name: settings[name] for name in ("HOST", "PORT")}
    saved = connection.savepoint_ids, connection.atomic_blocks, connection.needs_rollback
    connection.connection, connection.in_atomic_block = None, False
    connection.savepoint_ids, connection.atomic_blocks = [], []
    settings.update(HOST=str(tmp_path), PORT="")
    yield
    settings.update(kept)
    connection.connection, connection.in_atomic_block = live, depth
    connection.savepoint_ids, connection.atomic_blocks, connection.needs_rollback = saved


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "cases"), ("GET", "cases"), ("POST", "cases:validate"), ("GET", "vocabulary"), ("GET", "nothing")],
)
def test_without_a_database_the_answer_is_503(dead_socket, method, path):
    response = Caller("reg_live_" + "A" * 43).send(method, path, {})
    problem(response, 503, "database-away")
    assert int(response["Retry-After"]) > 0


def test_a_connection_that_breaks_in_the_middle_is_503_and_the_next_request_is_served(committed_db, superuser_dsn):
    import psycopg2

    caller = Caller(None)
    assert caller.get("vocabulary").status_code == 200
    connection.ensure_connection()
    with psycopg2.connect(superuser_dsn) as other, other.cursor() as cursor:
        # Only in our own database: the other test process has its own on the same server.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'strata_app' AND datname = current_database()"
        )
    other.close()
    assert caller.get("vocabulary").status_code in (200, 503)
    assert caller.get("vocabulary").status_code == 200
