"""JSON lines, Parquet and gzip archives, sound and not."""

import gzip
import io
import json
import struct
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.hostile.outcomes import HEAD, Hostile, says
from tests.hostile.workbooks import PLAIN as SOUND_SAYS
from tests.hostile.workbooks import SOUND, parts, zipped

TEXT = f"{HEAD}\nA1,x,y\nA2,z,\n"
PLAIN = says(("A1", "x", "y"), ("A2", "z"))
FIRST = {"local_case_id": "A1", "comment": "x", "part_1_comment": "y"}


def all_others() -> Iterator[Hostile]:
    """Every file of this collection."""
    for group in (json_lines, odd_json, parquet, damaged_parquet, archives):
        yield from group()


def lines(name: str, *said: Any, **outcome: Any) -> Hostile:
    """A file of these lines, each a text as it is or an object."""
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in said)
    return Hostile(f"{name}.ndjson", lambda path: path.write_bytes(text.encode("utf-8", "surrogatepass")), **outcome)


def json_lines() -> Iterator[Hostile]:
    """Objects a line, flat or as the REST interface takes them."""
    yield lines(
        "objects", FIRST, {"local_case_id": "A2", "comment": "z"}, rows=says(("A1", "x", "y"), ("A2", "z"), first=1)
    )
    yield lines(
        "names-come-later",
        {"local_case_id": "A1"},
        {"comment": "z", "local_case_id": "A2"},
        rows=says(("A1",), ("A2", "z"), first=1),
    )
    yield lines(
        "null-says-nothing",
        {"local_case_id": "A1", "comment": None, "age_years": None},
        rows={1: {"local_case_id": "A1"}},
    )
    numbers = (
        '{"local_case_id": 17, "comment": 0.10, "part_1_comment": 1e3, "print_1_printer": true, "or_log_number": -0.0}'
    )
    yield lines("numbers", numbers, rows=says(("17", "0.10", "1000", "yes", "-0.0"), first=1))
    nested = {
        "local_case_id": "A1",
        "age_years": None,
        "parts": [{"comment": "y"}],
        "procedure": {"procedure_code": "1"},
    }
    flat = {"local_case_id": "A1", "age_years": "unknown", "part_1_comment": "y", "procedure_code": "1"}
    yield lines("as-rest-takes-it", nested, rows={1: flat})
    yield lines("blank-lines", "", FIRST, "", "  ", rows=says(("A1", "x", "y")))
    yield Hostile(
        "with-bom.ndjson",
        lambda path: path.write_text(json.dumps(FIRST), "utf-8-sig"),
        rows=says(("A1", "x", "y"), first=1),
    )
    yield Hostile(
        "in-utf-16.ndjson",
        lambda path: path.write_text(json.dumps(FIRST), "utf-16"),
        rows=says(("A1", "x", "y"), first=1),
    )


def odd_json() -> Iterator[Hostile]:
    """What no program should write, and some do."""
    broken: dict[str, Any] = {"rows": says(("A1", "x", "y"), first=1), "problems": {2: ["malformed-row"]}}
    for name, line in (
        ("deep", '{"comment":' + "[" * 100_000 + "]" * 100_000 + "}"),
        ("name-twice", '{"local_case_id": "A2", "local_case_id": "A3"}'),
        ("name-twice-by-a-space", '{"local_case_id": "A2", "local_case_id ": "A3"}'),
        ("cut", '{"local_case_id": "A2", "comm'),
        ("no-object", '["A2"]'),
        ("a-number", "17"),
        ("two-on-a-line", '{"local_case_id": "A2"} {"local_case_id": "A3"}'),
        ("single-quotes", "{'local_case_id': 'A2'}"),
        ("5000-digits", f'{{"local_case_id": {"9" * 5000}}}'),
        ("exponent", '{"local_case_id": "A2", "comment": 1e1000000000}'),
        ("nul-in-a-name", '{"local_case_id": "A2", "a\\u0000b": 1}'),
        ("surrogate-in-a-name", '{"local_case_id": "A2", "\\ud800": 1}'),
        ("name-of-100000", f'{{"local_case_id": "A2", "{"n" * 100_000}": 1}}'),
        ("parts-that-are-none", '{"local_case_id": "A2", "parts": [1, 2]}'),
        ("procedure-that-is-none", '{"local_case_id": "A2", "procedure": [1]}'),
        ("no-name", '{"": 1}'),
    ):
        yield lines(name, FIRST, line, **broken)
    spoilt = {"local_case_id": "A2", "comment": "a\0b", "part_1_comment": "\ud83d"}
    yield lines(
        "nul-and-half-a-character", spoilt, rows=says(("A2",), first=1), problems={1: ["forbidden-character"] * 2}
    )
    yield lines(
        "nan-says-nothing",
        '{"local_case_id": "A2", "comment": NaN, "part_1_comment": -Infinity}',
        rows=says(("A2",), first=1),
    )
    yield lines(
        "shortened-id",
        '{"local_case_id": "1.23E+11", "comment": "x"}',
        rows=says(("", "x"), first=1),
        problems={1: ["shortened-number"]},
    )
    yield lines("array", f"[{json.dumps(FIRST)}]", refused="not-json-lines")
    yield lines("pretty", "{", '  "local_case_id": "A1"', "}", refused="not-json-lines")
    yield lines("no-names", "{}", "{}", refused="empty-file")
    yield lines("3000-names", {f"n{number}": number for number in range(3000)}, refused="too-many-columns")
    yield lines("new-names-on-every-line", *({f"n{number}": 1} for number in range(3000)), refused="too-many-columns")
    yield lines("unknown-name", {"local_case_id": "A1", "surprise": 1}, refused="unknown-column")
    yield lines("line-of-2-mb", '{"comment": "' + "x" * 2_000_000 + '"}', refused="line-too-long")


