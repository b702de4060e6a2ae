"""What Strata reads from its environment. Everything has a default that works on one machine."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config.embedded import account, postgres

PROJECT = account.PROJECT
ROLES = ("app", "worker", "owner")


class BadSetting(SystemExit):
    """An environment variable that Strata cannot start with; the message says what to do."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")


def text(name: str, default: str = "") -> str:
    """Return a variable, stripped; an empty one counts as absent."""
    return os.environ.get(name, "").strip() or default


def listed(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty members."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def flag(name: str) -> bool:
    """Return a yes-or-no variable; absent is no."""
    value = text(name, "no").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(name, f"'{value}' is neither yes nor no.")


def whole_number(name: str, default: int) -> int:
    """Return a variable as a whole number above zero."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise BadSetting(name, f"'{value}' is not a whole number above zero.")
    return int(value)


def data_dir() -> Path:
    """Return the absolute folder of everything Strata keeps: cluster, files, logs, keys."""
    given = text("STRATA_DATA")
    if given:
        return Path(given).expanduser().absolute()
    if account.can_reach(PROJECT, account.unprivileged()):
        return PROJECT / "var"
    return account.shelter()


def role() -> str:
    """Return the database role of this process, without its prefix: app, worker or owner."""
    value = text("STRATA_ROLE", "app")
    if value not in ROLES:
        raise BadSetting("STRATA_ROLE", f"'{value}' is unknown; use one of {', '.join(ROLES)}.")
    return value


def database(data: Path) -> dict[str, Any]:
    """Return Django's connection settings: a server given by URL, or the embedded cluster.

    DATABASE_URL_WORKER and DATABASE_URL_OWNER go before DATABASE_URL in processes of that role.
    """
    url = text(f"DATABASE_URL_{role().upper()}") or text("DATABASE_URL")
    place: dict[str, Any] = (
        _from_url(url)
        if url
        else {
            "NAME": "strata",
            "USER": f"strata_{role()}",
            "HOST": str(postgres.socket_dir(data / "postgres")),
        }
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        # A connection outlives its request; one that died with the server is noticed and replaced.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **place,
        "OPTIONS": {"connect_timeout": 5, "application_name": "strata"} | place.get("OPTIONS", {}),
    }


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL", "write it as postgres://user:password@host:5432/database.")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


def secret(name: str, data: Path) -> str:
    """Return a key from the environment, else from a file made once in the data folder."""
    given = text(name)
    if given:
        return given
    kept = data / "keys" / name.lower()
    if not kept.exists():
        _keep_new_secret(kept)
    return kept.read_text(encoding="ascii").strip()


def _keep_new_secret(kept: Path) -> None:
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = kept.with_name(f".{kept.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        # Several processes may start at once on a fresh folder: the first link wins.
        with contextlib.suppress(FileExistsError):
            os.link(draft, kept)
        draft.unlink()
    except OSError as refused:
        raise BadSetting(
            "STRATA_DATA", f"{kept.parent} cannot be written ({refused.strerror}); name another folder."
        ) from refused
