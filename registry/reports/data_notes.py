"""What the data are: "synthetic demonstration data" or "real OR log" is said wherever such data are shown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from registry.models import Site

SYNTHETIC = "synthetic demonstration data"


@dataclass(frozen=True)
class DataNote:
    """`label` names the kind of data, `explanation` its source and licence, `codes` the sites that hold such data."""

    label: str
    explanation: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        source = f": {self.explanation}" if self.explanation else ""
        return f"{self.label} ({', '.join(self.codes)}){source}"


def note_of(site: Site) -> str:
    """What must be said of the data of one site, or nothing."""
    return site.data_note or (SYNTHETIC if site.is_synthetic else "")


def data_notes(sites: Iterable[Site]) -> list[DataNote]:
    """One note for each kind of data among the sites, with the codes of the sites that hold it."""
    codes: dict[str, list[str]] = defaultdict(list)
    for site in sites:
        if note := note_of(site):
            codes[note].append(site.code)
    return [_note(text, sorted(found)) for text, found in sorted(codes.items())]


def _note(text: str, codes: list[str]) -> DataNote:
    label, _, explanation = text.partition(":")
    return DataNote(label.strip(), explanation.strip(), tuple(codes))


def spoken(notes: Iterable[DataNote]) -> str:
    """All notes in one line, for a cell of a file."""
    return "; ".join(str(note) for note in notes)
