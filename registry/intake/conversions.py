"""What a column means beside our own ways of writing: hours, days, inches. From a text of a file to a text that `typed` understands.

Total: what cannot be converted stays as it was, and the check says what is wanted. "" where a text says nothing.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

from registry.intake import dates, numbers
from registry.intake.clock_times import read_moment
from registry.vocabulary import synonyms
from registry.vocabulary.synonyms import SAYS_NOTHING, UNKNOWNS, plain, word_of

CHECKED = "checked:"
"""Before a word of a list: the column says whether that word is in it, as the checkboxes of a REDCap export do."""
WORDS = "words:"
"""Before a field: its words, and what people write for them."""
NUMBERED = "numbered:"
"""Before a field: the raw codes of a REDCap export, 1 for the first of its words."""
LISTS = frozenset({"intended_uses", "ordering_services"})
LONGEST = 400
"""No longer text is converted: whatever it is, it is no number, day or list of our words."""
_TICKED = frozenset({"1", "checked", "yes", "true", "x", "y"})
_YES = frozenset(
    {"y", "yes", "true", "1", "x", "checked", "ja", "si", "oui", "done", "present", "positive", "with", "given"}
)
_NO = frozenset(
    {"n", "no", "false", "0", "unchecked", "nein", "non", "not done", "absent", "none", "without", "not given"}
)
_SIGNS = {"✓": "yes", "✔": "yes", "☑": "yes", "+": "yes", "☐": "no"}

_H_MM_SS = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.\d+)?", re.ASCII)
_HOURS_WORD = re.compile(r"([\d.,]+) ?(?:h|hr|hrs|hour|hours|std)\.?", re.IGNORECASE)
_MINUTES_WORD = re.compile(r"([\d.,]+) ?(?:m|min|mins|minute|minutes|′|')\.?", re.IGNORECASE)
_BOTH = re.compile(
    r"(\d{1,3}) ?(?:h|hr|hrs|hour|hours)\.?,? ?(?:and )?([0-5]?\d) ?(?:m|min|mins|minutes?)?\.?", re.IGNORECASE
)
_DAYS_WORD = re.compile(r"([\d.,]+) ?(?:d|day|days)", re.IGNORECASE)
_CODE = re.compile(r"(?:(?:CPT|HCPCS)\W{0,3})?(\d{3,4}T|\d{5}|[A-Z]\d{4})(?:[ :–-]+[A-Z][a-z ,()-]*)?", re.IGNORECASE)
_ICD = re.compile(r"([A-TV-Z]\d[0-9A-Z])\.?([0-9A-Z]{0,4})(?:[ :–-]+(?![A-TV-Z]\d[0-9A-Z])[^\d;,]*.*)?", re.IGNORECASE)
_SEVERAL_ICD = re.compile(r"\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b")
_AGE = re.compile(
    r"(\d{1,3})(?:[.,]\d{1,2})?[ -]?(y|yr|yrs|year|years|yo|y o|y/o|years old|year old)?\.?", re.IGNORECASE
)
_MONTHS_OLD = re.compile(r"(\d{1,2}(?:\.\d)?)[ -]?(?:mo|mos|month|months)\.?(?: old)?", re.IGNORECASE)
_DAYS_OLD = re.compile(r"(\d{1,3})[ -]?(?:d|day|days|wk|wks|week|weeks)\.?(?: old)?", re.IGNORECASE)
_OVER_89 = re.compile(
    r"(?:>|>=|≥|over|above) ?(?:89|90)(?: ?(?:y|yrs|years))?|90 ?(?:\+|plus|and over|or older)", re.IGNORECASE
)


def _minutes_of(amount: Decimal, minutes: int, text: str) -> str:
    whole = (amount * minutes).to_integral_value(rounding="ROUND_HALF_UP")
    return f"{int(whole)} min" if 0 <= whole < 1_000_000 else text


def _hours(text: str) -> str:
    """A bare number is of hours; exact hours stay hours, others become the nearest minute."""
    if found := _H_MM_SS.fullmatch(text):
        return f"{found[1]}:{found[2]}"
    if found := _BOTH.fullmatch(text):
        return f"{int(found[1])} h {int(found[2])}"
    if (amount := _bare(text, _HOURS_WORD)) is not None:
        exact = amount * 60 == (amount * 60).to_integral_value() and 0 <= amount < 1000
        return f"{format(amount.normalize(), 'f')}h" if exact else _minutes_of(amount, 60, text)
    return _lengths(text)


def _minutes(text: str) -> str:
    if (amount := _bare(text, _MINUTES_WORD)) is not None:
        return _minutes_of(amount, 1, text)
    if found := _HOURS_WORD.fullmatch(text):
        return _hours(text) if numbers.amount(found[1]) is not None else text
    return _hours(text) if _H_MM_SS.fullmatch(text) or _BOTH.fullmatch(text) else text


def _days(text: str) -> str:
    """A bare number is of days, as a spreadsheet keeps a length of time."""
    amount = _bare(text, _DAYS_WORD)
    return _minutes_of(amount, 1440, text) if amount is not None else text


def _bare(text: str, with_word: re.Pattern[str]) -> Decimal | None:
    found = with_word.fullmatch(text)
    return numbers.amount(found[1] if found else text)


def _lengths(text: str) -> str:
    return _minutes(text) if _MINUTES_WORD.fullmatch(text) else text


def _clock(text: str) -> str:
    """The time of day alone; a fraction of a day is how a spreadsheet keeps one."""
    moment = read_moment(text, order="mdy") or read_moment(text, order="dmy")
    clock = moment.clock if moment else None
    if clock is None and (part := numbers.amount(text)) is not None and "." in text and 0 < part < 1:
        clock = timedelta(minutes=round(part * 1440))
    minutes = int(clock.total_seconds()) // 60 if clock is not None else 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes < 1440 else text


def _number(text: str, *, comma: bool = False) -> str:
    return numbers.written(numbers.amount(text, comma=comma), text)


def _fraction(text: str) -> str:
    """Per cent of a share or a ratio: 0.5 and 1:2 are 50, 1 is 100; what has a % or is above 4 is of per cent already."""
    if found := re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?: ?([1-9]\d{0,2}(?:\.\d+)?)", text, re.ASCII):
        return numbers.written(round(Decimal(found[1]) / Decimal(found[2]) * 100, 2), text)
    amount = numbers.amount(text)
    share = amount is not None and "%" not in text and amount <= 4
    return numbers.written(amount * 100 if amount is not None and share else amount, text)


def _age(text: str) -> str:
    """Completed years; an exact age over 89 stays, for the check to refuse."""
    if _OVER_89.fullmatch(text):
        return "90+"
    if found := _MONTHS_OLD.fullmatch(text):
        return str(int(Decimal(found[1])) // 12)
    if found := _DAYS_OLD.fullmatch(text):
        return "0" if int(found[1]) < 60 else text
    found = _AGE.fullmatch(text)
    return str(int(found[1])) if found else "0" if plain(text) in {"newborn", "neonate"} else text


def _yes_no(text: str) -> str:
    said = plain(text)
    if text in _SIGNS:
        return _SIGNS[text]
    return "yes" if said in _YES else "no" if said in _NO else _not_said(text)


def _not_said(text: str) -> str:
    """`unknown` for what people write for it, nothing for a dash; any other text stays."""
    said = plain(text)
    return "unknown" if said in UNKNOWNS else "" if said in SAYS_NOTHING and "?" not in text else text


def _code(text: str) -> str:
    """One billing code, without the name beside it; a leading zero that a spreadsheet took comes back."""
    found = _CODE.fullmatch(text)
    return found[1].upper().zfill(5) if found else text


def _icd(text: str) -> str:
    """One diagnosis code with its point, without the name beside it. Of several codes none is chosen."""
    found = _ICD.fullmatch(text)
    if found is None or len(_SEVERAL_ICD.findall(text.upper())) > 1:
        return text
    return f"{found[1]}.{found[2]}".upper().rstrip(".")


def _case_id(text: str) -> str:
    """A case id without the signs that ours cannot have: `#2025/014 b` is 2025-014-b."""
    return re.sub(r"[\s/\\:]+", "-", text.lstrip("# ").removesuffix(".0")) or text


def _words(field: str, text: str) -> str:
    if word := word_of(field, text):
        return word
    if field not in LISTS:
        return _not_said(text)
    items = [item.strip() for item in re.split(r"[;|\n]", text) if item.strip()]
    if not all(word_of(field, item) for item in items):
        parted = [part.strip() for part in re.split(r"[;|\n,/+&]|\band\b", text) if part.strip()]
        items = parted if parted and all(word_of(field, part) for part in parted) else items
    said = list(dict.fromkeys(word_of(field, item) or item for item in items))
    return "; ".join(said) if any(word_of(field, item) for item in items) else _not_said(text)


def _numbered(field: str, text: str) -> str:
    words = [str(code) for code in synonyms.CHOICES[field].values]
    number = int(text) if re.fullmatch(r"\d{1,2}", text, re.ASCII) else 0
    return words[number - 1] if 1 <= number <= len(words) else _words(field, text)


CONVERSIONS: dict[str, Callable[[str], str]] = {
    "hours": _hours,
    "minutes": _minutes,
    "days": _days,
    "clock": _clock,
    "month": partial(dates.month, order=None),
    "month_mdy": partial(dates.month, order="mdy"),
    "month_dmy": partial(dates.month, order="dmy"),
    "number": _number,
    "decimal_comma": partial(_number, comma=True),
    "fraction": _fraction,
    **{unit: partial(numbers.scaled, unit) for unit in numbers.UNITS},
    "age": _age,
    "yes_no": _yes_no,
    "code": _code,
    "icd": _icd,
    "case_id": _case_id,
}
_OF_A_FIELD: dict[str, Callable[[str, str], str]] = {WORDS: _words, NUMBERED: _numbered}


def is_conversion(name: str) -> bool:
    """Whether there is a conversion of this name; "" is none, and may stand wherever one may."""
    kind, _, about = name.partition(":")
    if f"{kind}:" in _OF_A_FIELD:
        return about in synonyms.CHOICES
    return name in {"", *CONVERSIONS} or (name.startswith(CHECKED) and bool(about))


def convert(conversion: str, text: str) -> str:
    """`text`, which is not empty, as our own way of writing it; "" where it says nothing."""
    if len(text) > LONGEST:
        return text
    kind, _, about = conversion.partition(":")
    if conversion.startswith(CHECKED):
        return about if text.casefold() in _TICKED else ""
    if of_field := _OF_A_FIELD.get(f"{kind}:"):
        return of_field(about, text)
    return CONVERSIONS[conversion](text) if conversion else text
