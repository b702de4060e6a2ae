"""Every conversion, by a table; and whatever it is given, it gives what is understood, or leaves the text as it was."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.intake import flat, typed, values
from registry.intake.conversions import CHECKED, CONVERSIONS, LISTS, NUMBERED, WORDS, convert, is_conversion
from registry.intake.matching import converting
from registry.vocabulary import synonyms

TABLE: dict[str, dict[str, str]] = {
    "hours": {
        "2.5": "2.5h", "2,5": "2.5h", "2.33": "140 min", "2.5 hrs": "2.5h", "2 hrs 30 min": "2 h 30", "1:30:00": "1:30",
        "1:30": "1:30", "90 min": "90 min", "0": "0h", "two": "two",
    },
    "minutes": {"45": "45 min", "45 mins": "45 min", "1,200": "1200 min", "1 hr 15 min": "1 h 15", "2.5h": "2.5h", "90'": "90 min",
                "02:30:00": "02:30", "-5": "-5", "soon": "soon"},
    "days": {"0.0625": "90 min", "1.5 days": "2160 min", "x": "x"},
    "clock": {"8:14 AM": "08:14", "1:20 PM": "13:20", "0814": "08:14", "08:14:00": "08:14", "2025-03-14 08:14": "08:14",
              "3/14/25 13:05": "13:05", "0.34": "08:10", "24:00": "24:00", "01:20+1": "01:20+1", "am": "am"},
    "month": {"2025-03-14": "2025-03", "Mar 2025": "2025-03", "March 14, 2025": "2025-03", "14-Mar-25": "2025-03",
              "Mar-25": "2025-03", "45730": "2025-03", "202503": "2025-03", "2025/03": "2025-03", "3/2025": "2025-03",
              "2025-03-14T00:00:00": "2025-03", "3/14/25": "3/14/25", "2025": "2025", "TBD": "TBD"},
    "month_mdy": {"3/14/25": "2025-03", "03-14-2025": "2025-03", "14/3/25": "14/3/25", "2025-03-14": "2025-03"},
    "month_dmy": {"14.3.25": "2025-03", "14.03.2025": "2025-03", "3/4/25": "2025-04", "3/14/25": "3/14/25"},
    "number": {"$1,234.50": "1234.5", "1.234,50": "1234.5", "45 %": "45", "1,234": "1234", "2,5": "2.5", "€ 12": "12", "abc": "abc"},
    "decimal_comma": {"1,234": "1.234", "1.234,5": "1234.5", "2.5": "2.5", "x": "x"},
    "fraction": {"1:1": "100", "1:2": "50", "2:1": "200", "0.5": "50", "1": "100", "100%": "100", "50": "50", "full": "full"},
    "millimetres": {"1.25 mm": "1.25", "1.25": "1.25", "0.5 cm": "5", "2 kg": "2 kg"},
    "centimetres": {"0.5": "5", "5 mm": "5"},
    "inches": {"0.04": "1.016", "0.04 in": "1.016", '0.04"': "1.016", "1 mm": "1"},
    "micrometres": {"625": "0.625"},
    "millilitres": {"45 cc": "45", "45 cm3": "45", "1,200": "1200", "0.5 l": "500"},
    "litres": {"0.12": "120", "120 ml": "120"},
    "cubic_millimetres": {"45000": "45"},
    "grams": {"52 g": "52", "0.2 kg": "200"},
    "kilograms": {"0.2": "200", "150 g": "150"},
    "pounds": {"0.5": "226.796", "1 lb": "453.592"},
    "ounces": {"2": "56.699"},
    "age": {"67": "67", "67 yo": "67", "67.4": "67", "7 mo": "0", "18 months": "1", "3 weeks": "0", "90+": "90+", ">89": "90+",
            "95": "95", "34M": "34M", "1961-03-14": "1961-03-14"},
    "yes_no": {"Y": "yes", "No": "no", "X": "yes", "✓": "yes", "-": "", "N/A": "", "unk": "unknown", "maybe": "maybe"},
    "code": {"0559t": "0559T", "559T": "0559T", "CPT 0559T": "0559T", "0559T - model": "0559T", "0559T x2": "0559T x2",
             "0559T, 0560T": "0559T, 0560T"},
    "icd": {"C64.1": "C64.1", "c641": "C64.1", "Q21.3 - Tetralogy of Fallot": "Q21.3", "C64.1; C79.3": "C64.1; C79.3", "M26": "M26"},
    "case_id": {"#1001": "1001", "2025/014": "2025-014", "C 1001": "C-1001", "1001.0": "1001", "C-1": "C-1"},
    f"{WORDS}modality": {"CTA": "CT", "MRI": "MR", "CT scan": "CT", "-": "", "?": "?", "foo": "foo"},
    f"{WORDS}sex": {"F": "female", "m": "male", "Unknown": "unknown"},
    f"{WORDS}laterality": {"L": "left", "Rt": "right", "N/A": "na"},
    f"{WORDS}organ_system": {"Ortho": "msk", "Heart": "cardiac"},
    f"{WORDS}ordering_services": {"Ortho, ENT": "orthopaedics; ent", "CT surgery": "cardiac_surgery", "Oral & maxillofacial": "omfs",
                                  "ortho and foo": "ortho and foo"},
    f"{NUMBERED}sex": {"1": "female", "2": "male", "9": "9", "F": "female"},
    f"{CHECKED}simulation": {"1": "simulation", "Checked": "simulation", "0": "", "Unchecked": ""},
}  # fmt: skip
CASES = [(conversion, text, said) for conversion, texts in TABLE.items() for text, said in texts.items()]
NAMES = [
    column.name for column in flat.columns(dict.fromkeys(flat.ONE_OF, 1)) if len(converting.fitting(column.name)) > 1
]
WRITTEN = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"\A[$€]?-?\d{1,5}([.,:/-]\d{1,3}){0,2} ?(h|hrs|min|mm|cm|in|kg|lb|%|mo|yrs)?\Z"),
    st.sampled_from([text for texts in TABLE.values() for text in texts]),
)


@pytest.mark.parametrize(("conversion", "text", "said"), CASES)
def test_what_is_written_becomes_ours(conversion: str, text: str, said: str) -> None:
    assert convert(conversion, text) == said


def test_every_conversion_is_in_the_table() -> None:
    assert {*TABLE} >= {*CONVERSIONS}


@settings(max_examples=600, deadline=None)
@given(name=st.sampled_from(NAMES), text=WRITTEN, data=st.data())
def test_a_converted_text_is_understood_or_as_it_was(name: str, text: str, data: st.DataObject) -> None:
    text = text.strip()
    conversion = data.draw(st.sampled_from(converting.fitting(name)))
    said = convert(conversion, text) if text else ""
    assert said in {text, ""} or _is_read(name, said), (name, conversion, text, said)


def _is_read(name: str, said: str) -> bool:
    """Whether `typed` makes a value of it; whether that lies within the limits of its field is for the check to say."""
    column = flat.column(name)
    assert column is not None
    field = flat.model_field(column)
    if field is None or column.field in {"local_case_id", "indication_code", "code"}:
        return converting.understood(name, "", said) or column.field != "code"
    value = typed.said(field, said)
    if column.field in LISTS or not isinstance(value, str):
        return True
    if said == "90+" or re.fullmatch(r"-?\d+(\.\d+)?", said):
        return True  # a plain number: whether it is a whole one is a limit of the field, too
    try:
        values.read(field, value, mode="limited_data_set", today=converting._ALWAYS)
    except values.Refused as refused:
        return refused.code == "month-out-of-range"
    return True


def test_no_long_text_is_converted() -> None:
    long = "1 " * 400
    assert all(convert(conversion, long) == long for conversion in CONVERSIONS)


@pytest.mark.parametrize("name", ["wordss", "words:nothing", "checked:", "hour"])
def test_what_is_no_conversion_is_not_taken_for_one(name: str) -> None:
    assert not is_conversion(name)


def test_every_synonym_is_of_a_word_and_written_plainly() -> None:
    for field, words in synonyms.SYNONYMS.items():
        codes = {str(code) for code in synonyms.CHOICES[field].values}
        assert {*words.values()} <= codes, field
        assert all(synonyms.plain(said) == said for said in words), field
