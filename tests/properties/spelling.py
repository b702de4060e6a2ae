"""Texts for one field, drawn from what its model declares: believable ones in every way of writing, and ones that are not."""

from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, WholeNumber

NAMES = ("M26.213", "A1", "27447", "0SRC0J9", "local-7", "x.y-2", "TKA", "X")
OF_LENGTH = {5: ("0559T", "0561T", "76377"), 2: ("52", "26")}
COMMENTS = (
    "upper",
    "Zahn 36, links",
    "=1+1",
    "a; b",
    "näher am Kiefer",
    "“quoted”",
    'say "no"',
    "0",
    "-",
    "unknown",
    "日本",
    "NULL",
)
NOT_TEXT = ("a\x07b", "a\u202eb", "a\nb", "a\tb", "a\x85b", "x" * 81, "x" * 500, "\u200b", " ", "\x1c")
NOT_NUMBERS = (
    *"abc 1e3 1,234 1.234,5 1,5 \uff11\uff12 \u0663 0x10 --1 1_000 NaN inf -inf + . 1. .5 5.00 5.50 999999999999 9999999999999".split(),
    "12 34",
    "9" * 20,
)
NOT_LENGTHS = (
    "25:61",
    "2:5",
    "1:2:3",
    "2.51h",
    "h",
    "2 hours",
    "1000:00",
    "90 sec",
    "999999 min",
    "1.00001h",
    "-2:30",
    "2h 75",
)
NOT_MONTHS = (
    *"2026-13 2026-3 2026-03-05 03-2026 13/2026 0/2026 1999-12 1999 2099-01 0000-01 2026 2026-0\uff13 3/26 2026/03".split(),
    "March 2026",
)
NOT_WORDS = ("nonsense", "ct scan", "none of these", "yes;no", "-", "0", "UNKNOWN!", "a" * 50, "CT;MR")
NOT_PATTERNS = ("a b", "-x", "ü1", "a" * 33, "x\ny", "0559t", "0559", "055900", "$", "a/b", "9.9_9", "=A1")
NOT_TRUTHS = ("maybe", "2", "ja", "01", "tru", "-")
UNKNOWN = ("unknown", "Unknown", "UNKNOWN", "?", " unknown ")


def good(field: "models.Field[Any, Any]", dice: Random) -> str:
    """A text that says a value this field may have."""
    match field:
        case ChoiceList():
            return listed(dice.sample(field.words, dice.randint(1, 3)), dice, field.labels)
        case Choice():
            return word(dice.choice(field.words), dict(field.flatchoices), dice)
        case ArrayField():
            return dice.choice(("1", "1; 2", "2;1", "1,2", "1|3", "3"))
        case WholeNumber():
            return _whole(field, dice)
        case Amount():
            return _amount(field, dice)
        case Month():
            return month(dice.randint(2021, 2026), dice.randint(1, 10), dice)
        case models.BooleanField():
            return dice.choice(("yes", "no", "Yes", "N", "y", "TRUE", "false", "1", "0"))
        case Pattern():
            return dice.choice(OF_LENGTH.get(field.max_length, NAMES))
        case _:
            return dice.choice(COMMENTS)


def bad(field: "models.Field[Any, Any]", dice: Random) -> str:
    """A text that mostly says no value of this field; whether it does is for the check to say."""
    match field:
        case ChoiceList():
            return dice.choice((*NOT_WORDS, f"{field.words[0]};{field.words[0]}", f"{field.words[0]}; nonsense", ";"))
        case Choice():
            return dice.choice(NOT_WORDS)
        case ArrayField():
            return dice.choice(("0", "21", "1;1", "a", "1;;2", "7", "1 2", ";", "-1", "1.5"))
        case WholeNumber():
            edges = (
                str(field.low - 1),
                str(field.high + 1),
                str(field.low),
                str(field.high),
                "-0",
                f"{field.high}.0",
                "90+",
                "90",
                "91",
            )
            return dice.choice((*edges, *NOT_NUMBERS, *(NOT_LENGTHS if field.name == "minutes" else ())))
        case Amount():
            least = Decimal(1).scaleb(-field.decimal_places)
            edges = (field.low - least, field.high + least, field.low, field.high, least / 10, field.high + 1)
            texts = (*(format(edge, "f") for edge in edges), *NOT_NUMBERS, "3,25", "1,5", "0,001")
            return dice.choice((*texts, *NOT_LENGTHS) if field.name == "print_hours" else texts)
        case Month():
            return dice.choice(NOT_MONTHS)
        case models.BooleanField():
            return dice.choice(NOT_TRUTHS)
        case Pattern():
            return dice.choice((*NOT_PATTERNS, *NOT_TEXT))
        case _:
            return dice.choice(NOT_TEXT)


def unknown(dice: Random) -> str:
    return dice.choice(UNKNOWN)


def word(code: str, labels: Any, dice: Random) -> str:
    """The word by its code or by its label, in any case."""
    return dice.choice((code, code, str(labels.get(code, code)), str(labels.get(code, code)).upper(), code.upper()))


def listed(words: list[str], dice: Random, labels: Any = None) -> str:
    said = [word(code, labels, dice) if labels else code for code in words]
    return dice.choice(("; ", ";", "|", "\n", " | ")).join(said)


def month(year: int, number: int, dice: Random) -> str:
    return dice.choice((f"{year}-{number:02d}", f"{year}-{number:02d}", f"{number}/{year}", f"{number:02d}.{year}"))


def minutes(length: int, dice: Random) -> str:
    """A length of time in one of the ways people write it."""
    hours, rest = divmod(length, 60)
    ways = [
        str(length),
        f"{length}.0",
        f"{hours}:{rest:02d}",
        f"{hours}h{rest:02d}",
        f"{hours} h {rest}",
        f"{length} min",
        f"{length}m",
    ]
    if length % 15 == 0:
        ways += [f"{Decimal(length) / 60:f}h", f"{Decimal(length) / 60:f} H".replace(".", ",")]
    return dice.choice(ways)


def _whole(field: WholeNumber, dice: Random) -> str:
    value = dice.randint(max(field.low, -30), min(field.high, 90))
    if field.name == "minutes":
        return minutes(max(value, field.low) * 3, dice)
    if field.name == "age_years" and value >= field.high:
        return "90+"
    return dice.choice((str(value), str(value), f"{value}.0", f" {value} ", f"+{value}" if value >= 0 else str(value)))


def _amount(field: Amount, dice: Random) -> str:
    low, high = max(field.low, Decimal(-5)), min(field.high, Decimal(200))
    places = dice.randint(0, field.decimal_places)
    value = (low + Decimal(dice.random()) * (high - low)).quantize(Decimal(1).scaleb(-places))
    value = min(max(value, field.low), field.high) + 0  # no negative zero
    ways = [format(value, "f"), format(value, "f"), format(value, "f").replace(".", ","), f" {value:f}"]
    if field.name == "print_hours":
        ways += [
            f"{dice.randint(0, 99)}:{dice.randint(0, 59):02d}",
            f"{value:f}h",
            f"{dice.randint(1, 900)} min",
            "2 h 20",
            f"{dice.randint(1, 99)}0"[:2],
        ]
    return dice.choice(ways)
