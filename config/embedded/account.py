"""Whom PostgreSQL runs as: it refuses to run as root."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Account:
    """An operating-system user that is not root."""

    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """Return the account PostgreSQL must run as, or None where the present one will do."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError(
        "PostgreSQL does not run as root and this machine has neither a user 'postgres' nor a "
        "user 'nobody'. Create one, or run Strata as a normal user, or set DATABASE_URL."
    )


def can_reach(path: Path, account: Account | None) -> bool:
    """Say whether the account may enter every existing folder from / down to path."""
    if account is None:
        return True
    folders = [path, *path.parents] if path.is_dir() else list(path.parents)
    return all(_may_enter(folder, account) for folder in folders if folder.exists())


def _may_enter(folder: Path, account: Account) -> bool:
    facts = folder.stat()
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == account.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def shelter() -> Path:
    """Return a folder for this copy of Strata that lies where every account may look."""
    return Path("/var/lib/strata") / hashlib.sha256(bytes(PROJECT)).hexdigest()[:8]
