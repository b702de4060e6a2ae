"""A Parquet file as a table of texts. The only module that reads one, and with `polars`, which only a file that needs it loads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import polars as pl

from registry.intake.sources.encoding import LONGEST_LINE
from registry.intake.sources.gzipped import seekable
from registry.intake.sources.parquet_footer import measure
from registry.intake.sources.table import Record, header_of, refused
from registry.intake.sources.typed_cells import record_of

_VALUES_AT_ONCE = 500_000
UNREADABLE = (
    "The Parquet file cannot be read: it is damaged or cut short. Write it again, or save the table as CSV (UTF-8)."
)


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A readable Parquet file. It has no header row; its rows are numbered from 1."""

    path: Path
    content: Path | IO[bytes]
    header: list[str]
    rows: int
    header_row: int = 0

    def records(self) -> Iterator[Record]:
        """Every row, empty ones left out."""
        step = max(1, _VALUES_AT_ONCE // len(self.header))
        with _reading():
            for first in range(0, self.rows, step):
                yield from _records(self.content, first, step)


def open_parquet(path: Path) -> ParquetFile:
    """The file, understood; raises InvalidReport when it is damaged, too large to unfold, or holds what is no table of texts."""
    content = seekable(path)
    rows = measure(content)
    with _reading():
        schema = pl.read_parquet_schema(_rewound(content))
    for place, (_name, kind) in enumerate(schema.items(), 1):
        if not _plain(kind):
            message = "This column holds rows within rows or bytes. Write it as text, as numbers, or leave it out."
            raise refused("nested-values", message, column=f"column {place}")
    if not schema:
        raise refused("empty-file", "The Parquet file has no columns.")
    return ParquetFile(path, content, header_of(list(schema), 0), rows)


def _plain(kind: Any) -> bool:
    named = isinstance(kind, pl.Categorical | pl.Enum) or kind in (pl.String, pl.Boolean, pl.Null)
    return bool(named or kind.is_numeric() or kind.is_temporal())


def _records(content: Path | IO[bytes], first: int, rows: int) -> Iterator[Record]:
    """So many rows. A dictionary makes a million long cells of one: they are counted before they are texts."""
    frame = pl.scan_parquet(_rewound(content), glob=False, hive_partitioning=False).slice(first, rows).collect()
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    lengths = pl.sum_horizontal(pl.lit(0), *(pl.col(name).str.len_bytes().fill_null(0) for name in texts))
    fits = frame.select(pl.repeat(0, pl.len()) + lengths <= LONGEST_LINE).to_series()
    if not fits.all():
        frame = frame.with_columns(pl.when(fits).then(pl.col(texts)))
    for row, (fit, values) in enumerate(zip(fits, frame.iter_rows(buffer_size=32), strict=True), first + 1):
        record = record_of(row, values) if fit else Record(row, None, too_long=True)
        if record:
            yield record


def _rewound(content: Path | IO[bytes]) -> Any:
    if not isinstance(content, Path):
        content.seek(0)
    return content


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever the reader cannot take is one refusal."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError, ValueError, TypeError, OverflowError):
        raise refused("unreadable-parquet", UNREADABLE) from None
    except BaseException as error:
        # A panic of the reader's Rust is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise refused("unreadable-parquet", UNREADABLE) from None
