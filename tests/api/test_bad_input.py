"""Bad input: the right status, problem+json, the place and the cure named, nothing written, never a 500."""

import copy
import json

import pytest

from registry.actions import sites
from registry.models.scope import acting_for
from tests.api.conftest import Caller, faults, problem, written
from tests.people import HAND

MISSING = "cas_0000000000000000"


def changed(report, path, value):
    """The report with the value at this path replaced; a path is a tuple of keys and indices."""
    report = copy.deepcopy(report)
    place = report
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return report


FIELDS = [
    (("sex",), "unknown!", "not-a-choice", "/sex"),
    (("sex",), 5, "wrong-type", "/sex"),
    (("sex",), ["male"], "wrong-type", "/sex"),
    (("age_years",), "thirty", "wrong-type", "/age_years"),
    (("age_years",), "\uff15", "wrong-type", "/age_years"),
    (("age_years",), True, "wrong-type", "/age_years"),
    (("age_years",), 93, "age-over-89", "/age_years"),
    (("age_years",), -1, "out-of-range", "/age_years"),
    (("age_years",), 34.5, "wrong-type", "/age_years"),
    (("order_month",), "2026-13", "not-a-month", "/order_month"),
    (("order_month",), "2026-03-02", "not-a-month", "/order_month"),
    (("order_month",), "1999-01", "month-out-of-range", "/order_month"),
    (("order_month",), "9999-01", "month-out-of-range", "/order_month"),
    (("local_case_id",), "with space", "malformed", "/local_case_id"),
    (("local_case_id",), "x" * 33, "too-long", "/local_case_id"),
    (("local_case_id",), None, "required", "/local_case_id"),
    (("local_case_id",), 12, "wrong-type", "/local_case_id"),
    (("object_kind",), {}, "wrong-type", "/object_kind"),
    (("object_kind",), "digital_only", "digital-is-not-printed", "/print_decision"),
    (("parts",), [], "model-needs-parts", "/parts"),
    (("parts",), {}, "wrong-type", "/parts"),
    (("parts",), [1], "wrong-type", "/parts/0"),
    (("parts", 1, "structure"), "cheese", "not-a-choice", "/parts/1/structure"),
    (("parts",), [{"region": "head", "structure": "bone"}] * 21, "too-many", "/parts"),
    (("prints", 0, "scale_percent"), 1000, "out-of-range", "/prints/0/scale_percent"),
    (("prints", 0, "printer"), "Not ours", "unknown-printer", "/prints/0/printer"),
    (("prints", 0, "printer"), ["x"], "unknown-printer", "/prints/0/printer"),
    (("prints", 0, "printer"), None, "unknown-printer", "/prints/0/printer"),
    (("prints", 0, "materials"), [["x"]], "unknown-material", "/prints/0/materials"),
    (("prints", 0, "materials"), {}, "material-missing", "/prints/0/materials"),
    (("prints", 0, "parts"), [3], "unknown-part", "/prints/0/parts"),
    (("prints", 0, "print_hours"), 7.123456, "too-precise", "/prints/0/print_hours"),
    (("prints", 0, "print_hours"), 1e300, "out-of-range", "/prints/0/print_hours"),
    (("prints", 0, "sterilisation"), "none", "sterilisation-missing", "/prints/0/sterilisation"),
    (("effort", 0, "minutes"), 99_999, "out-of-range", "/effort/0/minutes"),
    (("codes", 0, "code"), "9999X", "unknown-code", "/codes/0/code"),
    (("codes", 0, "units"), 0, "out-of-range", "/codes/0/units"),
    (("codes",), [{"code": "0560T", "units": 1}], "add-on-without-primary", "/codes/0/code"),
    (("codes", 0, "applied_month"), "2019-01", "code-not-yet-valid", "/codes/0/applied_month"),
    (("procedure",), [], "wrong-type", "/procedure"),
    (("procedure", "performed_month"), "2026-01", "months-out-of-order", "/procedure/performed_month"),
    (("procedure", "category"), "haircut", "not-a-choice", "/procedure/category"),
    (("procedure", "times", 0, "minutes"), 4, "out-of-range", "/procedure/times/0/minutes"),
    (("procedure", "times", 1, "minutes"), 400, "times-contradict", "/procedure/times/1/minutes"),
    (("procedure", "times", 1, "clock"), "in_room", "said-twice", "/procedure/times/1"),
    (("no_procedure_reason",), "cancelled", "procedure-and-none", "/no_procedure_reason"),
    (("assessments", 0, "q1_easy"), 6, "out-of-range", "/assessments/0/q1_easy"),
    (("exclusions_attested",), False, "exclusions-not-attested", "/exclusions_attested"),
    (("intended_uses",), ["preop_planning"] * 2, "said-twice", "/intended_uses"),
    (("intended_uses",), [{}], "wrong-type", "/intended_uses"),
]


