"""JSON as this door accepts it: what could be read in two ways, or not be stored, is refused with its place."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, cast

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api.errors import ApiProblem
from api.problems import Fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 18  # a 64-bit integer holds any number of 18 digits
MAX_NAME = 64
MAX_FAULTS = 200

# One match per string, closed or not, and possessive: the whole scan is linear in the size of the body.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
# C0 and C1 controls, bidirectional controls, and surrogates that no pair completes.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class _Refused:
    """Stands in the parsed tree for a number that cannot be taken."""

    code: str
    detail: str


def depth_of(body: bytes, limit: int) -> int:
    """How deep the brackets of a JSON text nest, counted on its bytes; stops counting at `limit` + 1."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", body)):
        depth += 1 if bracket.group() in b"[{" else -1
        deepest = max(deepest, depth)
        if deepest > limit:
            break
    return deepest


def read_json(body: bytes) -> Any:
    """The value that `body` says, all numbers finite and all text storable.

    Raises ApiProblem: 413 too large, 400 for what is not strict JSON, with every offending place at once,
    up to MAX_FAULTS of them.
    """
    if len(body) > MAX_BYTES:
        raise ApiProblem("body-too-large", f"A JSON body may have {MAX_BYTES:,} bytes. Send cases in several requests.")
    if not body.strip():
        raise ApiProblem("empty-body")
    if depth_of(body, MAX_DEPTH) > MAX_DEPTH:
        raise ApiProblem("too-deep", f"The JSON nests deeper than {MAX_DEPTH} levels. No report needs more than five.")
    repeated: list[tuple[dict[str, Any], frozenset[str]]] = []

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.append((found, frozenset(name for name, count in counts.items() if count > 1)))
        return found

    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=object_of,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
    except UnicodeDecodeError as error:
        raise ApiProblem("not-utf-8", f"Byte {error.start} of the body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ApiProblem(
            "malformed-json", f"The JSON cannot be read from line {error.lineno}, column {error.colno} on."
        ) from None
    faults = list(islice(_faults(value, "", {id(found): names for found, names in repeated}), MAX_FAULTS))
    if faults:
        raise ApiProblem("unsafe-json", faults=faults)
    return value


def read_object(body: bytes) -> dict[str, Any]:
    """As `read_json`, and the top level is an object (400 `not-an-object` otherwise)."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise ApiProblem("not-an-object")
    return value


def _constant(_name: str) -> _Refused:
    return _Refused("not-a-number", "JSON has no NaN and no Infinity. Send null for an unknown number.")


def _integer(digits: str) -> int | _Refused:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        return _Refused("number-too-large", f"A number has at most {MAX_DIGITS} digits.")
    return int(digits)


def _decimal(digits: str) -> float | _Refused:
    value = float(digits)
    if value in (float("inf"), float("-inf")) or len(digits) > 100:
        return _Refused("number-too-large", f"A number has at most {MAX_DIGITS} digits.")
    return value


def _faults(value: Any, place: str, repeated: dict[int, frozenset[str]]) -> Iterator[Fault]:
    """Every place below `value` that is refused; recursion is bounded by MAX_DEPTH."""
    if isinstance(value, _Refused):
        yield Fault(value.code, value.detail, pointer=place)
    elif isinstance(value, str):
        yield from _text_faults(value, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, f"{place}/{index}", repeated)
    elif isinstance(value, dict):
        yield from _object_faults(value, place, repeated)


def _object_faults(value: dict[str, Any], place: str, repeated: dict[int, frozenset[str]]) -> Iterator[Fault]:
    for name, item in value.items():
        if _UNSAFE.search(name) or len(name) > MAX_NAME:
            # The name itself cannot be repeated in the answer, so the object that holds it is named.
            yield Fault("unsafe-name", "A field name here is too long or holds control characters.", pointer=place)
            continue
        step = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
        if name in repeated.get(id(value), ()):
            yield Fault("duplicate-key", "This field is sent twice in one object. Send it once.", pointer=step)
        yield from _faults(item, step, repeated)


def _text_faults(value: str, place: str) -> Iterator[Fault]:
    found = _UNSAFE.search(value)
    if found:
        yield Fault(
            "unsafe-text",
            f"Character {found.start() + 1} is a control or direction character, or half a surrogate pair. Remove it.",
            pointer=place,
        )


class StrictJSONParser(BaseParser):
    """DRF's door to `read_object`; any charset but UTF-8 is 415, more than MAX_BYTES is 413."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], _media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """The body as a dict of plain Python values."""
        refuse_other_charsets(parser_context["request"])
        return read_object(stream.read(MAX_BYTES + 1))


def refuse_other_charsets(request: Request) -> None:
    """Raises UnsupportedMediaType when Content-Type names a charset that is not UTF-8."""
    charset: str = (request.content_params or {}).get("charset", "utf-8")
    if charset.strip('"').lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(request.content_type)


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of the request; an absent body is 400, or 411 when its length was not told."""
    if request.stream is None:
        raise ApiProblem("length-required" if request.META.get("HTTP_TRANSFER_ENCODING") else "empty-body")
    return cast("dict[str, Any]", request.data)
