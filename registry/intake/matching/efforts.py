"""Headings of effort: an activity, perhaps a staff group, and a word or unit of time."""

import re

from registry.intake import flat
from registry.intake.matching.headings import Heading

_ACTIVITIES = {
    "segmentation": r"seg|segs|segmentation|segmenting|segment",
    "cad": r"cad|design|modell?ing|cad design|digital design",
    "prep_postprocess": r"post ?process(?:ing)?|post ?proc|prep|print prep(?:aration)?|preparation|clean ?up|finishing|"
    r"support removal|print set ?up|slicing|postprint|preprint|post print",
    "consultation": r"consult|consults|consultation|consulting|planning meeting|clinical consult",
}
_STAFF = {
    "non_clinician": r"non ?clinicians?|tech|techs|technologists?|technicians?|engineers?|staff|lab|biomed|specialists?|eng",
    "clinician": r"clinicians?|radiologists?|physicians?|mds?|attendings?|surgeons?|doctors?|rads?|fellows?",
}
_TIME = re.compile(r"\b(?:time|effort|labou?r|hours|hrs|hr|minutes|mins|min|duration)\b")
_NO_TIME = re.compile(
    r"\b(?:software|date|by|tool|name|method|version|program|notes?|initials|status|type|fee|cost|quality|on)\b"
)


def effort_of(heading: Heading) -> tuple[str, bool]:
    """The name of the effort it speaks of, "" for none, and whether the staff group is said and not taken to be non-clinicians."""
    words = heading.whole
    if _NO_TIME.search(words):
        return "", False
    activity = next((name for name, words_of in _ACTIVITIES.items() if re.search(rf"\b(?:{words_of})\b", words)), "")
    staff = next((name for name, words_of in _STAFF.items() if re.search(rf"\b(?:{words_of})\b", words)), "")
    timed = heading.unit in {"hours", "minutes", "days"} or bool(_TIME.search(words))
    if not activity or not (timed or staff or len(heading.words.split()) == 1):
        return "", False
    return flat.effort_name(activity, staff or "non_clinician"), bool(staff)


def hours_in(heading: Heading) -> str:
    """The unit of time that stands anywhere in the heading."""
    if heading.unit:
        return heading.unit
    found = re.search(r"\b(?:(h|hr|hrs|hour|hours)|(min|mins|minutes))\b", heading.whole)
    return "" if found is None else "hours" if found[1] else "minutes"