def table(
    name: str,
    columns: Callable[[], dict[str, Any]],
    change: Callable[[bytes], bytes] = bytes,
    options: dict[str, Any] | None = None,
    **outcome: Any,
) -> Hostile:
    """A Parquet file of these columns, its bytes changed afterwards."""

    def make(path: Path) -> None:
        import polars as pl

        out = io.BytesIO()
        pl.DataFrame(columns()).write_parquet(out, **(options or {}))
        path.write_bytes(change(out.getvalue()))

    return Hostile(f"{name}.parquet", make, **outcome)


def _plain() -> dict[str, Any]:
    return {"local_case_id": ["A1", None, "A2"], "comment": ["x", None, "z"], "part_1_comment": ["y", None, None]}


def parquet() -> Iterator[Hostile]:
    """Typed columns become the texts somebody would type."""
    import polars as pl

    kept = {1: PLAIN[2], 3: PLAIN[3]}
    yield table("plain", _plain, rows=kept)
    for compression in ("uncompressed", "snappy", "gzip", "brotli", "lz4"):
        yield table(f"plain-{compression}", _plain, options={"compression": compression}, rows=kept)
    yield table(
        "many-groups",
        lambda: {"local_case_id": [f"A{n}" for n in range(5000)]},
        options={"row_group_size": 100},
        rows=5000,
    )
    typed = {
        "local_case_id": [17],
        "comment": [Decimal("1.50")],
        "part_1_comment": [True],
        "print_1_printer": [2.0],
        "or_log_number": [time(7, 5)],
    }
    yield table("kinds", lambda: typed, rows=says(("17", "1.50", "yes", "2", "07:05"), first=1))
    when = {
        "local_case_id": ["A1"],
        "order_month": [date(2026, 3, 17)],
        "procedure_performed_month": [datetime(2026, 3, 2, 8, tzinfo=UTC)],
        "time_1_minutes": [timedelta(minutes=155)],
    }
    yield table(
        "dates",
        lambda: when,
        rows={
            1: {
                "local_case_id": "A1",
                "order_month": "2026-03",
                "procedure_performed_month": "2026-03",
                "time_1_minutes": "155",
            }
        },
    )
    yield table(
        "date-for-an-id",
        lambda: {"local_case_id": [date(2026, 3, 2)], "comment": ["x"]},
        rows=says(("", "x"), first=1),
        problems={1: ["date-in-cell"]},
    )
    yield table(
        "rounded-id",
        lambda: {"local_case_id": [1.5e17], "comment": ["x"]},
        rows=says(("", "x"), first=1),
        problems={1: ["shortened-number"]},
    )
    yield table(
        "whole-id", lambda: {"local_case_id": [123456789012345678]}, rows=says(("123456789012345678",), first=1)
    )
    yield table(
        "categories",
        lambda: {"local_case_id": ["A1", "A2"], "comment": pl.Series(["x", "x"], dtype=pl.Categorical)},
        rows=says(("A1", "x"), ("A2", "x"), first=1),
    )
    yield table(
        "nan-says-nothing", lambda: {"local_case_id": ["A1"], "comment": [float("nan")]}, rows=says(("A1",), first=1)
    )
    yield table(
        "nul-in-a-text",
        lambda: {"local_case_id": ["A1"], "comment": ["a\0b"]},
        rows=says(("A1",), first=1),
        problems={1: ["forbidden-character"]},
    )
    yield table("all-empty", lambda: {"local_case_id": [None, None], "comment": [None, None]}, refused="no-rows")
    yield table("no-rows", lambda: {"local_case_id": pl.Series([], dtype=pl.String)}, refused="no-rows")
    for name, column in (("list", [["x"]]), ("struct", [{"a": 1}]), ("bytes", [b"x"]), ("lists-of-lists", [[["x"]]])):
        yield table(
            f"nested-{name}",
            lambda column=column: {"local_case_id": ["A1"], "comment": column},
            refused="nested-values",
        )


