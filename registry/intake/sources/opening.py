"""Any file a site sends, opened by what it holds and never by what it is called."""

from pathlib import Path

from registry.intake.sources import spreadsheet
from registry.intake.sources.delimited import open_text
from registry.intake.sources.gzipped import start_of
from registry.intake.sources.json_lines import is_json, open_json_lines
from registry.intake.sources.spreadsheet import XLSX, open_workbook
from registry.intake.sources.table import Table
from registry.intake.sources.unfolding import SheetOf

PARQUET = b"PAR1"


def open_table(path: Path, *, sheet: str = "") -> Table:
    """The file understood as far as its header: a workbook, Parquet, JSON lines or delimited text, plain or packed with gzip.

    `sheet`: which of a workbook; else the one called "cases", or the first with a header, hidden ones last. Raises InvalidReport for
    a file that cannot be read, with what to do.
    """
    start = start_of(path)
    if start.startswith(XLSX):
        return open_workbook(path, sheet)
    if start.startswith(PARQUET):
        from registry.intake.sources.parquet import open_parquet  # noqa: PLC0415 - polars loads only where a file needs it

        return open_parquet(path)
    return open_json_lines(path) if is_json(start) else open_text(path)


def sheets(path: Path) -> list[SheetOf]:
    """The sheets of a workbook, visible ones first; none of any other file. Raises InvalidReport as `open_table`."""
    return spreadsheet.sheets(path) if start_of(path).startswith(XLSX) else []
