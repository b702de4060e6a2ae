# ruff: noqa: E501 - a list of texts, read by machines
"""Texts that break programs: a few hundred, of every kind that has done so, made by rule."""

import unicodedata
from collections.abc import Iterator

_CONTROLS = [chr(code) for code in (*range(1, 32), 127, *range(128, 160))]
_INVISIBLE = list("\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\u2061\u206a\u3164\ufeff\uffa0\ufff9\ufffb\ufffc\ufffd")  # fmt: skip
_DIRECTIONS = list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NUMBERS = """0 -0 00 +1 1. .5 1,5 1.5.5 1e5 1E+400 -1e-400 0x1F 0b1 0o7 1_000 1'000 1 000 ½ ² ٣ ५ 五 Ⅷ １２ NaN nan inf -Infinity 1/0 1/2 50% $1 €2
9007199254740993 18446744073709551616 340282366920938463463374607431768211456 2147483648 -2147483649 1#INF 1.#QNAN --1 ++1 1- 1,234,567.89 1.234.567,89""".split()
_WORDS = "null NULL nil None undefined true TRUE false yes no unknown ? N/A n/a #N/A #REF! - -- ... NaT NIL (null) \\N \\0 CON PRN LPT1".split()
_INJECTIONS = (
    "=1+1", "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(1)", "|calc", "%0a", "\t=1", "＝1", '=HYPERLINK("http://127.0.0.1")', "'; DROP TABLE cases; --",
    "' OR 1=1 --", '" OR ""="', "1; SELECT pg_sleep(9)", "$$", "E'\\x41'", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
    "</textarea>", "<!--", "]]>", "<![CDATA[x]]>", "&lt;b&gt;", "&amp;", "&#0;", "&#x202e;", "{{7*7}}", "{% debug %}", "${7*7}", "#{7*7}", "%s%n%x", "%(x)s", "{0}", "{x.__class__}",
    "../../etc/passwd", "..\\..\\x", "C:\\nul", "file:///etc/passwd", "`id`", "$(id)", "; id", "| id", "&& id", "() { :; }; id", "\\", "\\\\", '\\"', "'", "''", '"', '""', '"""', "`",
    ",", ";", "a,b", 'a"b', "a;b", "a|b", "a^b", "a~b", "_x000D_", "_x0041_", "a\nb", "a\r\nb", "a\rb", "a\tb", "\n", '"\n"',
)  # fmt: skip
_PEOPLE = ("O'Neill", "Müller-Lüdenscheidt", "Ægir", "İIıi", "ﬁﬂ", "ẞß", "ŀ", "Ǆ", "ﷺ", "שלום", "مرحبا", "مرحبا abc 123", "हिन्दी", "ไทย", "中文字符", "日本語", "한국어", "Ελλάδα", "Ёж", "𝒳𝓎", "𠜎", "田中さんにあげて", "ÅÅ", "ñn\u0303")  # fmt: skip
_PICTURES = ("😀", "👩\u200d⚕\ufe0f", "🏳\ufe0f\u200d🌈", "🇩🇪", "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3", "🫀🦴", "☠")


def naughty() -> list[str]:
    """All of them, none twice, none that is blank."""
    return list(dict.fromkeys(text for text in _all() if text.strip()))


def _all() -> Iterator[str]:
    for odd in (*_CONTROLS, *_INVISIBLE, *_DIRECTIONS):
        yield f"a{odd}b"
        yield f"{odd}ab"
    yield from (*_NUMBERS, *_WORDS, *_INJECTIONS, *_PEOPLE, *_PICTURES)
    yield from (unicodedata.normalize("NFD", text) for text in _PEOPLE)
    yield "Z" + "\u0321\u0353\u0360" * 200
    yield from ("x" * size for size in (79, 80, 81, 255, 256, 32_767))
    yield from (
        "\U0010ffff",
        "\ue000",
        "\U000e0001\U000e0041",
        "a" + "\u0300" * 1000,
        " inner  spaces ",
        "\u00a0x\u3000",
    )
