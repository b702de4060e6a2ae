"""Columns that may name a person. They are off before anything is kept; by what they are called, and by what stands in them."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from registry.vocabulary.synonyms import plain


class Flag(StrEnum):
    """Why a column is off."""

    NAME = "name"
    RECORD_NUMBER = "record_number"
    BIRTH = "birth"
    CONTACT = "contact"
    ACCOUNT = "account"
    FREE_TEXT = "free_text"
    SYSTEM = "system"
    LEFT_OUT = "left_out"


HARMLESS = frozenset({Flag.SYSTEM, Flag.LEFT_OUT})
"""Off for another reason than that somebody might be named."""


# In this order: "patient address" is no name.
_HEADINGS: dict[Flag, str] = {
    Flag.BIRTH: (
        r"dob|d o b|birth ?dates?|date of birth|birthday|born|birth year|year of birth|date of death|dod|death date"
    ),
    Flag.CONTACT: (
        r"address|street|zip|zip code|postal|postcode|city|county|e ?mail|phone|tel|telephone|mobile|cell|fax|contact|url|ip"
    ),
    Flag.RECORD_NUMBER: (
        r"mrn|mrns|m r n|emrn|epic id|medical record|med rec|record no|chart number|patient id|pat id|pt id|patient number|"
        r"pt number|pat number|patient identifier|ssn|social security|national id|nhs number|hospital number|unit number|empi|mpi|"
        r"accession|acc number|accession number|study uid|study instance|uid|dicom id"
    ),
    Flag.ACCOUNT: (
        r"account|acct|har|fin|fin number|insurance|insurer|payer id|payor|member id|policy|policy number|subscriber|invoice|"
        r"guarantor|licen[cs]e|serial number|device id|barcode|claim number|claim id|visit number|visit id"
    ),
    Flag.NAME: (
        r"name|names|patient|pt|first name|last name|surname|forename|given name|family name|initials|surgeon|surgeons|attending|"
        r"physician|provider|doctor|requestor|requester|requested by|ordered by|ordering physician|ordering provider|referring|"
        r"radiologist|technologist|operator|engineer|printed by|segmented by|created by|designer|by whom|performed by|staff name|"
        r"contact person|relative|mother|father|file ?names?"
    ),
    Flag.FREE_TEXT: (
        r"notes?|comments?|remarks?|free text|description|desc|history|narrative|details|memo|hpi|findings|impression|report|"
        r"instructions|feedback|other specify|specify|explain"
    ),
}
_ALONE = {
    "name",
    "names",
    "patient",
    "pt",
    "born",
    "ip",
    "fin",
    "har",
    "by whom",
    "contact",
    "cell",
    "city",
    "report",
    "operator",
}
# Whoever is called so in a heading of something else is not named by it.
_OF_SOMETHING = re.compile(
    r"\b(?:age|sex|gender|experience|time|hrs?|hours|mins?|minutes|effort|education|consult\w*|confidence|rating|role|printer|material|"
    r"procedure|model|service|specialty|speciality|department|in room|out of room|in|out|in or|estimated|satisfaction|scan)\b"
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+?\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_NAME = re.compile(r"[A-Z][\w'’-]+, ?[A-Z][\w'’-]*(?: [A-Z]\.?)?")
_TWO_WORDS = re.compile(r"[A-Z][a-z'’-]+ (?:[A-Z]\. )?[A-Z][a-z'’-]+")
_RECORD_NUMBER = re.compile(r"(?:MRN|E|M|H)?0{0,3}\d{6,10}", re.IGNORECASE)
_DAY = re.compile(r"(?:(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](\d{4}))(?:[ T].*)?")


def flag_of_heading(words: str) -> Flag | None:
    """What a heading in small letters says that its column holds of a person; None where it says nothing of the kind."""
    return next(
        (
            flag
            for flag, pattern in _HEADINGS.items()
            if any(_says(flag, each[0], words) for each in _all(pattern, words))
        ),
        None,
    )


def _all(pattern: str, words: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"\b(?:{pattern})\b", words)


def _says(flag: Flag, found: str, words: str) -> bool:
    """Whether a heading with this word in it speaks of that: `patient age` names no patient, `city` alone is an address."""
    if flag == Flag.NAME and (_OF_SOMETHING.search(words) or (found in {"patient", "pt"} and found != words)):
        return False
    return found == words or flag == Flag.NAME or found not in _ALONE


def flag_of_values(values: Sequence[str]) -> Flag | None:
    """What the values look like, whatever their column is called: contacts and numbers by any, the rest by most of them."""
    if any(_SSN.fullmatch(value) for value in values):
        return Flag.RECORD_NUMBER
    if any(_EMAIL.search(value) for value in values) or _share(values, _PHONE) > 0.3:
        return Flag.CONTACT
    if _share(values, _NAME) > 0.5:
        return Flag.NAME
    if are_birthdays(values):
        return Flag.BIRTH
    return None


def look_like_record_numbers(values: Sequence[str]) -> bool:
    """Most are whole numbers as long as those of medical records."""
    return _share(values, _RECORD_NUMBER) > 0.7


def look_like_days(values: Sequence[str]) -> bool:
    """Most are written as days."""
    return _share(values, _DAY) > 0.7


def look_like_names(values: Sequence[str]) -> bool:
    """Most are two words with capitals, which many of our own words are too: only where nothing else is known of the column."""
    return _share(values, _NAME) + _share(values, _TWO_WORDS) > 0.6


def look_like_free_text(values: Sequence[str]) -> bool:
    """Sentences: many words, and hardly two alike."""
    if not values:
        return False
    words = sum(len(value.split()) for value in values) / len(values)
    distinct = len({value.casefold() for value in values}) / len(values)
    return words >= 4 and distinct >= 0.5


def are_birthdays(values: Sequence[str]) -> bool:
    """Days of which some are decades before the others could have been printed."""
    years = [int(found[1] or found[2]) for value in values if (found := _DAY.fullmatch(value))]
    return len(years) > 0.7 * len(values) and any(1900 < year < 2000 for year in years)


def masked(value: str) -> str:
    """The shape of the beginning of a value: its letters and digits are dots."""
    return re.sub(r"\w", "•", value[:10])


def is_system(header: str) -> bool:
    """A column of REDCap's own."""
    plain_name = header.strip().casefold()
    return (
        plain_name == "record_id"
        or plain_name.startswith("redcap_")
        or plain_name.endswith("_complete")
        or (
            plain(header)
            in {
                "survey identifier",
                "survey timestamp",
                "event name",
                "repeat instrument",
                "repeat instance",
                "complete",
            }
        )
    )


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(value)) for value in values) / len(values) if values else 0.0
