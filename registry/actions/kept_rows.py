"""The rows of a checked file that its owner may want to see, beside the file: one line of JSON each, dropped with it.

A page of them is found without reading the file again: each line begins with its row, what would become of it, and its causes.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.actions.uploads import path_of
from registry.models import Upload
from registry.vocabulary.workflow import RowOutcome

_HEAD = re.compile(rb'\{"row": (\d+), "outcome": "(\w+)", "causes": \[([^\]]*)\]')


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row: its number in the file, what would become of it, the keys of its causes, its cells, and its problems.

    A problem is (name, message, severity).
    """

    row: int
    outcome: RowOutcome
    causes: tuple[str, ...]
    cells: list[str]
    problems: Sequence[tuple[str, str, str]]

    def as_line(self) -> bytes:
        """Its line, with the line's end."""
        said = {"row": self.row, "outcome": self.outcome.value, "causes": self.causes}
        return json.dumps({**said, "cells": self.cells, "problems": self.problems}).encode() + b"\n"


def path_for(upload: Upload) -> Path:
    """Where they lie."""
    return path_of(f"uploads/{upload.public_id}.rows")


def append(upload: Upload, rows: Iterable[KeptRow], *, at: int) -> int:
    """The rows are on disk after byte `at`, whatever a crash left behind it; gives the length of the file."""
    descriptor = os.open(path_for(upload), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(at)
        file.seek(at)
        file.writelines(row.as_line() for row in rows)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def drop(upload: Upload) -> None:
    """There are none any more."""
    path_for(upload).unlink(missing_ok=True)


def read(upload: Upload, *, outcome: RowOutcome | None = None, cause: str = "") -> Iterator[KeptRow]:
    """Those of this outcome and with this cause, in the order of the file; none where none are kept."""
    path = path_for(upload)
    if not path.is_file():
        return
    wanted = b'"%s"' % cause.encode() if cause else b""
    with path.open("rb") as lines:
        for line in lines:
            head = _HEAD.match(line)
            if head and (outcome is None or head[2] == outcome.value.encode()) and wanted in head[3]:
                yield _read(json.loads(line))


def numbers(upload: Upload, *, cause: str) -> list[int]:
    """The rows with this cause, by their number in the file."""
    return [row.row for row in read(upload, cause=cause)]


def _read(said: dict[str, Any]) -> KeptRow:
    problems = [(name, message, severity) for name, message, severity in said["problems"]]
    return KeptRow(said["row"], RowOutcome(said["outcome"]), tuple(said["causes"]), said["cells"], problems)
