"""What a column is by the shape of its values, where its header says nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from registry.vocabulary.manufacturing import process_code
from registry.vocabulary.synonyms import plain, word_of

_ANSWERS = {"y", "n", "yes", "no", "true", "false", "0", "1", "x", "", "na", "n a"}
ENOUGH = 0.8
SOME = 40
"""So many different values show a shape."""
_PRINTING_CODE = re.compile(r"(?:CPT\W*)?0?\d{3}T", re.IGNORECASE)
_PROCEDURE_CODE = re.compile(r"[1-6]\d{4}", re.ASCII)
_ICD = re.compile(r"[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}(?:\W.*)?")
_DAY = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}(-\d{2})?|(\d{1,2}[ -])?[A-Z][a-z]{2,8}[ -]\d{2,4}|[A-Z][a-z]+ \d{1,2}, \d{4}"
)
# Fields whose words are told from those of others, in the order in which they are tried.
_OF_WORDS = {
    "sex": "sex",
    "modality": "imaging_#_modality",
    "laterality": "part_#_laterality",
    "ordering_services": "ordering_services",
    "organ_system": "organ_system",
    "object_kind": "object_kind",
    "intended_uses": "intended_uses",
    "region": "part_#_region",
    "structure": "part_#_structure",
    "category": "procedure_category",
    "approach": "procedure_approach",
    "used_in_or": "procedure_used_in_or",
}


@dataclass(frozen=True, slots=True)
class SiteWords:
    """A site's own names: printers with the words they are known by beside their label, and materials."""

    printers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    materials: tuple[str, ...] = ()

    def printer(self, text: str) -> str:
        """The label of the one printer that this text can mean: by label, model, maker and model, or process; "" for none or several."""
        said, process = plain(text), process_code(text)
        labels = {label for label in self.printers if plain(label) == said}
        labels = labels or {
            label for label, words in self.printers.items() if said in {*map(plain, words)} or process in words
        }
        return labels.pop() if len(labels) == 1 else ""

    def material(self, text: str) -> str:
        """The name of the material, in whatever case it is written; "" for none."""
        return next((name for name in self.materials if plain(name) == plain(text)), "")


def target_of(values: Sequence[str], site_words: SiteWords) -> str:
    """The name that these values suggest, with # for the number of a row; "" where they suggest none."""
    tests: dict[str, Callable[[str], object]] = {
        "code_#_code": _PRINTING_CODE.fullmatch,
        "indication_code": _ICD.fullmatch,
        "print_#_printer": lambda value: site_words.printer(value) or process_code(value),
        "print_#_materials": site_words.material,
        **{target: partial(word_of, words) for words, target in _OF_WORDS.items()},
        "order_month": _DAY.fullmatch,
    }
    some = values[:SOME]
    if all(plain(value) in _ANSWERS for value in some):  # to a question that only the header could tell
        return ""
    return next((target for target, test in tests.items() if _most(some, test)), "")


def are_procedure_codes(values: Sequence[str]) -> bool:
    """Codes of operations and not of prints."""
    return _most(values, _PROCEDURE_CODE.fullmatch)


def _most(values: Sequence[str], test: Callable[[str], object]) -> bool:
    """Whether the test holds for as many as show a shape; a column that is wide of it is given up early."""
    misses, bearable = 0, len(values) - ENOUGH * len(values)
    for value in values:
        misses += not test(value)
        if misses > bearable:
            return False
    return bool(values)
