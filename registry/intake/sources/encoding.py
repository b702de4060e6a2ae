"""Which encoding a text is in, found by reading all of it once: no NUL is in it, and every line is of a bearable length."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registry.intake.sources.gzipped import chunks_of, start_of
from registry.intake.sources.table import refused

LONGEST_LINE = 1_000_000

# What people drop by mistake, known by its first bytes.
_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "Save the sheet as CSV (UTF-8) and send that."),
    (b"PK\x05\x06", "an empty zip archive", "Send the file that was meant to be in it."),
    (b"%PDF", "a PDF document", "Send the table it was made from, as CSV (UTF-8) or XLSX."),
    (b"\x89PNG", "a picture", "Send the table it was made from, as CSV (UTF-8) or XLSX."),
    (b"\xff\xd8\xff", "a picture", "Send the table it was made from, as CSV (UTF-8) or XLSX."),
    (b"{\\rtf", "a text document", "Send the table it was made from, as CSV (UTF-8) or XLSX."),
    (b"SQLite format 3", "a database", "Export the table as CSV (UTF-8) and send that."),
    (b"PAR1", "a Parquet file", "Save the table as CSV (UTF-8) and send that."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it, or pack it with gzip."),
    (b"BZh", "a bzip2 archive", "Unpack it, or pack it with gzip."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it, or pack it with gzip."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it, or pack it with gzip."),
    (b"Rar!", "a RAR archive", "Unpack it, or pack it with gzip."),
)
_OLE = b"\xd0\xcf\x11\xe0"
# Letters that UTF-8 writes in several bytes, as they stand in a text that is not UTF-8 throughout: no one means "Ã©" or "â€™".
_HALF_UTF8 = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]|\xf0\x9f[\x80-\xbf]{2}")


def encoding_of(path: Path) -> str:
    """The encoding of a text file, as Python names it; raises InvalidReport for what is no text, or in none that we read."""
    start = start_of(path)
    _refuse_no_text(path, start)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return _decoded(chunks_of(path), ("utf-32",))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(chunks_of(path), ("utf-16",))
    if start.startswith(codecs.BOM_UTF8):
        return _decoded(chunks_of(path), ("utf-8-sig",))
    if wide := _unmarked_utf16(start):
        return _decoded(chunks_of(path), (wide,))
    found = _decoded(chunks_of(path), ("utf-8-sig", "cp1252"))
    if found == "cp1252":
        _refuse_mixed(path)
    return found


def _unmarked_utf16(start: bytes) -> str:
    """UTF-16 without a mark is known by its zeros: every second byte of most letters in a header and its numbers."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half and odd > half / 2 and even <= half / 50:
        return "utf-16-le"
    return "utf-16-be" if half and even > half / 2 and odd <= half / 50 else ""


def _refuse_no_text(path: Path, start: bytes) -> None:
    if start.startswith(_OLE):
        # Excel wraps a workbook with a password into the container of its old format.
        if any("EncryptedPackage".encode("utf-16-le") in chunk for chunk in chunks_of(path)):
            raise refused("encrypted-workbook", "The workbook has a password. Save it without one.")
        message = "This is an old Excel workbook (.xls) or another old document. Save it as XLSX, or as CSV (UTF-8), and send that."
        raise refused("not-a-text-file", message)
    for magic, what, instead in _NOT_TEXT:
        if start.startswith(magic):
            raise refused("not-a-text-file", f"This is {what}, not a table. {instead}")


def _refuse_mixed(path: Path) -> None:
    """No text that is UTF-8 here and something else there is read: every accent of one of the two would change."""
    last = b""
    for chunk in chunks_of(path):
        if _HALF_UTF8.search(last + chunk):
            message = "Some letters of the file are UTF-8 and some are not, so accents would be read wrongly. Save it as CSV (UTF-8)."
            raise refused("unreadable-encoding", message)
        last = chunk[-3:]


@dataclass(slots=True)
class _Lines:
    """How far a text has been seen: its present line, the length of that so far, and whether a carriage return came last."""

    line: int = 1
    length: int = 0
    returned: bool = False

    def see(self, text: str) -> None:
        """More of the text; raises InvalidReport, with the line, for a NUL or a line of unbearable length."""
        if (at := text.find("\0")) >= 0:
            raise refused(
                "nul-byte",
                "The file holds NUL bytes, so it is damaged or not text. Export it again as CSV (UTF-8).",
                row=self._line_at(text, at),
            )
        ends = [at for at in (text.find("\n"), text.find("\r")) if at >= 0]
        # No line within a chunk is too long: it has fewer characters than a line may.
        if self.length + min(ends, default=len(text)) > LONGEST_LINE:
            raise refused(
                "line-too-long",
                "A line is longer than a million characters: a quotation mark or a line end is missing.",
                row=self.line,
            )
        self.length = len(text) - 1 - max(text.rfind("\n"), text.rfind("\r")) if ends else self.length + len(text)
        self.line = self._line_at(text, len(text))
        self.returned = text.endswith("\r") if text else self.returned

    def _line_at(self, text: str, at: int) -> int:
        # CR LF is one line end, also where it fell between two chunks.
        halved = self.returned and at > 0 and text.startswith("\n")
        return self.line + text.count("\n", 0, at) + text.count("\r", 0, at) - text.count("\r\n", 0, at) - halved


def _decoded(chunks: Iterator[bytes], encodings: tuple[str, ...]) -> str:
    decoders = {name: codecs.getincrementaldecoder(name)() for name in encodings}
    lines = _Lines()
    for chunk in chunks:
        texts = {name: text for name, decoder in decoders.items() if (text := _decode(decoder, chunk)) is not None}
        decoders = {name: decoders[name] for name in texts}
        # In none of the encodings: bytes that are NUL still say best what is wrong.
        lines.see(next(iter(texts.values()), chunk.decode("latin-1") if "cp1252" in encodings else ""))
        if not texts:
            break
    for name, decoder in decoders.items():
        # Bytes that wait for more are half a character: the file was cut, or is in another encoding.
        if not decoder.getstate()[0]:
            return name
    raise refused(
        "unreadable-encoding", "The file is in no encoding we can read. Save it as CSV (UTF-8) and send it again."
    )


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes) -> str | None:
    try:
        return decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
