"""Database fixtures: every test runs as strata_app, the role of the web, bound by row policies."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import pytest_django.fixtures
from django.db import connection, connections

from config.embedded.postgres import SUPERUSER, socket_dir
from tests.committed import Seed

Connect = Callable[..., Any]

# pytest-django makes the database only when some chosen test names `db`; ours may name committed_db alone.
pytest_django.fixtures._get_databases_for_setup = lambda items: ({"default"}, set())


@pytest.fixture(scope="session")
def superuser_dsn(django_db_setup: None) -> str:
    """Where a superuser reaches this worker's test database."""
    return _dsn(SUPERUSER)


def _dsn(role: str) -> str:
    host = socket_dir(Path(os.environ["STRATA_TEST_PG"]))
    return f"host='{host}' dbname='{connection.settings_dict['NAME']}' user='{role}' application_name='strata-tests'"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database was made and migrated by strata_owner; from here on Django is strata_app."""
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = "strata_app"
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = "strata_owner"
    _part_with_stragglers()


def _part_with_stragglers() -> None:
    """A server thread or a killed worker may still hold a session, and a database in use cannot be dropped."""
    with closing(psycopg2.connect(_dsn(SUPERUSER))) as made, made.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def connect_as(django_db_setup: None) -> Iterator[Connect]:
    """connect_as("strata_worker") opens a psycopg2 connection to the test database; closed at the end.

    It sees only what was committed: use it with committed_db.
    """
    with ExitStack() as opened:

        def connect(role: str) -> Any:
            made = psycopg2.connect(_dsn(role))
            opened.callback(made.close)
            return made

        yield connect


@pytest.fixture
def owner_connection(connect_as: Connect) -> Any:
    """A connection as strata_owner, who owns the tables but is bound by FORCE."""
    return connect_as("strata_owner")


@pytest.fixture(scope="session")
def _seed(superuser_dsn: str) -> Seed:
    return Seed.read(superuser_dsn)


@pytest.fixture
def committed_db(_seed: Seed, django_db_blocker: Any) -> Iterator[None]:
    """The database with real commits, for several connections; afterwards as the migrations left it.

    Not transactional_db: that one would empty the tables as strata_app, who may not.
    """
    with django_db_blocker.unblock():
        yield
        for opened in connections.all(initialized_only=True):
            opened.close()
    _seed.restore()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A slow hash is right for people and costs the suite minutes; tests/web signs in with the real one where that matters."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
