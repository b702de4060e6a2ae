"""A file is its rows, one by one: random batches of reports, good and bad, told as files to one site and case by case to its twin."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registry.actions import upload_turns
from tests.properties.files import Batch, Drawing
from tests.properties.twins import Unequal, told

pytestmark = pytest.mark.slow

BATCHES = int(os.environ.get("BATCHES", "40"))
FIRST = int(os.environ.get("SEED", "0"))
SHARES = 8
MOST_TRIES = 150


@pytest.mark.parametrize("share", range(SHARES))
def test_a_file_leaves_what_its_rows_leave_one_by_one(
    share: int, committed_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STRATA_DATA = tmp_path
    for seed in range(FIRST + share, FIRST + BATCHES, SHARES):
        batch = Drawing(seed).batch()
        for name in ("BATCH", "BATCH_OF_CASES"):
            monkeypatch.setattr(upload_turns, name, batch.rows_at_once, raising=False)
        # Every other file is read in as many turns as it has batches: each goes on where the last one stopped.
        monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1.0 if seed % 2 else 60.0)
        if difference := unequal(batch):
            least, difference = smallest(batch, difference)
            pytest.fail(said(least, difference), pytrace=False)


def unequal(batch: Batch) -> str:
    """How the two paths differ; "" where they do not."""
    try:
        told(batch)
    except Unequal as difference:
        return str(difference)
    return ""


def smallest(batch: Batch, difference: str) -> tuple[Batch, str]:
    """A batch with as few files, rows and columns as still differ."""
    tries, found = 0, True
    while found and tries < MOST_TRIES:
        found = False
        for less in smaller(batch):
            tries += 1
            if tries > MOST_TRIES:
                break
            if alike(still := unequal(less), difference):
                batch, difference, found = less, still, True
                break
    return batch, difference


def alike(one: str, other: str) -> bool:
    """Whether two differences are of the same thing: the verdicts, a table, …"""
    kinds = [said.partition("\n")[0].rpartition(": ")[2] for said in (one, other)]
    return bool(one) and kinds[0] == kinds[1]


def smaller(batch: Batch) -> Iterator[Batch]:
    """The batch without one file, one row or some columns: half of them first, then fewer at a time."""
    if len(batch.files) > 1:
        yield from (replace(batch, files=batch.files[:at] + batch.files[at + 1 :]) for at in range(len(batch.files)))
    if batch.withdrawn:
        yield replace(batch, withdrawn=())
    if batch.experienced:
        yield replace(batch, experienced=False)
    for at, file in enumerate(batch.files):
        less = [file.without_row(place) for place in range(len(file.cells))] if len(file.cells) > 1 else []
        size = len(file.names)
        while size > 1:
            size = (size + 1) // 2
            less += [file.without_columns(first, size) for first in range(0, len(file.names), size)]
        kept = (each for each in less if each != file)
        yield from (replace(batch, files=(*batch.files[:at], each, *batch.files[at + 1 :])) for each in kept)


def said(batch: Batch, difference: str) -> str:
    files = "\n\n".join(
        f"file {at}{f', {file.plan}' if file.plan else ''}\n{file.text()}" for at, file in enumerate(batch.files, 1)
    )
    return (
        f"seed {batch.seed}: {difference}\n\n{files}\n"
        f"{batch.rows_at_once} rows at once, withdrawn {batch.withdrawn}, experienced {batch.experienced}\n"
        f"Again: BATCHES=1 SEED={batch.seed} .venv/bin/python -m pytest -n 0 tests/properties"
    )
