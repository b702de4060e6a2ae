"""What a new cluster needs before migrations: the roles and the database."""

from contextlib import closing
from pathlib import Path

from config.embedded.postgres import Cluster

DATABASE = "strata"
ROLES = Path(__file__).resolve().parent.parent / "roles.sql"


def prepare(cluster: Cluster) -> None:
    """Leave the cluster with Strata's roles and its database; repeating it changes nothing."""
    with closing(cluster.connect("template1")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    _define_roles(cluster, DATABASE)


def prepare_for_tests(cluster: Cluster) -> None:
    """Let strata_owner make databases that are born with Strata's privileges."""
    _define_roles(cluster, "template1")
    with closing(cluster.connect("template1")) as connection, connection.cursor() as cursor:
        cursor.execute("ALTER ROLE strata_owner CREATEDB")


def _define_roles(cluster: Cluster, database: str) -> None:
    with closing(cluster.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(ROLES.read_text(encoding="utf-8"))
