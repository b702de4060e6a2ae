"""The second wall: which sites' rows this transaction may see, told to PostgreSQL by SET LOCAL.

The settings are transaction-local on purpose: a session-level setting on a reused connection would show the next request
another site's rows. Outside a scope no site's row is visible.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from registry.models.base import visible_sites

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from registry.models.people import User

_NAMES = ("app.sites", "app.user", "app.administrator", "app.token")


def _set(values: dict[str, str]) -> None:
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for pair in values.items() for part in pair])


def _current() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _NAMES))
        return dict(zip(_NAMES, cursor.fetchone(), strict=True))


@contextmanager
def _scope(values: dict[str, str]) -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _current() if nested else {}
        _set({name: values.get(name, "") for name in _NAMES})
        yield
        # A rollback restores the settings by itself; a released savepoint would keep ours for the rest of the outer transaction.
        if nested:
            _set(before)


def _joined(sites: Iterable[int]) -> str:
    return ",".join(str(int(site)) for site in sorted(set(sites)))


@contextmanager
def acting_for(*, sites: Iterable[int], user_id: int | None = None, administrator: bool = False) -> Iterator[None]:
    """One transaction in which the rows of exactly these sites are visible."""
    values = {"app.sites": _joined(sites), "app.user": str(user_id or "")}
    with _scope({**values, "app.administrator": "on" if administrator else ""}):
        yield


@contextmanager
def acting_as(user: "User | AnonymousUser") -> Iterator[None]:
    """One transaction with the scope of this person: the sites of the active memberships, none for a stranger."""
    if not user.is_authenticated or user.pk is None:
        with acting_for(sites=()):
            yield
        return
    administrator = bool(getattr(user, "is_registry_administrator", False))
    with acting_for(sites=(), user_id=user.pk, administrator=administrator):
        narrow_to(visible_sites(user))
        yield


def narrow_to(sites: Iterable[int]) -> None:
    """Within the open transaction only these sites are visible from here on."""
    _set({"app.sites": _joined(sites)})


@contextmanager
def as_token_lookup(digest: str) -> Iterator[None]:
    """The one token row with this digest is visible, whatever its site."""
    _set({"app.token": digest})
    yield
    _set({"app.token": ""})


@contextmanager
def as_statistics() -> Iterator[None]:
    """A savepoint in which the statistics role reads every site's rows and writes derived tables, and nothing else."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            before: Any = cursor.fetchone()[0]
            cursor.execute("SET LOCAL ROLE strata_stats")
        yield
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', CASE WHEN %s = session_user THEN 'none' ELSE %s END, true)", [before, before]
            )