@pytest.mark.parametrize(("path", "value", "code", "pointer"), FIELDS)
def test_a_value_that_cannot_be_is_refused_with_its_place(alice, people, example, path, value, code, pointer):
    before = written(people)
    response = alice.post("cases", changed(example, path, value))
    problem(response, 422, "invalid-report")
    assert (code, pointer) in faults(response)
    assert written(people) == before
    verdict = alice.post("cases:validate", changed(example, path, value)).json()
    assert (code, pointer) in {(error["code"], error["pointer"]) for error in verdict["errors"]}
    assert written(people) == before


PLACES = [
    ((), ""),
    (("parts", 1), "/parts/1"),
    (("prints", 0), "/prints/0"),
    (("procedure",), "/procedure"),
    (("procedure", "times", 0), "/procedure/times/0"),
]


@pytest.mark.parametrize(("where", "pointer"), PLACES)
def test_an_unknown_field_is_refused_wherever_it_is(alice, people, example, where, pointer):
    before = written(people)
    for name in ("site", "id", "site_id", "public_id", "state", "revision", "registry", "prnter", "x" * 60):
        response = alice.post("cases", changed(example, (*where, name), 1))
        problem(response, 422, "invalid-report")
        assert any(code == "unknown-field" and (place or "").startswith(pointer) for code, place in faults(response)), (
            name
        )
    assert written(people) == before


def test_all_problems_are_told_at_once_and_no_value_is_echoed(alice, example):
    example |= {"sex": "SECRET-1", "age_years": 93, "comment": "SECRET-2" * 20}
    example["prints"][0]["printer"] = "SECRET-3"
    response = alice.post("cases", example)
    assert faults(response) >= {
        ("not-a-choice", "/sex"), ("age-over-89", "/age_years"), ("too-long", "/comment"), ("unknown-printer", "/prints/0/printer"),
    }  # fmt: skip
    assert b"SECRET" not in response.content


SECTIONS = [
    "imaging",
    "parts",
    "guides",
    "prints",
    "effort",
    "codes",
    "assessments",
    "procedure",
    "intended_uses",
    "local_case_id",
]
ANYTHING = [
    None,
    0,
    1.5,
    "",
    "x",
    [],
    {},
    [None],
    [[]],
    [{}],
    [0],
    True,
    [{"times": {}}],
    {"times": [None]},
    {"materials": [{}]},
]


@pytest.mark.parametrize("section", SECTIONS)
def test_any_section_may_be_anything_without_a_server_error(alice, example, control, section):
    for value in ANYTHING:
        for report in (example, control):
            assert alice.post("cases", {**report, section: value}).status_code in (200, 201, 409, 422), value
            assert alice.post("cases:validate", {**report, section: value}).status_code == 200, value


MALFORMED = [
    (b"", 400, "empty-body"),
    (b"{", 400, "malformed-json"),
    (b'"x"', 400, "not-an-object"),
    (b"[]", 400, "not-an-object"),
    (b"\xff\xfe{}", 400, "not-utf-8"),
    (b'{"a":' * 100_000, 400, "too-deep"),
    (b"[" * 100_000 + b"]" * 100_000, 400, "too-deep"),
    (b'{"local_case_id": "A\\u0000"}', 400, "unsafe-json"),
    (b'{"comment": "\\ud800"}', 400, "unsafe-json"),
    (b'{"comment": "\\u202e"}', 400, "unsafe-json"),
    (b'{"local_case_id": "A", "local_case_id": "B"}', 400, "unsafe-json"),
    (b'{"age_years": NaN}', 400, "unsafe-json"),
    (b'{"age_years": 1e400}', 400, "unsafe-json"),
    (b'{"age_years": ' + b"9" * 5000 + b"}", 400, "unsafe-json"),
    (b'{"comment": "' + b"x" * 1_100_000 + b'"}', 413, "body-too-large"),
    (b" " * 3_000_000, 413, "body-too-large"),
]
WRITES = [
    ("POST", "cases"),
    ("POST", "cases:validate"),
    ("PUT", "cases/by-local-id/A-1"),
    ("POST", "cases/{case}/withdraw"),
    ("POST", "cases/{case}/reinstate"),
    ("PUT", "cases/{case}/procedure"),
    ("POST", "cases/{case}/or-times"),
    ("POST", "cases/{case}/assessments"),
]


