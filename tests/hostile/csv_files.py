"""Delimited texts: what the csv-spectrum collection of the world's CSV files tries, and what hospitals' programs really write."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.hostile.outcomes import HEAD, Hostile, Rows, says

PLAIN = says(("A1", "x", "y"), ("A2", "z"))
SEMICOLONS = HEAD.replace(",", ";")


def csv(
    name: str,
    content: str | bytes,
    rows: Rows | int | None = None,
    problems: Mapping[int, Sequence[str]] | None = None,
    refused: str = "",
) -> Hostile:
    """A file with this content; text is UTF-8."""
    data = content.encode() if isinstance(content, str) else content

    def make(path: Path) -> Any:
        path.write_bytes(data)

    return Hostile(f"{name}.csv", make, rows or {}, problems or {}, refused)


def all_csv() -> Iterator[Hostile]:
    """Every file of this collection."""
    for group in (spectrum, line_ends, encodings, delimiters, quotes, shapes, no_tables, eaten, long_ones):
        yield from group()


def spectrum() -> Iterator[Hostile]:
    """The twelve things that csv-spectrum tries, written anew."""
    yield csv("spectrum-simple", f"{HEAD}\nA,b,c\n", says(("A", "b", "c")))
    yield csv("spectrum-simple-crlf", f"{HEAD}\r\nA,b,c\r\n", says(("A", "b", "c")))
    yield csv("spectrum-comma-in-quotes", f'{HEAD}\nA,"Rue 4, Lyon",c\n', says(("A", "Rue 4, Lyon", "c")))
    yield csv("spectrum-empty", f'{HEAD}\nA,"",""\nB,,3\n', says(("A",), ("B", "", "3")))
    yield csv("spectrum-empty-crlf", f'{HEAD}\r\nA,"",""\r\nB,,3\r\n', says(("A",), ("B", "", "3")))
    yield csv("spectrum-escaped-quotes", f'{HEAD}\nA,"a ""b"" c",d\n', says(("A", 'a "b" c', "d")))
    yield csv("spectrum-json", f'{HEAD}\nA,"{{""k"": [1, ""x""]}}",c\n', says(("A", '{"k": [1, "x"]}', "c")))
    yield csv(
        "spectrum-newlines",
        f'{HEAD}\nA,"one\ntwo",c\nB,x,y\n',
        {**says(("A", "one\ntwo", "c")), **says(("B", "x", "y"), first=4)},
    )
    yield csv(
        "spectrum-newlines-crlf",
        f'{HEAD}\r\nA,"one\r\ntwo",c\r\nB,x,y\r\n',
        {**says(("A", "one\r\ntwo", "c")), **says(("B", "x", "y"), first=4)},
    )
    yield csv("spectrum-quotes-and-newlines", f'{HEAD}\nA,"he said\n""no""",c\n', says(("A", 'he said\n"no"', "c")))
    yield csv("spectrum-utf8", f"{HEAD}\nA,ʤ ñ 骨,ö\n", says(("A", "ʤ ñ 骨", "ö")))
    yield csv(
        "spectrum-coordinates", f'{HEAD}\nA,"48.1, 11.5","-33.9, 18.4"\n', says(("A", "48.1, 11.5", "-33.9, 18.4"))
    )


def line_ends() -> Iterator[Hostile]:
    """LF, CRLF, CR, all of them in one file, none at the end, and blank lines between."""
    yield csv("cr-alone", f"{HEAD}\rA1,x,y\rA2,z,\r", PLAIN)
    yield csv("ends-mixed", f"{HEAD}\r\nA1,x,y\rA2,z,\nA3,,\r\n", {**PLAIN, **says(("A3",), first=4)})
    yield csv("no-last-end", f"{HEAD}\nA1,x,y\nA2,z,", PLAIN)
    yield csv("blank-lines-between", f"\n\n{HEAD}\n\nA1,x,y\n\n,,\nA2,z,\n\n", {4 + 1: PLAIN[2], 8: PLAIN[3]})
    yield csv("cr-cr-lf", f"{HEAD}\r\r\nA1,x,y\r\r\nA2,z,\r\r\n", {3: PLAIN[2], 5: PLAIN[3]})
    yield csv(
        "other-line-ends-are-text",
        f"{HEAD}\nA1,a\u2028b\u0085c\x0bd\x0ce,y\n",
        says(("A1", "a\u2028b\u0085c\x0bd\x0ce", "y")),
    )
    yield csv("end-of-file-mark", f"{HEAD}\nA1,x,y\n\x1a", says(("A1", "x", "y"), ("\x1a",)))


