"""What the REST door takes for JSON, and what it refuses before any rule is asked."""

import time

import pytest

from api.errors import ApiProblem
from api.parsers import MAX_BYTES, MAX_FAULTS, depth_of, read_json, read_object


def refusal(body: bytes) -> ApiProblem:
    with pytest.raises(ApiProblem) as caught:
        read_object(body)
    return caught.value


def places(problem: ApiProblem) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.pointer) for fault in problem.faults]


def test_plain_json_is_read_as_it_is():
    assert read_object('{"a": [1, 2.5, null, true, "Ångström", {"b": -3}]}'.encode()) == {
        "a": [1, 2.5, None, True, "Ångström", {"b": -3}]
    }


@pytest.mark.parametrize("body", [b"", b"   ", b"\n\t"])
def test_an_empty_body_is_named_so(body):
    assert refusal(body).kind.code == "empty-body"


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"a":}', b"{'a': 1}", b'{"a": 1,}', b'{"a" 1}', b"\xef\xbb\xbf{}", b'{"a": 01}', b"{} {}", b'{"a": "\n"}'],
)
def test_what_is_not_json_is_400_with_line_and_column(body):
    problem = refusal(body)
    assert (problem.kind.code, problem.status_code) == ("malformed-json", 400)
    assert "line" in problem.sentence


@pytest.mark.parametrize(
    "body", ['{"a": "é"}'.encode("latin-1"), '{"a": 1}'.encode("utf-16"), b'{"a": "\xed\xa0\x80"}']
)
def test_what_is_not_utf_8_is_refused(body):
    assert refusal(body).kind.code == "not-utf-8"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_the_top_level_is_an_object(body):
    assert refusal(body).kind.code == "not-an-object"


def test_a_field_sent_twice_is_named_with_its_place():
    problem = refusal(b'{"parts": [{}, {"region": "head", "region": "neck"}], "sex": null, "sex": "male"}')
    assert problem.kind.code == "unsafe-json"
    assert places(problem) == [("duplicate-key", "/parts/1/region"), ("duplicate-key", "/sex")]


def test_a_field_sent_three_times_with_nested_objects_is_named_once():
    assert places(refusal(b'{"a": {"b": 1}, "a": {"b": 2}, "a": {"c": 3}}')) == [("duplicate-key", "/a")]


def test_however_many_places_are_wrong_a_bounded_number_is_told():
    twice = b"{" + b",".join(b'"k%05d":1,"k%05d":2' % (number, number) for number in range(20_000)) + b"}"
    unsafe = b'{"a": [' + b",".join([b'"\\u0001"'] * 30_000) + b"]}"
    for body in (twice, unsafe):
        assert len(refusal(body).faults) == MAX_FAULTS


def test_among_many_fields_the_one_sent_twice_is_named():
    body = b"{" + b",".join(b'"k%05d":1' % number for number in range(20_000)) + b',"k00001":2}'
    assert places(refusal(body)) == [("duplicate-key", "/k00001")]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_in_json_is_refused(number):
    assert places(refusal(b'{"a": [' + number + b"]}")) == [("not-a-number", "/a/0")]


@pytest.mark.parametrize("number", [b"1" * 5000, b"-" + b"9" * 19, b"1e400", b"-1e999", b"1." + b"3" * 200])
def test_a_number_of_too_many_digits_is_refused(number):
    assert places(refusal(b'{"a": ' + number + b"}")) == [("number-too-large", "/a")]


def test_the_largest_number_is_taken():
    assert read_object(b'{"a": 999999999999999999}') == {"a": 999_999_999_999_999_999}


@pytest.mark.parametrize(
    "escape",
    ["\\u0000", "\\n", "\\u0085", "\\u007f", "\\u202e", "\\u2066", "\\u200f", "\\ud800", "\\udfff", "\\udc00\\ud800"],
)
def test_text_that_cannot_be_stored_or_shown_is_refused(escape):
    assert places(refusal(f'{{"procedure": {{"times": ["x{escape}"]}}}}'.encode())) == [
        ("unsafe-text", "/procedure/times/0")
    ]


def test_a_surrogate_pair_is_a_character():
    assert read_object(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


def test_a_field_name_that_cannot_be_repeated_points_to_its_object():
    body = '{"a": {"x\\u0000": 1, "' + "n" * 65 + '": 2}}'
    assert places(refusal(body.encode())) == [("unsafe-name", "/a"), ("unsafe-name", "/a")]


def test_a_pointer_escapes_slash_and_tilde():
    assert places(refusal(b'{"a/b~c": NaN}')) == [("not-a-number", "/a~1b~0c")]


def test_all_faults_are_told_at_once():
    assert len(places(refusal(b'{"a": NaN, "b": "\\u0000", "c": 1, "c": 2}'))) == 3


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_a_hundred_thousand_levels_are_refused(opening):
    assert refusal(b'{"a": ' + opening * 100_000).kind.code == "too-deep"


def test_brackets_inside_strings_are_not_levels():
    assert depth_of(b'{"a": "[[[[[[", "b": "\\"[[[["}', 20) == 1


def test_twenty_levels_are_taken_and_twenty_one_are_not():
    assert read_json(b"[" * 20 + b"]" * 20)
    assert refusal(b"[" * 21 + b"]" * 21).kind.code == "too-deep"


def test_a_body_above_the_limit_is_413():
    problem = refusal(b'{"a": "' + b"x" * MAX_BYTES + b'"}')
    assert (problem.kind.code, problem.status_code) == ("body-too-large", 413)


@pytest.mark.parametrize("unit", [b'"', b'\\"', b'"\\', b'{"', b"[]", b"\\"])
def test_counting_levels_takes_time_in_proportion_to_the_body(unit):
    started = time.process_time()
    depth_of(b'"' + unit * (900_000 // len(unit)), 20)
    assert time.process_time() - started < 3
