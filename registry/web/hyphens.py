"""Soft hyphens: where a long word of medicine may be broken. Browsers without a dictionary would break it anywhere, or not at all."""

import re

SOFT = "\N{SOFT HYPHEN}"
LEAST = 4
FIRST = "aero cardio cranio gastro hepato inter intra litho maxillo musculo neuro ortho photo poly sacro stereo thoraco trans".split()
LAST = (
    "construction coccygeal ectomy facial gnathic graphy ostomy otomy plasty scopic skeletal struction vascular".split()
)
LONG = re.compile(r"[A-Za-z]{12,}")
PLACES = re.compile("|".join([*(f"(?<={part})" for part in FIRST), *(f"(?={part}$)" for part in LAST)]))


def hyphenated(text: str) -> str:
    """The same words, with soft hyphens in those of twelve letters and more: between their parts and nowhere else."""
    return LONG.sub(lambda word: _parts(word.group()), text)


def _parts(word: str) -> str:
    found = (place.start() for place in PLACES.finditer(word.lower()))
    inside = [place for place in found if LEAST <= place <= len(word) - LEAST]
    return SOFT.join(word[start:end] for start, end in zip([0, *inside], [*inside, len(word)], strict=True))
