"""Workbooks as honest programs write them: numbers, dates, formulas, merged cells, several sheets."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.hostile.outcomes import NAMES, Hostile, says
from tests.hostile.workbooks import BOOK, BOOK_LINKS, PLAIN, SOUND, book_of, links_to, parts, row, sheet, xlsx

Call = Sequence[Any]


def honest() -> Iterator[Hostile]:
    """Every file of this collection."""
    yield xlsx("plain", parts(SOUND), rows=PLAIN)
    for group in (values, dates, formulas, cells, several_sheets):
        yield from group()


def written(name: str, *calls: Call, options: dict[str, Any] | None = None, **outcome: Any) -> Hostile:
    """A workbook of one sheet with a header, and these calls of xlsxwriter: method and arguments."""

    def make(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", **(options or {})}) as book:
            page = book.add_worksheet("log")
            page.write_row(0, 0, NAMES)
            for method, *arguments in calls:
                getattr(page, method)(*arguments)

    return Hostile(f"{name}.xlsx", make, **outcome)


def values() -> Iterator[Hostile]:
    """Numbers, texts and truths."""
    yield written(
        "texts", ("write_row", 1, 0, ["A1", " x "]), ("write_string", 1, 2, "=y"), rows=says(("A1", "x", "=y"))
    )
    numbers = [123456789012345, 0.1 + 0.2, 1e-7, 2.0, -0.0]
    yield written("numbers", ("write_row", 1, 0, numbers), rows=says(("123456789012345", "0.3", "0.0000001", "2", "0")))
    rounded = ("write_row", 1, 0, [1234567890123456789, "x"])
    yield written("rounded-id", rounded, rows=says(("", "x")), problems={2: ["shortened-number"]})
    yield written("logical", ("write_row", 1, 0, ["A1", True, False]), rows=says(("A1", "yes", "no")))


def dates() -> Iterator[Hostile]:
    """A date keeps its month where a month is asked for, and is told anywhere else."""
    for start in (1900, 1904):
        from_1904 = {"date_1904": start == 1904}
        yield written(
            f"dates-from-{start}",
            ("write_row", 1, 0, ["A1", date(2026, 3, 17)]),
            ("write_row", 2, 0, [date(2026, 3, 2), "x"]),
            options=from_1904,
            rows=says(("A1",), ("", "x")),
            problems={2: ["date-in-cell"], 3: ["date-in-cell"]},
        )
        said = {"local_case_id": "A1", "order_month": "2026-03", "time_1_minutes": "155"}
        yield Hostile(f"months-from-{start}.xlsx", _months(from_1904), rows={2: said})


def _months(options: dict[str, Any]) -> Any:
    def make(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"default_date_format": "mmm yy", **options}) as book:
            page = book.add_worksheet("cases")
            page.write_row(0, 0, ["local_case_id", "order_month", "time_1_minutes"])
            page.write_row(1, 0, ["A1", date(2026, 3, 17)])
            page.write_datetime(1, 2, timedelta(hours=2, minutes=35), book.add_format({"num_format": "[h]:mm"}))

    return make


def formulas() -> Iterator[Hostile]:
    """A formula is the value that was kept beside it, and is never worked out."""
    first, second = ("write_formula", 1, 0, '="A"&1', None, "A1"), ("write_formula", 1, 1, "=1+1", None, 2)
    yield written("formulas", first, second, rows=says(("A1", "2")))
    never = ("write_formula", 1, 0, "=A9", None, "")
    yield written("formula-never-computed", never, ("write", 1, 1, "x"), rows=says(("", "x")))
    error = ("write_formula", 1, 1, "=1/0", None, "#DIV/0!")
    yield written("formula-error", ("write", 1, 0, "A1"), error, rows=says(("A1",)), problems={2: ["formula-error"]})
    command = ("write_formula", 1, 1, "=cmd|'/c calc'!A0", None, "x")
    yield written("dde", ("write", 1, 0, "A1"), command, rows=says(("A1", "x")))
    address = ("write_url", 1, 1, "https://example.org/", None, "x")
    yield written("hyperlink", ("write", 1, 0, "A1"), address, rows=says(("A1", "x")))


def cells() -> Iterator[Hostile]:
    """Cells that span, hide, carry notes, or stand far below."""
    merged = (("merge_range", 1, 0, 2, 0, "A1"), ("write", 1, 1, "x"), ("write", 2, 1, "z"))
    yield written("merged-rows", *merged, rows=says(("A1", "x"), ("", "z")))
    choice = {"validate": "list", "source": ["x"]}
    notes = (("write_comment", 1, 1, "no cell"), ("data_validation", 1, 1, 9, 1, choice))
    yield written("note-and-drop-down", ("write_row", 1, 0, ["A1", "x"]), *notes, rows=says(("A1", "x")))
    rich = '<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>'
    yield xlsx("rich-text", parts(sheet(row("local_case_id", "comment"), row("A1", rich))), rows=says(("A1", "ab")))
    yield written("rows-far-below", ("write_row", 40_000, 0, ["A1", "x", "y"]), rows={40_001: PLAIN[2]})
    hidden = (("write", 2, 0, "A2"), ("set_row", 2, None, None, {"hidden": True}))
    yield written("hidden-rows-count", ("write", 1, 0, "A1"), *hidden, rows=says(("A1",), ("A2",)))


def several_sheets() -> Iterator[Hostile]:
    """The sheet that is meant, and none that somebody hid before one that is seen."""
    second = "xl/worksheets/sheet2.xml"
    other = {second: sheet(row("local_case_id"), row("HIDDEN"))}
    links = links_to(second, "/xl/worksheets/sheet1.xml")
    for state in ("hidden", "veryHidden"):
        book = book_of(("one", state), ("two", "visible"))
        yield xlsx(f"first-sheet-{state}", parts(SOUND, {**other, BOOK: book, BOOK_LINKS: links}), rows=PLAIN)
    yield xlsx("only-sheet-hidden", parts(SOUND, {BOOK: book_of(("one", "hidden"))}), rows=PLAIN)
    book = book_of(("notes", "visible"), ("Cases", "visible"))
    yield xlsx("sheet-called-cases", parts(SOUND, {**other, BOOK: book, BOOK_LINKS: links}), rows=PLAIN)
    yield xlsx("sheet-without-cells", parts(sheet()), refused="empty-file")
    many = book_of(("cases", "visible"), *((f"s{number}", "visible") for number in range(300)))
    to_one = links_to("worksheets/sheet1.xml", *[second] * 300)
    yield xlsx("301-sheets", parts(SOUND, {**other, BOOK: many, BOOK_LINKS: to_one}), rows=PLAIN)
