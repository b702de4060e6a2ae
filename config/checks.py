"""Settings that are unsafe: Strata does not start with them, and says what to do instead."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import OperationalError, connections
from django.http.request import validate_host

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "::1", ".localhost", "testserver"]
SHORTEST_KEY = 32


@register(Tags.security)
def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's
    """Return an error for each setting that would open the registry to strangers."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(_error("E001", "STRATA_ALLOWED_HOSTS is *.", "Name the hosts, separated by commas."))
    if settings.DEBUG and not all(validate_host(host, LOCAL_HOSTS) for host in settings.ALLOWED_HOSTS):
        found.append(
            _error(
                "E002",
                "STRATA_DEBUG is on for a host that others can reach.",
                "Unset STRATA_DEBUG, or allow only localhost.",
            )
        )
    for name, where in (("SECRET_KEY", "E003"), ("STRATA_ENCOUNTER_KEY", "E004")):
        if len(getattr(settings, name)) < SHORTEST_KEY:
            found.append(
                _error(
                    where,
                    f"{name} has fewer than {SHORTEST_KEY} characters.",
                    'Make one: python -c "import secrets; print(secrets.token_urlsafe(50))".',
                )
            )
    return found + _check_public_url()


def _check_public_url() -> list[CheckMessage]:
    scheme, separator, rest = settings.STRATA_PUBLIC_URL.partition("://")
    if scheme not in {"http", "https"} or not separator or not rest or "/" in rest:
        return [_error("E005", "STRATA_PUBLIC_URL is not an address.", "Write it as https://registry.example.org.")]
    host = rest.rsplit(":", 1)[0] if not rest.endswith("]") else rest
    if scheme == "http" and not validate_host(host, LOCAL_HOSTS):
        return [
            _error(
                "E006",
                "STRATA_PUBLIC_URL is reached without TLS by other machines: passwords and tokens would be readable.",
                "Put a proxy with a certificate before Strata and write the address with https://.",
            )
        ]
    return []


@register(Tags.database)
def check_database(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Return an error for a server that may lose commits, or a role that no row policy binds."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_user, rolsuper OR rolbypassrls,"
                " 'off' IN (current_setting('synchronous_commit'), current_setting('fsync')),"
                " current_setting('server_version_num')::int < 150000"
                " FROM pg_roles WHERE rolname = current_user"
            )
            role, unbound, forgetful, old = cursor.fetchone()
        if unbound:
            found.append(
                _error(
                    "E007",
                    f"The database role {role} is not bound by row policies: every site would see every case.",
                    "Connect as strata_app, strata_worker or strata_owner (config/roles.sql makes them).",
                )
            )
        if forgetful:
            found.append(
                _error(
                    "E008",
                    "PostgreSQL may lose commits it has confirmed (synchronous_commit or fsync is off).",
                    "Set both to on in postgresql.conf, for the database and for the role.",
                )
            )
        if old:
            found.append(_error("E009", "PostgreSQL is older than 15.", "Use PostgreSQL 15 or later."))
    return found


def refuse_unsafe() -> None:
    """End the process with every error of the checks; a database that is away is let pass.

    Without the database each answer is 503, and what it is like is asked again at the next start.
    """
    errors = [found for found in run_checks() if found.is_serious()]
    try:
        errors += check_database(None, databases=["default"])
    except OperationalError:
        pass
    finally:
        connections.close_all()
    if errors:
        raise SystemExit("Strata does not start:\n" + "\n".join(f"  {found}" for found in errors))


def _error(number: str, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"strata.{number}")
