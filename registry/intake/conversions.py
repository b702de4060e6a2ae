"""What a column means beside our own ways of writing: hours, days, inches. From a text of a file to a text that `typed` understands.

Total: what cannot be converted stays as it was, and the check says what is wanted.
"""

from collections.abc import Callable

CHECKED = "checked:"
"""Before a word of a list: the column says whether that word is in it, as the checkboxes of a REDCap export do."""


def _hours(text: str) -> str:
    return f"{text}h" if text.replace(".", "", 1).replace(",", "", 1).isdecimal() else text


CONVERSIONS: dict[str, Callable[[str], str]] = {"hours": _hours}


def convert(conversion: str, text: str) -> str:
    """`text`, which is not empty, as our own way of writing it; "" where it says nothing."""
    if conversion.startswith(CHECKED):
        return conversion.removeprefix(CHECKED) if text.casefold() in {"1", "checked", "yes", "true"} else ""
    return CONVERSIONS[conversion](text) if conversion else text
