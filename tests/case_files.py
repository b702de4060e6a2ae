"""Files of whole cases, as sites send them."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.actions import upload_turns, uploads
from registry.intake import flat
from registry.models import Upload
from registry.vocabulary.workflow import JobState
from tests.people import People


def csv_of(reports: Iterable[Mapping[str, Any]], *, delimiter: str = ",") -> str:
    """One row a report, the columns in the order of a template."""
    said = [flat.said_of(report) for report in reports]
    names = [
        column.name
        for column in flat.columns(dict.fromkeys(flat.ONE_OF, 20))
        if any(column.name in row for row in said)
    ]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in said)
    return out.getvalue()


def xlsx_of(header: list[str], rows: list[list[Any]], path: Path, *, sheet: str = "cases") -> bytes:
    """A workbook with one sheet; dates and numbers are such."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate([header, *rows]):
            page.write_row(number, 0, row)
    return path.read_bytes()


def sent(people: People, content: str | bytes) -> Upload:
    """The file waits."""
    data = content.encode() if isinstance(content, str) else content
    return uploads.receive(
        "cases", site=people.site, by=people.alice, via="form", stream=io.BytesIO(data), options={}, name="cases.csv"
    )


def read(people: People, content: str | bytes) -> Upload:
    """The file was read by a worker."""
    return read_out(sent(people, content))


def read_out(upload: Upload) -> Upload:
    """The upload after as many turns as it takes; on a busy machine one turn may not be enough for a long file."""
    while True:
        upload_turns.work(upload)
        upload.refresh_from_db()
        if upload.state != JobState.WAITING or upload.attempts:
            return upload
