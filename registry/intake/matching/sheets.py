"""The sheets that a workbook offers to be read."""

from pathlib import Path

from registry.intake.sources.spreadsheet import XLSX


def sheet_names(path: Path) -> list[str]:
    """In the order of the workbook, which `open_table` has taken; none of a delimited text."""
    import python_calamine  # noqa: PLC0415 - only where a workbook is read

    with path.open("rb") as file:
        if file.read(4) != XLSX:
            return []
    return list(python_calamine.CalamineWorkbook.from_path(path).sheet_names)