def encodings() -> Iterator[Hostile]:
    """What Excel, SAS, R and mainframes write."""
    text = f"{HEAD}\nA1,Prothèse – Ø 4 µm,y\nA2,z,\n"
    rows = says(("A1", "Prothèse – Ø 4 µm", "y"), ("A2", "z"))
    yield csv("utf-8", text, rows)
    yield csv("utf-8-bom", text.encode("utf-8-sig"), rows)
    yield csv("cp1252", text.encode("cp1252"), rows)
    yield csv("latin-1", text.replace("–", "-").encode("latin-1"), says(("A1", "Prothèse - Ø 4 µm", "y"), ("A2", "z")))
    yield csv("utf-16-le-bom", b"\xff\xfe" + text.encode("utf-16-le"), rows)
    yield csv("utf-16-be-bom", b"\xfe\xff" + text.encode("utf-16-be"), rows)
    yield csv("utf-16-le", text.encode("utf-16-le"), rows)
    yield csv("utf-16-be", text.encode("utf-16-be"), rows)
    yield csv("utf-32", text.encode("utf-32"), rows)
    yield csv("utf-16-tabs", "\ufeff".encode("utf-16-le") + text.replace(",", "\t").encode("utf-16-le"), rows)
    yield csv("utf-16-cut", text.encode("utf-16")[:-1], refused="unreadable-encoding")
    yield csv("utf-16-lone-surrogate", text.encode("utf-16") + b"\x00\xd8,\x00", refused="unreadable-encoding")
    yield csv("utf-8-cut", f"{HEAD}\nA1,é,y\nA2,é".encode()[:-1], refused="unreadable-encoding")
    yield csv("bom-and-then-cp1252", b"\xef\xbb\xbf" + text.encode("cp1252"), refused="unreadable-encoding")
    yield csv("utf-8-and-cp1252", text.encode() + "A3,è,\n".encode("cp1252"), refused="unreadable-encoding")
    yield csv("utf-8-twice", f"{HEAD}\nA1,x,y\nA2,z,\n".encode("utf-8-sig").decode("latin-1"), refused="column-missing")
    yield csv("surrogate-in-utf-8", f"{HEAD}\nA1,".encode() + b"\xed\xa0\x80,\n", refused="unreadable-encoding")
    yield csv("overlong-utf-8", f"{HEAD}\nA1,".encode() + b"\xc0\x81,\n", refused="unreadable-encoding")
    yield csv("undefined-in-cp1252", f"{HEAD}\nA1,\x81,\n".encode("latin-1"), refused="unreadable-encoding")
    yield csv("bom-in-the-middle", f"{HEAD}\nA1,\ufeffx,y\n", says(("A1", "\ufeffx", "y")))
    yield csv("ebcdic", text.replace("–", "-").replace("Ø", "O").encode("cp500"), refused="unreadable-encoding")
    yield csv("nul-within", f"{HEAD}\nA1,x\0,y\n", refused="nul-byte")
    yield csv("nul-filled", f"{HEAD}\nA1,x,y\n".encode() + bytes(4096), refused="nul-byte")
    yield csv("only-nul", bytes(4096), refused="nul-byte")


def delimiters() -> Iterator[Hostile]:
    """The delimiter is found, or said."""
    for name, sign in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|"), ("caret", "^"), ("tilde", "~")):
        yield csv(f"parted-by-{name}", f"{HEAD}\nA1,x,y\nA2,z,\n".replace(",", sign), PLAIN)
        yield csv(
            f"said-{name}",
            f"sep={sign}\r\n" + f"{HEAD}\r\nA1,x,y\r\nA2,z,\r\n".replace(",", sign),
            {3: PLAIN[2], 4: PLAIN[3]},
        )
    yield csv(
        "commas-in-semicolons", f"{SEMICOLONS}\nA1;1,5;2,5\nA2;a,b,c;\n", says(("A1", "1,5", "2,5"), ("A2", "a,b,c"))
    )
    yield csv(
        "decimal-commas",
        "local_case_id;print_1_mass_g\nA1;12,5\n",
        says(("A1", "12.5"), names=("local_case_id", "print_1_mass_g")),
    )
    yield csv("semicolons-in-commas", f"{HEAD}\nA1,a;b;c;d,y\n", says(("A1", "a;b;c;d", "y")))
    yield csv("said-and-quoted", f'sep=;\n{SEMICOLONS}\nA1;"x;x";y\n', says(("A1", "x;x", "y"), first=3))
    yield csv("said-alone", "sep=;\n", refused="empty-file")
    yield csv("one-column", "local_case_id\nA1\nA2\n", says(("A1",), ("A2",)))
    yield csv("said-with-another", f"sep=,\n{SEMICOLONS}\nA1;x;y\n", refused="column-missing")


