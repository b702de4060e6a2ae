"""What a header of a spreadsheet says: its words, the number of a repeated group, the unit."""

import re
from dataclasses import dataclass

from registry.vocabulary.synonyms import plain

_UNITS = {
    "hours": "h hr hrs hour hours",
    "minutes": "min mins minute minutes",
    "days": "day days",
    "millimetres": "mm millimeters millimetres",
    "centimetres": "cm",
    "inches": "inch inches",
    "micrometres": "um µm micron microns",
    "millilitres": "ml cc cm3 cm³ ccm cm^3 mls",
    "litres": "l liter liters litre litres",
    "cubic_millimetres": "mm3 mm³ mm^3",
    "grams": "g gm gms gram grams",
    "kilograms": "kg kgs",
    "pounds": "lb lbs pounds",
    "ounces": "oz ounces",
    "money": "usd eur $ € £ dollars",
    "percent": "% pct percent",
    "years": "y yr yrs years",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_IN_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,12}?)\s*[)\]]")
_ORDINALS = {"first": 1, "1st": 1, "primary": 1, "main": 1, "second": 2, "2nd": 2, "secondary": 2, "third": 3, "3rd": 3,
             "tertiary": 3, "4th": 4, "fourth": 4, "5th": 5}  # fmt: skip
_ENDS_IN_NUMBER = re.compile(r"([a-z]{3,})(\d{1,2})", re.ASCII)
_WHOLE_WORDS = {"icd10", "icd9", "h2o2"}


@dataclass(frozen=True, slots=True)
class Heading:
    """`whole`: every word, in small letters. `words`: without number and unit, `bare`: nor what stands in brackets.

    `number`: of a repeated group, 0 where none is said.
    """

    whole: str
    words: str
    bare: str = ""
    number: int = 0
    unit: str = ""


def heading(header: str) -> Heading:
    """What this header says."""
    text = re.sub(r"(?<=[a-z]{2})(?=[A-Z])", " ", re.sub(r"['’]s\b", "", header))
    unit, text = _unit_in_brackets(text)
    whole = _words(text)
    words, number = _number(whole)
    tokens = words.split()
    if not unit and len(tokens) > 1 and tokens[-1] in _UNIT_OF:
        unit, words = _UNIT_OF[tokens[-1]], " ".join(tokens[:-1])
    if not unit and re.search(r"[$€£%]", header):
        unit = "percent" if "%" in header else "money"
    bare = _number(_words(re.sub(r"[(\[].*?[)\]]", " ", text)))[0]
    return Heading(whole, words, bare, number, unit)


def _unit_in_brackets(text: str) -> tuple[str, str]:
    for found in _IN_BRACKETS.finditer(text):
        said = found[1].casefold().strip(". ")
        if unit := _UNIT_OF.get(said) or ("inches" if said in {"in", '"'} else ""):
            return unit, text[: found.start()] + " " + text[found.end() :]
    return "", text


def _words(text: str) -> str:
    """One way of writing for what is written in several: `Case #` and `case no.` are both case number."""
    text = re.sub(r"#\s*(?=\d)", " ", text).replace("#", " number ").replace("&", " and ")
    said = plain(text)
    said = re.sub(r"\bicd ?(9|10)( cm)?\b", r"icd\1", said)
    said = re.sub(r"\b3 ?d\b", " ", said)
    said = re.sub(r"\b(?:no|nr|num|nbr)$", "number", said)
    return " ".join(said.split())


def _number(whole: str) -> tuple[str, int]:
    kept, number = [], 0
    for token in whole.split():
        parted = _ENDS_IN_NUMBER.fullmatch(token) if token not in _WHOLE_WORDS else None
        said = token if token.isdecimal() else parted[2] if parted else ""
        if not number and said and 1 <= int(said) <= 20:
            number = int(said)
            kept += [parted[1]] if parted else []
        elif not number and token in _ORDINALS:
            number = _ORDINALS[token]
        else:
            kept.append(token)
    return (" ".join(kept), number) if kept else (whole, 0)