def damaged_parquet() -> Iterator[Hostile]:
    """Footers that lie, pages that unfold to what no machine bears."""
    yield table("cut", _plain, lambda data: data[: len(data) // 2], refused="unreadable-parquet")
    yield table("without-footer", _plain, lambda data: data[:-8], refused="unreadable-parquet")
    yield table(
        "footer-of-4-gb", _plain, lambda data: data[:-8] + b"\xff\xff\xff\xffPAR1", refused="unreadable-parquet"
    )
    yield table(
        "footer-of-nothing",
        _plain,
        lambda data: data[:-8] + struct.pack("<I", 0) + b"PAR1",
        refused="unreadable-parquet",
    )
    yield table(
        "footer-of-noise",
        _plain,
        lambda data: data[:-200] + bytes(range(1, 193)) + data[-8:],
        refused="unreadable-parquet",
    )
    yield table(
        "pages-of-noise", _plain, lambda data: data[:4] + b"\x5a" * 60 + data[64:], refused="unreadable-parquet"
    )
    yield Hostile("only-its-marks.parquet", lambda path: path.write_bytes(b"PAR1PAR1"), refused="unreadable-parquet")
    yield Hostile(
        "deep-footer.parquet", lambda path: path.write_bytes(_footed(b"\x1c" * 100_000)), refused="unreadable-parquet"
    )
    yield Hostile(
        "endless-list.parquet",
        lambda path: path.write_bytes(_footed(b"\x29\xfc\xff\xff\xff\xff\x0f" + bytes(40))),
        refused="unreadable-parquet",
    )
    yield Hostile(
        "a-billion-rows.parquet",
        lambda path: path.write_bytes(_footed(b"\x29\x0c\x16\x80\xa8\xd6\xb9\x07\x19\x0c\x00")),
        refused="too-many-rows",
    )
    yield Hostile(
        "encrypted.parquet", lambda path: path.write_bytes(b"PARE" + bytes(100) + b"PARE"), refused="nul-byte"
    )
    yield table("3000-columns", lambda: {f"c{n}": ["x"] for n in range(3000)}, refused="too-many-columns")
    yield table("30000-columns", lambda: {f"c{n}": ["x"] for n in range(30_000)}, refused="workbook-too-large")
    yield table(
        "long-text-in-every-row",
        lambda: {"local_case_id": ["A1", "A2"], "comment": ["x" * 2_000_000, "z"]},
        rows={2: {"local_case_id": "A2", "comment": "z"}},
        problems={1: ["too-long"]},
    )
    yield table(
        "one-megabyte-text-60-times",
        lambda: {"local_case_id": [f"A{n}" for n in range(60)], "comment": ["x" * 1_000_001] * 60},
        rows=0,
        problems={n: ["too-long"] for n in range(1, 61)},
    )
    yield table(
        "unfolds-to-120-mb",
        lambda: {"local_case_id": ["A1"] * 120, "comment": [f"{n}" + "x" * 1_000_000 for n in range(120)]},
        refused="workbook-too-large",
    )


def _footed(footer: bytes) -> bytes:
    return b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"


def archives() -> Iterator[Hostile]:
    """A gzip archive is what it holds, as long as that is bearable."""

    def packed(
        name: str, content: Callable[[], bytes], change: Callable[[bytes], bytes] = bytes, **outcome: Any
    ) -> Hostile:
        return Hostile(f"{name}.gz", lambda path: path.write_bytes(change(gzip.compress(content(), 6))), **outcome)

    yield packed("text", TEXT.encode, rows=PLAIN)
    yield packed("text-in-utf-16", lambda: TEXT.encode("utf-16"), rows=PLAIN)
    yield packed("objects", lambda: json.dumps(FIRST).encode(), rows=says(("A1", "x", "y"), first=1))
    yield packed("workbook", lambda: _made(lambda path: zipped(path, parts(SOUND).items())), rows=SOUND_SAYS)
    yield packed("parquet", lambda: _made(next(parquet()).make), rows={1: PLAIN[2], 3: PLAIN[3]})
    yield packed(
        "members",
        TEXT.encode,
        lambda data: data + gzip.compress(b"A3,,\n"),
        rows={**PLAIN, 4: {"local_case_id": "A3"}},
    )
    yield packed("within-another", lambda: gzip.compress(TEXT.encode()), refused="archive-too-large")
    yield packed("bomb", lambda: TEXT.encode() + b"\n" * 30_000_000, refused="archive-too-large")
    yield packed("bomb-of-rows", lambda: TEXT.encode() + b"A3,,\n" * 10_000_000, refused="archive-too-large")
    yield packed("bomb-of-a-workbook", lambda: b"PK\x03\x04" + bytes(30_000_000), refused="archive-too-large")
    for share in (30, 60, 99):
        yield packed(
            f"cut-at-{share}-percent",
            TEXT.encode,
            lambda data, share=share: data[: len(data) * share // 100],
            refused="damaged-archive",
        )
    yield packed(
        "wrong-checksum", TEXT.encode, lambda data: data[:-8] + bytes(4) + data[-4:], refused="damaged-archive"
    )
    yield packed("junk-behind", TEXT.encode, lambda data: data + b"junk", refused="damaged-archive")
    yield packed("nothing", bytes, refused="empty-file")
    yield Hostile("only-its-mark.gz", lambda path: path.write_bytes(b"\x1f\x8b"), refused="damaged-archive")


def _made(make: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        make(path)
        return path.read_bytes()