def quotes() -> Iterator[Hostile]:
    """Quotation marks as they are, and as they should not be."""
    yield csv("all-quoted", '"local_case_id","comment"\n"A1","x"\n', says(("A1", "x")))
    yield csv(
        "quoted-header-with-line-end",
        'local_case_id,"print_1\nprinter"\nA1,x\n',
        {3: {"local_case_id": "A1", "print_1_printer": "x"}},
    )
    yield csv("quote-in-the-middle", f'{HEAD}\nA1,5" screw,y\n', says(("A1", '5" screw', "y")))
    yield csv("quote-never-closed", f'{HEAD}\nA1,x,y\nA2,"z,\nA3,,\n', says(("A1", "x", "y")), {3: ["malformed-row"]})
    yield csv("text-after-quote", f'{HEAD}\nA1,"x"z,y\nA2,z,\n', {3: PLAIN[3]}, {2: ["malformed-row"]})
    yield csv("header-quote-never-closed", 'local_case_id,"comment\nA1,x\n', refused="malformed-header")
    yield csv("quote-within-quotes", f'{HEAD}\nA1,"5" screw",y\nA2,z,\n', {3: PLAIN[3]}, {2: ["malformed-row"]})
    yield csv(
        "broken-row-whose-last-cell-goes-on",
        f'{HEAD}\nA1,"x"z,"open\nmore,1,2"\nA2,z,\n',
        {4: PLAIN[3]},
        {2: ["malformed-row"], 3: ["malformed-row"]},
    )
    yield csv("quote-never-closed-in-a-long-file", f'{HEAD}\nA1,"x,y\n' + "A2,z,\n" * 50_000, refused="too-long")
    yield csv("smart-quotes-are-text", f"{HEAD}\nA1,“x,y”\n", says(("A1", "“x", "y”")))
    yield csv("apostrophes-are-text", f"{HEAD}\nA1,'x','y'\n", says(("A1", "'x'", "'y'")))
    yield csv("backslash-is-text", f'{HEAD}\nA1,\\n,"\\"\n', says(("A1", "\\n", "\\")))
    yield csv("spaces-around", f"{HEAD}\n A1 ,  x\t,\u00a0y\u00a0\n", says(("A1", "x", "y")))
    yield csv("only-quotes", f'{HEAD}\nA1,"""""",""""\n', says(("A1", '""', '"')))


def shapes() -> Iterator[Hostile]:
    """Headers and rows that do not fit each other."""
    yield csv("short-rows", f"{HEAD}\nA1,x\nA2\n", says(("A1", "x"), ("A2",)))
    yield csv("long-row", f"{HEAD}\nA1,x,y,z\nA2,z,\n", {3: PLAIN[3]}, {2: ["wrong-number-of-cells"]})
    yield csv("trailing-delimiters", f"{HEAD},,\nA1,x,y,,\nA2,z,,,\n", PLAIN)
    yield csv("trailing-delimiters-of-rows", f"{HEAD}\nA1,x,y,,,\nA2,z,,,\n", PLAIN)
    yield csv("unnamed-column", "local_case_id,,comment\nA1,secret,x\n", refused="unknown-column")
    yield csv("column-twice", "local_case_id,comment,Comment\nA1,x,y\n", refused="column-twice")
    yield csv("header-only", f"{HEAD}\n", refused="no-rows")
    yield csv("header-and-delimiters", f"{HEAD}\n,,\n,,\n", refused="no-rows")
    yield csv("empty", "", refused="empty-file")
    yield csv("only-line-ends", "\r\n\n\r\r\n", refused="empty-file")
    yield csv("only-bom", b"\xef\xbb\xbf", refused="empty-file")
    yield csv("no-header", "A1,x,y\nA2,z,\n", refused="column-missing")
    yield csv("title-above-the-header", f"Cases of March\n{HEAD}\nA1,x,y\n", refused="column-missing")
    yield csv(
        "header-again-below",
        f"{HEAD}\nA1,x,y\n{HEAD}\n",
        says(("A1", "x", "y"), ("local_case_id", "comment", "part_1_comment")),
    )
    yield csv("header-in-capitals", "Local Case-ID,COMMENT\nA1,x\n", says(("A1", "x")))
    yield csv("same-id-twice", f"{HEAD}\nA1,x,y\nA1,z,\n", says(("A1", "x", "y")), {3: ["duplicate-in-file"]})
    yield csv("redcap-raw", "record_id,redcap_event_name,uses___1\n1,base_arm_1,1\n", refused="column-missing")
    yield csv(
        "header-of-3000-columns",
        ",".join(["local_case_id", *(f"c{n}" for n in range(3000))]) + "\nA1\n",
        refused="too-many-columns",
    )
    yield csv(
        "row-of-100000-cells", f"{HEAD}\nA1,x,y{',z' * 100_000}\nA2,z,\n", {3: PLAIN[3]}, {2: ["wrong-number-of-cells"]}
    )


