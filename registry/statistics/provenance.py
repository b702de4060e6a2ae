"""What the data are: "synthetic demonstration data" or "real OR log" is said wherever such data are shown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from registry.models import Site

SYNTHETIC_NOTE = "synthetic demonstration data"
SYNTHETIC, REAL, BOTH, NEITHER = "synthetic", "real", "synthetic and real", "none"


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
    """What must be said of the data of one site, or nothing; of a synthetic site it always begins with that word."""
    if site.is_synthetic and not site.data_note.lower().startswith(SYNTHETIC):
        return ": ".join(part for part in (SYNTHETIC_NOTE, site.data_note) if part)
    return site.data_note


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


@dataclass(frozen=True)
class Provenance:
    """From whose data a figure was made: codes of synthetic and of real sites, and what must be said of either."""

    synthetic: tuple[str, ...] = ()
    real: tuple[str, ...] = ()
    notes: tuple[DataNote, ...] = ()

    @classmethod
    def of(cls, sites: Iterable[Site]) -> "Provenance":
        """That of figures to which these sites' rows contribute."""
        fed_by = sorted(sites, key=lambda site: site.code)
        synthetic = tuple(site.code for site in fed_by if site.is_synthetic)
        real = tuple(site.code for site in fed_by if not site.is_synthetic)
        return cls(synthetic, real, tuple(data_notes(fed_by)))

    @property
    def kind(self) -> str:
        """In a word or three; NEITHER where no site feeds the figure."""
        if self.synthetic:
            return BOTH if self.real else SYNTHETIC
        return REAL if self.real else NEITHER

    def __str__(self) -> str:
        said = "; ".join(map(str, self.notes))
        if self.kind == BOTH:
            return f"{BOTH}: {said}"
        return said or self.kind
