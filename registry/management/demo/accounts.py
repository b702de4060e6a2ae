"""The demonstration's people, and what it must remember between two runs: passwords and tokens, in a file of mode 0600."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Person:
    """Somebody of the demonstration; `memberships` are pairs of site code and role."""

    email: str
    name: str
    memberships: tuple[tuple[str, str], ...] = ()
    is_registry_administrator: bool = False

    @property
    def description(self) -> str:
        if self.is_registry_administrator:
            return "registry administrator"
        return ", ".join(f"{role.replace('_', ' ')} of {site}" for site, role in self.memberships)


DANA = Person("dana@example.org", "Dana Diaz", is_registry_administrator=True)
PEOPLE = (
    Person("alice@example.org", "Alice Almeida", (("NORTH", "data_manager"), ("ORLOG", "data_manager"))),
    Person("bob@example.org", "Bob Bauer", (("NORTH", "facility_administrator"), ("HARBOR", "champion"))),
    Person("charlie@example.org", "Charlie Chen", (("KIDS", "data_manager"),)),
    DANA,
)


@dataclass
class Remembered:
    """What the accounts file holds; `complete` once everything was submitted."""

    passwords: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    upload: str = ""
    export: str = ""
    figures: str = ""
    complete: bool = False


def fresh() -> Remembered:
    """New random passwords for everybody."""
    return Remembered(passwords={person.email: secrets.token_urlsafe(12) for person in PEOPLE})


def read(path: Path) -> Remembered:
    """What was kept at `path`; nothing when there is no such file."""
    return Remembered(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else Remembered()


def keep(path: Path, remembered: Remembered) -> None:
    """Writes the file whole or not at all, readable by its owner alone."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(remembered), file, indent=2)
    half.replace(path)
