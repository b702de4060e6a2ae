"""What the demonstration prints: headline statistics as published, the exported report, the address, the accounts.

Every line with a figure says whether it rests on synthetic demonstration data or on the real OR log.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from registry.actions import exports
from registry.management.demo import accounts
from registry.management.demo.accounts import DANA, PEOPLE, Person, Remembered
from registry.management.demo.setup import VIA
from registry.management.demo.sites import REAL, REAL_SITE
from registry.management.demo.synthetic import PLANTED, SYNTHETIC
from registry.management.demo.waiting import NothingMoves, until
from registry.models import Export, Site, User
from registry.models.scope import acting_for
from registry.statistics import Scope, Statistic, lag
from registry.statistics.published import published
from registry.vocabulary.workflow import ExportFormat, ExportKind, JobState

Say = Callable[[str], None]
MOST_FREQUENT = 4
PLANTED_SAVING = {planted.category: planted.saving for planted in PLANTED}


def show(base_url: str, remembered: Remembered, accounts_file: Path, *, say: Say) -> None:
    """Everything is printed once nothing waits for the background job any more. Raises NothingMoves when it does not work."""
    until(lambda: lag() is None, what="The refresh of the statistics", progress=lambda: None)
    for line in headline():
        say(line)
    export = _kept(remembered) or _exported()
    remembered.export = export.public_id
    accounts.keep(accounts_file, remembered)
    say(f"Registry report of {export.finished_at:%Y-%m-%d %H:%M} UTC ({SYNTHETIC}, and {REAL}):")
    say(f"  {exports.path_of(export)}")
    say(f"  SHA-256 {export.sha256}")
    say(f"Address: {base_url}/")
    say(f"Demo accounts, invented people (also in {accounts_file}):")
    for person in PEOPLE:
        say(f"  {person.email:20} {remembered.passwords[person.email]:18} {person.description}")


def headline() -> Iterator[str]:
    """The headline statistics as the registry administrator sees them, and the real log's as its data manager does."""
    yield f"Headline statistics, read as {DANA.name}, {DANA.description}:"
    registry, dana = Scope.registry(), _user(DANA)
    yield from _cases(published("cases-by-kind", scope=registry, for_user=dana))
    yield from _coverage(published("or-time-coverage", scope=registry, for_user=dana))
    yield from _saved(published("minutes-saved", scope=registry, for_user=dana))
    yield from _dollars(published("dollars-saved", scope=registry, for_user=dana))
    with acting_for(sites=(), administrator=True):
        real = Site.objects.get(code=REAL_SITE.code)
    member = next(person for person in PEOPLE if any(code == REAL_SITE.code for code, _ in person.memberships))
    yield from _times(published("or-minutes", scope=Scope.of(real), for_user=_user(member)))


def _cases(found: Any) -> Iterator[str]:
    if not isinstance(found, Statistic):
        yield f"  {SYNTHETIC}: cases not shown, {found.reason}"
        return
    words = found.columns[0]
    kinds = ", ".join(f"{words.text(row['object_kind'])} {row['n']}" for row in found.rows)
    yield f"  {SYNTHETIC}: {found.n} cases from {found.sites} sites ({kinds})"


def _coverage(found: Any) -> Iterator[str]:
    if isinstance(found, Statistic) and found.coverage:
        yield f"  {SYNTHETIC}: {found.coverage}"


def _saved(found: Any) -> Iterator[str]:
    if not isinstance(found, Statistic):
        return
    category = next(column for column in found.columns if column.name == "category")
    for row in found.rows:
        if row["site"] or row["clock"] != "in_room":
            continue
        planted = PLANTED_SAVING.get(str(row["category"]))
        beside = "" if planted is None else f"; planted {planted}"
        said = f"{row['n']} with a print, {row['n_without']} without"
        yield f"  {SYNTHETIC}: {category.text(row['category'])}: {_interval(row)} ({said}{beside})"


def _interval(row: dict[str, Any]) -> str:
    saved, low, high = (row[name] for name in ("saved", "low", "high"))
    if not isinstance(saved, float):
        return f"minutes saved not shown, {saved}"
    limits = f", 95% {low:.1f} to {high:.1f}" if isinstance(low, float) and isinstance(high, float) else ""
    return f"{saved:.1f} minutes saved a case{limits}"


def _dollars(found: Any) -> Iterator[str]:
    if isinstance(found, Statistic):
        for row in found.rows:
            if not row["site"] and not row["category"] and row["clock"] == "in_room":
                yield f"  {SYNTHETIC}: value of the minutes of a case, modelled: {row['formula']}"


def _times(found: Any) -> Iterator[str]:
    if not isinstance(found, Statistic):
        yield f"  {REAL}: OR minutes not shown, {found.reason}"
        return
    category = found.columns[0]
    rows = sorted((row for row in found.rows if row["clock"] == "in_room"), key=lambda row: -int(str(row["n"])))
    n = sum(int(str(row["n"])) for row in rows)
    yield f"  {REAL}: {n:,} control cases with minutes in the room, in {len(rows)} procedure categories; the most frequent:"
    for row in rows[:MOST_FREQUENT]:
        spread = f"mean {row['mean']:.1f}, SD {row['sd']:.1f}, median {row['median']:.1f}"
        yield f"  {REAL}: {category.text(row['category'])}: n {row['n']}, {spread} minutes"


def _user(person: Person) -> User:
    return User.objects.get(email=person.email)


def _kept(remembered: Remembered) -> Export | None:
    """The report written by an earlier run, while its file is there."""
    with acting_for(sites=(), administrator=True):
        export = Export.objects.filter(public_id=remembered.export, state=JobState.DONE).exclude(file="").first()
    return export if export and exports.path_of(export).is_file() else None


def _exported() -> Export:
    """The registry report as XLSX, written just now by the background job."""
    dana = _user(DANA)

    def now() -> Export:
        with acting_for(sites=(), user_id=dana.pk, administrator=True):
            return Export.objects.get(pk=export.pk)

    with acting_for(sites=(), user_id=dana.pk, administrator=True):
        export = exports.request(ExportKind.REGISTRY_REPORT, format=ExportFormat.XLSX, site=None, by=dana, via=VIA)
    ended = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
    until(lambda: now().state in ended, what="The export of the registry report", progress=lambda: now().rows_done)
    written = now()
    if written.state != JobState.DONE:
        raise NothingMoves(f"The export of the registry report ended as {written.state}: {written.last_error}")
    return written
