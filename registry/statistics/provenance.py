"""What the data are: "synthetic demonstration data" or "real OR log" is said wherever such data are shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from registry.models import Site

SYNTHETIC_NOTE = "synthetic demonstration data"
UNNAMED = "other sites"
SYNTHETIC, REAL, BOTH, NEITHER = "synthetic", "real", "synthetic and real", "none"


@dataclass(frozen=True)
class DataNote:
    """`label` names the kind of data, `explanation` its source and licence, `codes` the sites that hold such data, where they are named."""

    label: str
    explanation: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        source = f": {self.explanation}" if self.explanation else ""
        return f"{self.label} ({', '.join(self.codes)}){source}" if self.codes else f"{self.label}{source}"


def note_of(site: Site) -> str:
    """What must be said of the data of one site, or nothing; of a synthetic site it always begins with that word."""
    if site.is_synthetic and not site.data_note.lower().startswith(SYNTHETIC):
        return ": ".join(part for part in (SYNTHETIC_NOTE, site.data_note) if part)
    return site.data_note


def data_notes(sites: Iterable[Site], *, counted: Collection[str] = ()) -> list[DataNote]:
    """One note for each kind of data among the sites, with the codes of the sites that hold it.

    Beside such notes a last one says how many other sites entered real cases of their own, of those whose cases are
    `counted` (codes): else a number of real cases would seem to be from the sites that are named.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for site in sites:
        codes[note_of(site)].append(site.code)
    own = len(set(codes.pop("", ())) & set(counted))
    notes = [_note(text, sorted(found)) for text, found in sorted(codes.items())]
    return [*notes, _entered_by(own)] if notes and own else notes


def _entered_by(sites: int) -> DataNote:
    said = "1 site entered cases of its own" if sites == 1 else f"{sites:,} sites entered cases of their own"
    return DataNote(REAL, said, ())


def _note(text: str, codes: list[str]) -> DataNote:
    label, _, explanation = text.partition(":")
    return DataNote(label.strip(), explanation.strip(), tuple(codes))


@dataclass(frozen=True)
class Provenance:
    """From whose data a figure was made: codes of synthetic and of real sites, or `UNNAMED`, and what must be said of either."""

    synthetic: tuple[str, ...] = ()
    real: tuple[str, ...] = ()
    notes: tuple[DataNote, ...] = ()

    @classmethod
    def of(cls, sites: Iterable[Site]) -> "Provenance":
        """That of figures to which these sites' rows contribute."""
        fed_by = sorted(sites, key=lambda site: site.code)
        synthetic = tuple(site.code for site in fed_by if site.is_synthetic)
        real = tuple(site.code for site in fed_by if not site.is_synthetic)
        return cls(synthetic, real, tuple(data_notes(fed_by, counted=real)))

    def beside(self, others: Iterable[Site]) -> "Provenance":
        """The same with other sites' data in the figures: of what kind these are is said, neither whose nor from where."""
        kinds = {site.is_synthetic for site in others}
        notes = [DataNote(SYNTHETIC_NOTE if kind else REAL, UNNAMED, ()) for kind in sorted(kinds, reverse=True)]
        return Provenance(
            self.synthetic + ((UNNAMED,) if True in kinds else ()),
            self.real + ((UNNAMED,) if False in kinds else ()),
            self.notes + tuple(notes),
        )

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
