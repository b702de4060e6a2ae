"""What the demonstration prints: headline statistics as published, the exported report, the ways in.

Every line with a figure says whether it rests on synthetic demonstration data or on the real OR log.
"""

import hashlib
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from registry.actions import exports
from registry.management.demo import accounts
from registry.management.demo.accounts import DANA, PEOPLE, Person, Remembered
from registry.management.demo.plan import PLANTED_BY_CATEGORY, SYNTHETIC
from registry.management.demo.setup import VIA
from registry.management.demo.sites import REAL, REAL_SITE, SYNTHETIC_SITES
from registry.management.demo.waiting import NothingMoves, until
from registry.models import Export, Site, User
from registry.models.scope import acting_for
from registry.statistics import Scope, Statistic, lag
from registry.statistics.measures import MEASURES
from registry.statistics.money import LITERATURE
from registry.statistics.published import published
from registry.vocabulary.workflow import ExportFormat, ExportKind, JobState

Say = Callable[[str], None]
MOST_FREQUENT = 4


def show(base_url: str, remembered: Remembered, accounts_file: Path, *, say: Say) -> None:
    """Everything is printed once nothing waits for the background job any more. Raises NothingMoves when it does not work."""
    until(lambda: lag() is None, what="The refresh of the statistics", progress=lambda: None)
    for line in headline():
        say(line)
    figures = _digest_of_figures()
    # A report made of other figures than those just printed would contradict them.
    export = (_kept(remembered) if remembered.figures == figures else None) or _exported()
    remembered.export, remembered.figures = export.public_id, figures
    accounts.keep(accounts_file, remembered)
    say(f"Registry report of these figures, made {export.finished_at:%Y-%m-%d %H:%M} UTC ({SYNTHETIC}, and {REAL}):")
    say(f"  {exports.path_of(export)}")
    say(f"  SHA-256 {export.sha256}")
    for line in _ways_in(base_url, remembered, accounts_file):
        say(line)


def headline() -> Iterator[str]:
    """The headline statistics as the registry administrator sees them, and the real log's as its data manager does."""
    registry, dana = Scope.registry(), _user(DANA)
    yield f"Headline statistics, read as {DANA.name}, {DANA.description}."
    yield f"{SYNTHETIC.capitalize()}, {len(SYNTHETIC_SITES)} sites, all invented:"
    for slug, lines in (
        ("cases-by-kind", _cases),
        ("or-time-coverage", _coverage),
        ("minutes-saved", _saved),
        ("dollars-saved", _dollars),
    ):
        for line in lines(published(slug, scope=registry, for_user=dana)):
            yield f"  {line} (synthetic)"
    yield '  "planted": the saving that was put into the invented minutes, for the registry to find again (synthetic)'
    with acting_for(sites=(), administrator=True):
        real = Site.objects.get(code=REAL_SITE.code)
    member = next(person for person in PEOPLE if any(code == REAL_SITE.code for code, _ in person.memberships))
    yield f"{REAL[0].upper()}{REAL[1:]}, everything recorded at site {real.code}, read as {member.name}:"
    for line in _times(published("or-minutes", scope=Scope.of(real), for_user=_user(member))):
        yield f"  {line} ({REAL})"


def _ways_in(base_url: str, remembered: Remembered, accounts_file: Path) -> Iterator[str]:
    """The address, who may sign in, and how a machine asks, without a token on the screen."""
    code = 'import json, sys; print(json.load(open(sys.argv[1]))["tokens"]["NORTH"])'
    read = f"python3 -c '{code}' {shlex.quote(str(accounts_file))}"
    yield f"The sites' API tokens are in {accounts_file} under `tokens`. What they open is listed at {base_url}/api/v1/; try:"
    yield f'  curl -sS -H "Authorization: Bearer $({read})" {base_url}/api/v1/printers'
    yield f"Address: {base_url}/"
    yield f"Demo accounts, invented people (also in {accounts_file}):"
    for person in PEOPLE:
        yield f"  {person.email:20} {remembered.passwords[person.email]:18} {person.description}"


def _digest_of_figures() -> str:
    """SHA-256 of all that the registry's measures say now: the same as long as no figure changed."""
    dana = _user(DANA)
    found = [published(measure.slug, scope=Scope.registry(), for_user=dana) for measure in MEASURES]
    said = [repr((each.n, each.rows)) if isinstance(each, Statistic) else each.reason for each in found]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _cases(found: Any) -> Iterator[str]:
    if not isinstance(found, Statistic):
        yield f"cases not shown, {found.reason}"
        return
    words = found.columns[0]
    kinds = ", ".join(f"{words.text(row['object_kind'])} {row['n']}" for row in found.rows)
    yield f"{found.n} cases from {found.sites} sites ({kinds})"


def _coverage(found: Any) -> Iterator[str]:
    if isinstance(found, Statistic) and found.coverage:
        yield f"{found.coverage}"


def _saved(found: Any) -> Iterator[str]:
    if not isinstance(found, Statistic):
        return
    category = next(column for column in found.columns if column.name == "category")
    for row in found.rows:
        if row["site"] or row["clock"] != "in_room":
            continue
        planted = PLANTED_BY_CATEGORY.get(str(row["category"]))
        beside = "" if planted is None else f"; planted {planted.saving}"
        said = f"{row['n']} with a print, {row['n_without']} without"
        yield f"{category.text(row['category'])}: {_interval(row)} ({said}{beside})"


def _interval(row: dict[str, Any]) -> str:
    saved, low, high = (row[name] for name in ("saved", "low", "high"))
    if not isinstance(saved, float):
        return f"minutes saved not shown, {saved}"
    limits = f", 95% {low:.1f} to {high:.1f}" if isinstance(low, float) and isinstance(high, float) else ""
    return f"{saved:.1f} minutes saved a case{limits}"


def _dollars(found: Any) -> Iterator[str]:
    if isinstance(found, Statistic):
        for row in found.rows:
            whole = not row["site"] and not row["category"] and row["clock"] == "in_room"
            if whole and row["scenario"] == LITERATURE.name:
                yield f"value of the minutes of a case, modelled: {row['formula']}"


def _times(found: Any) -> Iterator[str]:
    if not isinstance(found, Statistic):
        yield f"OR minutes not shown, {found.reason}"
        return
    category = found.columns[0]
    rows = sorted((row for row in found.rows if row["clock"] == "in_room"), key=lambda row: -int(str(row["n"])))
    n = sum(int(str(row["n"])) for row in rows)
    yield f"{n:,} control cases with minutes in the room, in {len(rows)} procedure categories; the most frequent follow"
    for row in rows[:MOST_FREQUENT]:
        spread = f"mean {row['mean']:.1f}, SD {row['sd']:.1f}, median {row['median']:.1f}"
        yield f"{category.text(row['category'])}: n {row['n']}, {spread} minutes"


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
