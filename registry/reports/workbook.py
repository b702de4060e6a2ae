"""Published measures as one workbook: notes first, then a sheet for each, with real numbers in full precision."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from registry.reports.measure_tables import as_table, notes
from registry.reports.writers import Written, XlsxFile
from registry.statistics.results import Statistic, Suppressed

Result: TypeAlias = Statistic | Suppressed

NOTES_WIDTHS = (24, 24, 110)
NEVER_ZERO = "A figure that does not exist or may not be shown says so in words. It is never 0 and never empty."


def write(path: Path, results: Sequence[Result], *, title: str, said: Iterable[tuple[str, str]]) -> Written:
    """The workbook at `path`; `said`, pairs of name and sentence, is what the notes say of it all before they come to each measure."""
    as_of = max((result.cut_off for result in results if isinstance(result, Statistic)), default=datetime.now(UTC))
    with XlsxFile(path, title=title, as_of=as_of) as book:
        book.sheet("Notes", ("Sheet", "Of", "What it says"), _notes(results, said), widths=NOTES_WIDTHS)
        for table in map(as_table, results):
            headings = [column.heading for column in table.columns] or ["Not shown"]
            book.sheet(table.key, headings, table.cells() or [[table.not_shown or "no case yet"]])
    return book.written()


def _notes(results: Sequence[Result], said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for name, text in (*said, ("Not shown", NEVER_ZERO)):
        yield ("all", name, text)
    for result in results:
        yield (result.measure, "Title", result.title)
        if isinstance(result, Suppressed):
            yield (result.measure, "Not shown", result.reason)
        else:
            yield from ((result.measure, name, text) for name, text in notes(result))
