"""An upload as its page shows it: what became of the rows, and what was wrong, grouped by cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.actions import upload_undo, uploads
from registry.errors import InvalidReport
from registry.intake.or_log_options import proposed
from registry.intake.sources.opening import open_table
from registry.intake.sources.table import Table
from registry.models import Upload
from registry.vocabulary.workflow import JobState, UploadKind, UploadPhase
from registry.web.tags import plural

SHOWN_ROWS = 50
SAMPLES = 3
LONGEST_SAMPLE = 40
IN_A_FILE = {
    "unknown-printer": _(
        "Name a printer of your site by its label. The facility administrator adds printers under Settings."
    ),
    "unknown-material": _("Name materials of your site. The facility administrator adds materials under Settings."),
    "unmapped-code": _(
        "This is no code of your site's procedure map. The facility administrator adds codes under Settings; then send the file again."
    ),
    "code-missing": _(
        "No column of the log says which procedure it was. Match one to the procedure code or the service."
    ),
    "out-before-in": _(
        "The end is before the start. Correct the times; or, where a log has times without a day, say that the end was the next day."
    ),
}
"""What the page says where the registry's own sentence speaks to a machine."""
UNMATCHED = _(
    "Encounters of no case of this site, left alone: {count}. Give cases their number in the OR log, or send the log "
    "again with the months whose printed cases are all entered."
)
# The order in which a reader wants to know them.
WORDS = {
    "created": "new",
    "amended": "amended",
    "completed": "given their OR time",
    "unchanged": "known already",
    "unmatched": "of no case",
    "refused": "refused",
}


@dataclass(frozen=True)
class Cause:
    """One problem and the rows that have it."""

    message: str
    column: str
    code: str
    severity: str
    rows: tuple[int, ...]

    @property
    def shown(self) -> str:
        """The first rows, and how many more there are."""
        more = len(self.rows) - SHOWN_ROWS
        listed = ", ".join(f"{row:,}" for row in self.rows[:SHOWN_ROWS])
        return f"{listed} and {more:,} more" if more > 0 else listed


@dataclass(frozen=True)
class FileColumn:
    """A column of a held file: its place, its header, its first values and the role it seems to have."""

    place: int
    header: str
    samples: str
    role: str


def sentence_of(problem: dict[str, Any], upload: Upload) -> str:
    """What is to be done, said to somebody with a file and not with a programme."""
    if problem["code"] == "unmatched":
        return str(UNMATCHED).format(count=f"{upload.counts.get('unmatched', 0):,}")
    return str(IN_A_FILE.get(problem["code"], problem["message"]))


def causes(upload: Upload) -> list[Cause]:
    """The problems of an upload, those of most rows first, errors before warnings."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for problem in upload.problems:
        if problem["code"] == upload_undo.CHANGED_SINCE:  # told of with the undo
            continue
        key = (
            problem.get("severity", "error"),
            problem["code"],
            problem.get("column") or "",
            sentence_of(problem, upload),
        )
        found.setdefault(key, []).extend([problem["row"]] if problem.get("row") else [])
    grouped = [Cause(key[3], key[2], key[1], key[0], tuple(sorted(rows))) for key, rows in found.items()]
    return sorted(grouped, key=lambda cause: (cause.severity, -len(cause.rows), cause.column, cause.code))


def outcome(upload: Upload) -> str:
    """What became of the rows, in a sentence without its full stop."""
    counts = {word: upload.counts[word] for word in WORDS if upload.counts.get(word)}
    parts = [f"{counts[word]:,} {WORDS[word]}" for word in counts]
    return f"{plural(sum(counts.values()), 'row')} read: {', '.join(parts)}" if parts else ""


def page_of(upload: Upload) -> str:
    """The name of the page where an upload goes on: one that is held waits for its columns to be matched, or its rows to be seen."""
    if upload.state != JobState.HELD:
        return "upload"
    if upload.phase == UploadPhase.CHECK:
        return "upload-columns" if upload.kind == UploadKind.OR_LOG else "upload-match"
    return "upload-rows"


def is_going(upload: Upload) -> bool:
    return upload.state in {JobState.WAITING, JobState.RUNNING}


def columns_of(table: Table, last: Mapping[str, str]) -> list[FileColumn]:
    """The columns of a held OR log, each with its first values, which are read from the file and kept nowhere."""
    rows = [record.cells for record in islice(table.records(), SAMPLES) if record.cells]
    roles = proposed(table.header, last)
    return [
        FileColumn(place, header, ", ".join(_sample(row, place) for row in rows), roles[place])
        for place, header in enumerate(table.header)
    ]


def held_table(upload: Upload) -> Table | InvalidReport:
    """The held file as far as its header, or why it cannot be read at all."""
    try:
        return open_table(uploads.path_of(upload.file))
    except InvalidReport as refusal:
        return refusal


def _sample(row: list[str], place: int) -> str:
    return row[place].strip()[:LONGEST_SAMPLE] if place < len(row) else ""