def no_tables() -> Iterator[Hostile]:
    """What people drop by mistake."""
    for name, start in (
        ("old-workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("rtf", b"{\\rtf1\\ansi a}"),
        ("sqlite", b"SQLite format 3\x00"),
        ("7z", b"7z\xbc\xaf\x27\x1c\x00\x04"),
        ("zstd", b"\x28\xb5\x2f\xfd\x00"),
    ):
        yield csv(f"a-{name}", start, refused="not-a-text-file")
    yield csv("an-elf", b"\x7fELF\x02\x01\x01" + bytes(32), refused="nul-byte")
    yield csv("html", "<!doctype html>\n<table><tr><td>A1</td></tr></table>\n", refused="column-missing")
    yield csv("random-bytes", bytes((n * 197 + n // 7) % 251 + 1 for n in range(50_000)), refused="unreadable-encoding")


def eaten() -> Iterator[Hostile]:
    """What Excel has done to ids and codes is told; what looks alike and is none is kept."""
    for number, text in enumerate(
        ("Mar-02", "2-Mar", "02-Mar-26", "2026-03-02", "3/2/2026", "02.03.2026", "02. Mrz", "Jun 05")
    ):
        yield csv(f"date-for-an-id-{number}", f"{HEAD}\n{text},x,y\n", says(("", "x", "y")), {2: ["date-in-cell"]})
    for number, text in enumerate(("1.23E+11", "1,23E+11", "1E+11", "1.2345E11", "9.99999e+15")):
        yield csv(f"shortened-id-{number}", f'{HEAD}\n"{text}",x,y\n', says(("", "x", "y")), {2: ["shortened-number"]})
    names = ("local_case_id", "code_1_code", "procedure_code", "indication_code")
    header = ",".join(names)
    kept = says(("MAR-02", "0559T", "27130", "M16.1"), ("24E001", "0562T", "1E50", "5A11"), names=names)
    yield csv("codes-that-lost-nothing", f"{header}\nMAR-02,0559T,27130,M16.1\n24E001,0562T,1E50,5A11\n", kept)
    yield csv(
        "zeros-lost",
        f"{header}\nA1,559T,27130,M16.1\n",
        says(("A1", "", "27130", "M16.1"), names=names),
        {2: ["zeros-lost"]},
    )
    yield csv(
        "codes-eaten",
        f"{header}\nA1,0559T,2-Mar,1.00E+50\n",
        says(("A1", "0559T"), names=names),
        {2: ["date-in-cell", "shortened-number"]},
    )
    yield csv("dates-in-a-comment-are-text", f"{HEAD}\nA1,Mar-02,1.23E+11\n", says(("A1", "Mar-02", "1.23E+11")))


def long_ones() -> Iterator[Hostile]:
    """Cells, lines and files of a length nobody means, or that somebody does."""
    yield csv("cell-of-a-million", f"{HEAD}\nA1,{'x' * 1_000_000},y\nA2,z,\n", refused="line-too-long")
    yield csv("cell-of-200000", f"{HEAD}\nA1,{'x' * 200_000},y\nA2,z,\n", {3: PLAIN[3]}, {2: ["too-long"]})
    yield csv(
        "quoted-cell-of-many-lines",
        f'{HEAD}\nA1,"' + "x\n" * 100_000 + '",y\nA2,z,\n',
        refused="too-long",
    )
    yield csv("10-mb-without-a-line-end", b"x" * 10_000_000, refused="line-too-long")
    yield csv("header-cell-of-200000", f"{'x' * 200_000},local_case_id\nA1,A1\n", refused="too-long")
    yield csv("20-mb-of-line-ends", b"\n" * 20_000_000, refused="empty-file")
    yield csv("10-mb-of-delimiters", f"{HEAD}\n" + f"{',' * 999}\n" * 10_000, refused="no-rows")
    yield csv("5-mb-of-quotes", f"{HEAD}\n" + '"' * 900_000 + "\n" + '""\n' * 1000, problems={2: ["too-long"]})
    yield csv("40000-rows", f"{HEAD}\n" + "".join(f"A{n},x,y\n" for n in range(40_000)), 40_000)
    yield csv("900000-empty-rows", f"{HEAD}\n" + ",,\n" * 900_000 + "A1,x,y\n", {900_002: PLAIN[2]})
