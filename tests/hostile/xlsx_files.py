"""Workbooks made by somebody who means harm, or damaged on their way."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.outcomes import HEAD, Hostile, says
from tests.hostile.workbooks import (
    BOOK,
    BOOK_LINKS,
    HEADER,
    LINKS,
    MAIN,
    PLAIN,
    RELATIONSHIPS,
    SHEET,
    SOUND,
    TEXTS,
    XML,
    Parts,
    links_to,
    parts,
    row,
    shared,
    sheet,
    xlsx,
    zipped,
)
from tests.hostile.xlsx_honest import honest


def all_xlsx() -> Iterator[Hostile]:
    """Every file of this collection."""
    for group in (honest, bombs, declarations, foreign, archives, lies, other_kinds):
        yield from group()


def bombs() -> Iterator[Hostile]:
    """Small files that unfold to what no machine bears."""
    yield xlsx(
        "zip-bomb",
        lambda: parts(sheet(HEADER, row("A1", "x", "y"), after=" " * 60_000_000)),
        refused="workbook-too-large",
    )
    yield xlsx(
        "zip-bomb-elsewhere",
        lambda: parts(SOUND, {"xl/media/image1.png": bytes(150_000_000)}),
        refused="workbook-too-large",
    )
    yield Hostile("nested-zip.xlsx", _nested, rows=PLAIN)
    texts = says(*(tuple(f"text {number * 3 + at}" for at in range(3)) for number in range(19)))
    yield xlsx("a-million-shared-texts", _million, rows=texts)
    yield xlsx(
        "one-long-text-100000-times",
        lambda: parts(_referring(100, 1000, same=0), {TEXTS: shared(["x" * 30_000])}),
        refused="workbook-too-large",
    )
    yield xlsx(
        "a-shared-text-of-a-megabyte",
        lambda: parts(sheet(HEADER, row("A1", '<c t="s"><v>0</v></c>'), row("A2")), {TEXTS: shared(["x" * 1_000_000])}),
        rows={3: {"local_case_id": "A2"}},
        problems={2: ["too-long"]},
    )
    yield xlsx(
        "cell-far-out",
        parts(sheet(HEADER, row("A1", "x", "y"), '<row r="999999"><c r="XFD999999"><v>1</v></c></row>')),
        refused="workbook-too-large",
    )
    yield xlsx("row-far-down", parts(sheet(HEADER, '<row r="99999999"><c><v>1</v></c></row>')), refused="too-many-rows")
    yield xlsx(
        "rows-that-say-no-number", lambda: parts(sheet(HEADER, row("A1", "x", "y"), "<row/>" * 1_040_000)), rows=PLAIN
    )
    yield xlsx(
        "empty-cells-by-the-million",
        lambda: parts(sheet(HEADER, row("A1", "x", "y"), f"<row>{'<c/>' * 1_000_000}</row>")),
        rows=PLAIN,
    )
    yield xlsx(
        "16384-columns",
        lambda: parts(sheet(row("local_case_id", *(f"c{n}" for n in range(16_383))))),
        refused="too-many-columns",
    )
    yield xlsx(
        "deep-elements", lambda: parts(sheet(HEADER, after="<a>" * 300_000 + "</a>" * 300_000)), refused="no-rows"
    )
    yield xlsx(
        "a-million-styles",
        lambda: parts(
            SOUND,
            {
                "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 1_000_000}</cellXfs></styleSheet>'.encode()
            },
        ),
        rows=PLAIN,
    )
    yield xlsx("too-many-parts", parts(SOUND, {f"xl/{n}.txt": b"" for n in range(3000)}), refused="workbook-too-large")
    yield xlsx(
        "errors-everywhere",
        lambda: parts(sheet(HEADER, *(row(*['<c t="e"><v>#REF!</v></c>'] * 20) for _ in range(1000)))),
        refused="formula-error",
    )


def _million() -> Parts:
    return parts(_referring(3, 20), {TEXTS: shared([*HEAD.split(","), *(f"text {n}" for n in range(1_000_000))])})


def _referring(columns: int, rows: int, *, same: int | None = None) -> bytes:
    cell = '<c t="s"><v>{}</v></c>'
    return sheet(
        *(row(*(cell.format(n * columns + at if same is None else same) for at in range(columns))) for n in range(rows))
    )


def _nested(path: Path) -> None:
    inner = b"0" * 10_000_000
    for _ in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", inner)
        inner = out.getvalue()
    zipped(path, parts(SOUND, {"xl/embeddings/inner.zip": inner}).items())


def _declaring(declaration: str, cell: str = "x") -> bytes:
    return SOUND.replace(b"?>\n", f"?>\n{declaration}\n".encode(), 1).replace(b">x<", f">{cell}<".encode())


def declarations() -> Iterator[Hostile]:
    """XML that declares entities, of its own or of somebody else's."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield xlsx(
        "billion-laughs",
        parts(_declaring(f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>', "&l9;")),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "quadratic-entity",
        parts(_declaring(f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>', "&a;" * 5_000)),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "xxe-of-a-file",
        parts(_declaring('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;")),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "xxe-of-an-address",
        parts(_declaring('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "entity-in-shared-texts",
        parts(SOUND, {TEXTS: b'<!DOCTYPE x [<!ENTITY a "b">]>' + shared(["&a;"]).removeprefix(XML.encode())}),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "entity-in-links",
        parts(SOUND, {BOOK_LINKS: b"<!DOCTYPE x>" + parts(SOUND)[BOOK_LINKS].removeprefix(XML.encode())}),
        refused="unreadable-workbook",
    )
    yield xlsx("entity-never-declared", parts(_declaring("", "&a;")), refused="unreadable-workbook")
    yield xlsx(
        "sheet-in-utf-16",
        parts(SOUND.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        refused="empty-file",
    )


def foreign() -> Iterator[Hostile]:
    """Macros never run, links are never followed."""
    macro = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)}
    yield xlsx("macros.xlsm", parts(SOUND, macro), rows=PLAIN)
    link = f'{XML}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{LINKS}" r:id="rId1"/></externalLink>'.encode()
    there = f'<Relationship Id="rId1" Type="{LINKS}/externalLinkPath" Target="file://10.0.0.1/x.xlsx" TargetMode="External"/>'
    to = f"{XML}{RELATIONSHIPS}{there}</Relationships>".encode()
    linked = sheet(HEADER, row("A1", '<c t="str"><f>[1]Sheet1!A1</f><v>x</v></c>', "y"))
    yield xlsx(
        "external-links",
        parts(
            linked, {"xl/externalLinks/externalLink1.xml": link, "xl/externalLinks/_rels/externalLink1.xml.rels": to}
        ),
        rows=PLAIN,
    )
    yield xlsx(
        "web-service",
        parts(sheet(HEADER, row("A1", '<c t="str"><f>WEBSERVICE("http://127.0.0.1:9/")</f><v>x</v></c>', "y"))),
        rows=PLAIN,
    )
    yield xlsx(
        "sheet-is-an-address",
        parts(SOUND, {BOOK_LINKS: links_to("http://127.0.0.1:9/sheet1.xml")}),
        refused="unreadable-workbook",
    )
    yield xlsx("sheet-is-called-a-picture", parts(SOUND, target="media/image1.png"), refused="unreadable-workbook")


def archives() -> Iterator[Hostile]:
    """Archives that are damaged, or lie about what is in them."""
    yield xlsx(
        "zip-slip",
        parts(
            SOUND,
            {
                "../../../../tmp/strata-slip.xml": b"<a/>",
                "/etc/strata-slip.xml": b"<a/>",
                "..\\strata-slip.xml": b"<a/>",
            },
        ),
        rows=PLAIN,
    )
    yield Hostile(
        "part-twice.xlsx",
        lambda path: zipped(path, [*parts(SOUND).items(), (SHEET.upper(), SOUND)]),
        refused="unreadable-workbook",
    )
    for share in (1, 30, 60, 99):
        yield Hostile(
            f"cut-at-{share}-percent.xlsx",
            lambda path, share=share: _changed(path, lambda data: data[: len(data) * share // 100]),
            refused="unreadable-workbook",
        )
    yield Hostile(
        "wrong-checksum.xlsx",
        lambda path: _changed(path, lambda data: data.replace(_crc(SOUND), b"\1\2\3\4")),
        refused="unreadable-workbook",
    )
    yield Hostile(
        "larger-than-it-says.xlsx",
        lambda path: _changed(
            path, lambda data: data.replace(len(SOUND).to_bytes(4, "little"), (100).to_bytes(4, "little"))
        ),
        refused="unreadable-workbook",
    )
    yield Hostile(
        "part-with-a-password.xlsx",
        lambda path: _changed(
            path, lambda data: data.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
        ),
        refused="unreadable-workbook",
    )
    yield Hostile(
        "something-before-it.xlsx",
        lambda path: _changed(path, lambda data: b"PK\x03\x04junk" + data),
        rows=PLAIN,
    )
    yield Hostile("something-behind-it.xlsx", lambda path: _changed(path, lambda data: data + bytes(20)), rows=PLAIN)
    yield Hostile(
        "lzma.xlsx",
        lambda path: zipped(path, parts(SOUND).items(), compression=zipfile.ZIP_LZMA),
        refused="unreadable-workbook",
    )
    yield Hostile(
        "stored.xlsx", lambda path: zipped(path, parts(SOUND).items(), compression=zipfile.ZIP_STORED), rows=PLAIN
    )
    for name in (BOOK, BOOK_LINKS, SHEET):
        yield xlsx(
            f"without-{Path(name).name}.xlsx",
            {part: content for part, content in parts(SOUND).items() if part != name},
            refused="unreadable-workbook",
        )
        yield xlsx(
            f"half-of-{Path(name).name}.xlsx",
            parts(SOUND, {name: parts(SOUND)[name][:-40]}),
            refused="unreadable-workbook",
        )


def _crc(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "little")


def _changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    zipped(path, parts(SOUND).items())
    before = path.read_bytes()
    path.write_bytes(change(before))
    assert path.read_bytes() != before


def lies() -> Iterator[Hostile]:
    """Sheets that say one thing and hold another."""
    for name, reference in (("large", "A1:XFD1048576"), ("small", "A1"), ("backwards", "C9:A1")):
        lying = sheet(HEADER, row("A1", "x", "y"), before=f'<dimension ref="{reference}"/>')
        yield xlsx(f"dimension-{name}", parts(lying), rows=PLAIN)
    nonsense = sheet(HEADER, row("A1", "x", "y"), before='<dimension ref="nonsense"/>')
    yield xlsx("dimension-nonsense", parts(nonsense), refused="unreadable-workbook")
    yield xlsx(
        "shared-text-that-is-not-there",
        parts(sheet(HEADER, row('<c t="s"><v>7</v></c>')), {TEXTS: shared(["x"])}),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "cell-called-nonsense", parts(sheet(HEADER, '<row><c r="1A"><v>1</v></c></row>')), refused="unreadable-workbook"
    )
    yield xlsx(
        "row-called-nonsense",
        parts(sheet(HEADER, '<row r="-1"><c r="A1"><v>1</v></c></row>')),
        refused="unreadable-workbook",
    )
    yield xlsx(
        "number-that-is-none",
        parts(sheet(HEADER, row("<c><v>1e999</v></c>", "x"))),
        rows=says(("", "x")),
        problems={2: ["shortened-number"]},
    )
    yield xlsx(
        "kind-of-cell-unknown", parts(sheet(HEADER, row('<c t="zz"><v>1</v></c>', "x"))), refused="unreadable-workbook"
    )
    yield xlsx(
        "rows-out-of-order",
        parts(sheet(row(*HEAD.split(","), number=1), row("A3", "z", number=3), row("A1", "x", "y", number=2))),
        rows=says(("A1", "x", "y"), ("A3", "z")),
    )
    yield xlsx(
        "escaped-nul",
        parts(sheet(HEADER, row("A1", "a_x0000_b", "_x000D_"))),
        rows=says(("A1",)),
        problems={2: ["forbidden-character"]},
    )


def other_kinds() -> Iterator[Hostile]:
    """Archives of another kind, whatever they are called."""
    yield xlsx(
        "renamed.docx.xlsx",
        {"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"},
        refused="unreadable-workbook",
    )
    yield xlsx(
        "renamed.ods.xlsx",
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"},
        refused="unreadable-workbook",
    )
    yield xlsx("renamed.xlsb.xlsx", {**parts(SOUND), "xl/workbook.bin": b"\0"}, refused="unreadable-workbook")
    yield xlsx("renamed.zip.xlsx", {"cases.csv": HEAD.encode()}, refused="unreadable-workbook")
    yield xlsx(
        "renamed.jar.xlsx", {"META-INF/MANIFEST.MF": b"", "A.class": b"\xca\xfe\xba\xbe"}, refused="unreadable-workbook"
    )
    password = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    yield Hostile("with-a-password.xlsx", lambda path: path.write_bytes(password), refused="encrypted-workbook")
    yield Hostile("empty-archive.xlsx", lambda path: zipped(path, []), refused="not-a-text-file")
    yield Hostile("text.xlsx", lambda path: path.write_text(f"{HEAD}\nA1,x,y\n"), rows=PLAIN)
    yield Hostile(
        "only-its-first-bytes.xlsx", lambda path: path.write_bytes(b"PK\x03\x04"), refused="unreadable-workbook"
    )