@pytest.mark.parametrize(("body", "status", "code"), MALFORMED, ids=lambda value: str(value)[:24])
def test_a_body_that_cannot_be_read_is_refused_everywhere(alice, people, control, body, status, code):
    case = alice.post("cases", control).json()["id"]
    before = written(people)
    for method, path in WRITES:
        problem(alice.send(method, path.format(case=case), body), status, code)
    assert written(people) == before


@pytest.mark.parametrize(
    "kind", ["application/json; charset=foo", "application/json; charset=latin-1", "text/plain", "application/x-www-form-urlencoded",
             "application/xml", "nonsense", "multipart/form-data; boundary=x", "application/json; charset=utf-16"]
)  # fmt: skip
def test_another_content_type_or_charset_is_415(alice, people, control, kind):
    before = written(people)
    problem(alice.send("POST", "cases", json.dumps(control).encode(), content_type=kind), 415, "unsupported-media-type")
    assert written(people) == before


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_utf_8_may_be_said_or_not(alice, control, kind):
    assert alice.send("POST", "cases", json.dumps(control).encode(), content_type=kind).status_code == 201


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (None, "not-signed-in"),
        ("", "token-broken"),
        ("reg_live_short", "token-broken"),
        ("reg_live_" + "A" * 43, "token-unknown"),
        ("reg_test_" + "A" * 43, "token-unknown"),
        ("reg_live_" + "A" * 42 + "\N{LATIN SMALL LETTER E WITH ACUTE}", "token-broken"),
        ("reg_live_" + "A" * 5000, "token-broken"),
        ("' OR 1=1 --", "token-broken"),
    ],
)
def test_a_broken_token_is_401_and_nothing_is_written(people, control, token, code):
    caller = Caller(token)
    before = written(people)
    for response in (caller.post("cases", control), caller.get("cases"), caller.get(f"cases/{MISSING}")):
        problem(response, 401, code)
        assert response["WWW-Authenticate"].startswith("Bearer")
    assert written(people) == before


@pytest.mark.parametrize(
    "header", ["Basic YTpi", "Bearer", "Bearer  ", "Token x", "Bearer\treg_live_x", "bearer reg_live_x y"]
)
def test_an_authorization_header_of_another_kind_is_401(people, header):
    problem(Caller(None).get("cases", authorization=header), 401, "token-broken")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "cases"),
        ("PATCH", "cases"),
        ("PUT", "cases"),
        ("GET", "cases:validate"),
        ("DELETE", f"cases/{MISSING}"),
    ],
)
def test_a_method_that_is_not_taken_is_405_with_those_that_are(alice, method, path):
    response = alice.send(method, path, {})
    problem(response, 405, "method-not-allowed")
    assert response["Allow"]


def test_a_type_that_cannot_be_answered_is_406(alice):
    problem(alice.get("cases", accept="text/html"), 406, "not-acceptable")


def test_a_request_id_of_the_caller_is_kept_if_it_is_harmless(alice):
    assert problem(alice.get("nothing", x_request_id="abc-123"), 404, "not-found")["request_id"] == "abc-123"
    assert problem(alice.get("nothing", x_request_id="<script>"), 404, "not-found")["request_id"] != "<script>"


@pytest.mark.parametrize(
    "body",
    [
        {"reason": 5},
        {"reason": ""},
        {"reason": " "},
        {"reason": "x" * 81},
        {"reason": "x", "site": 1},
        {"reason": None},
    ],
)
def test_a_reason_that_is_none_is_refused(alice, control, body):
    case = alice.post("cases", control).json()["id"]
    for act in ("withdraw", "reinstate"):
        problem(alice.post(f"cases/{case}/{act}", body), 422, "invalid-report")
    assert alice.get(f"cases/{case}").json()["registry"]["state"] == "submitted"


def test_a_site_without_agreement_submits_nothing(people, alice, control):
    with acting_for(sites=[people.site.pk], administrator=True):
        sites.sign_agreement(people.site, None, **HAND)
    before = written(people)
    response = alice.post("cases", control)
    problem(response, 422, "invalid-report")
    assert ("no-agreement", "") in faults(response)
    assert written(people) == before
