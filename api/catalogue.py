"""Every problem this door can answer with: its stable code, status, meaning and cure, in one list."""

from functools import cache

from api.problems import Kind
from api.report_problems import REPORT_KINDS

_MALFORMED = (
    Kind("empty-body", 400, "The request has no body", "Send a JSON object with Content-Length."),
    Kind("malformed-json", 400, "The body is not JSON", "Check quotes, commas and brackets at the place named."),
    Kind("not-utf-8", 400, "The body is not UTF-8", "Encode the body as UTF-8, without a byte order mark."),
    Kind("not-an-object", 400, "The body is not a JSON object", "Send { … }, one object, at the top level."),
    Kind("too-deep", 400, "The JSON nests too deep", "Send at most 20 levels."),
    Kind("unsafe-json", 400, "Parts of the JSON cannot be taken", "Mend every place listed under errors."),
    Kind("duplicate-key", 400, "A field is sent twice in one object", "Send every field once."),
    Kind("not-a-number", 400, "NaN or Infinity", "Send null for an unknown number."),
    Kind("number-too-large", 400, "A number has too many digits", "Send at most 18 digits."),
    Kind("unsafe-text", 400, "Control or direction characters in a text", "Remove the characters that do not print."),
    Kind("unsafe-name", 400, "A field name that no field has", "Use the field names of the data dictionary."),
    Kind("malformed-form", 400, "The form cannot be read", "Send multipart/form-data with a boundary, as browsers do."),
    Kind("bad-header", 400, "A header cannot be read", "Mend the header named."),
    Kind("unknown-parameter", 400, "A query parameter that does not exist here", "Remove it, or correct its name."),
    Kind("bad-parameter", 400, "A query parameter has a value it cannot have", "Correct the parameter named."),
    Kind("bad-request", 400, "The request cannot be read", "Compare it with the documentation of this address."),
    Kind("length-required", 411, "The length of the body is not told", "Send Content-Length instead of chunks."),
    Kind("body-too-large", 413, "The body is too large", "Send less in one request, or upload a file."),
    Kind(
        "unsupported-media-type", 415, "This content type is not read here", "Send what this address takes, in UTF-8."
    ),
)

_WHO = (
    Kind("not-signed-in", 401, "No credentials", "Send `Authorization: Bearer reg_live_…`."),
    Kind("token-broken", 401, "This is not a token of the registry", "Copy the whole token, from reg_ to its end."),
    Kind("token-unknown", 401, "No such token", "Ask your facility administrator for a new token."),
    Kind("token-expired", 401, "The token has expired", "Ask your facility administrator for a new token."),
    Kind("token-revoked", 401, "The token was revoked", "Ask your facility administrator for a new token."),
    Kind("not-permitted", 403, "Your role or the token's scopes do not allow this", "Ask who manages your site."),
    Kind("csrf", 403, "The request did not come from a page of the registry", "Send X-CSRFToken, or use a token."),
    Kind("site-required", 400, "The site is not named", "A person adds ?site=CODE; a token needs none."),
)

_STATE = (
    Kind(
        "not-found",
        404,
        "There is nothing here that you may see",
        "Check the address (GET /api/v1/ lists them) and the token's site.",
    ),
    Kind("method-not-allowed", 405, "This address does not take this method", "See the Allow header."),
    Kind("not-acceptable", 406, "This address cannot answer in that type", "Accept application/json."),
    Kind("conflict", 409, "The request does not fit the present state", "Read the object again, then decide."),
    Kind(
        "case-exists",
        409,
        "Another case bears this local case id",
        "PUT to /api/v1/cases/by-local-id/<your case id> to change it.",
    ),
    Kind("case-changed", 409, "The case was changed meanwhile", "Read it again and begin the amendment anew."),
    Kind("draft-changed", 409, "The draft was changed meanwhile", "Read it again and save over what it says now."),
    Kind(
        "case-withdrawn",
        409,
        "The case was withdrawn",
        "To have it count again, POST a reason to /api/v1/cases/<its registry id>/reinstate.",
    ),
    Kind("cases-exist", 409, "Cases are recorded already", "Choose the privacy mode before the first case."),
    Kind("encounter-taken", 409, "Another case bears this OR-log number", "Check the number in both cases."),
    Kind("printer-exists", 409, "The site has a printer with this label", "Choose another label."),
    Kind("material-exists", 409, "The site has a material with this name", "Choose another name."),
    Kind("site-exists", 409, "A site with this code is enrolled already", "Choose another code."),
    Kind("person-exists", 409, "A person with this e-mail is registered already", "Invite that person."),
    Kind("invitation-over", 409, "The invitation was used or taken back", "Ask for a new one."),
    Kind("membership-over", 409, "The person is not a member of the site any more", "Invite the person again."),
    Kind("facility-administrator-needed", 409, "A site needs its facility administrator", "Hand the role over first."),
    Kind("upload-state", 409, "The upload is over, or not where this can be done", "Ask for its state."),
    Kind("illegal-transition", 409, "The object is not in a state that allows this", "Read the object again."),
    Kind("still-running", 409, "The first request with this key is still running", "Send it again in a moment."),
    Kind("not-ready", 409, "The file is not written yet", "Ask for the state again after Retry-After seconds."),
    Kind("file-gone", 410, "The file is not kept any more", "Request the export again."),
    Kind("revision-changed", 412, "The case changed since you read it", "Read it again, then repeat your change."),
    Kind("invalid-report", 422, "The registry's rules refuse this report", "Mend every place listed under errors."),
    Kind("refused", 422, "The registry refuses this", "Do what the detail says."),
    Kind(
        "refused-by-constraint", 422, "The database's rules refuse this report", "Report it to us with the request id."
    ),
    Kind("key-reused", 422, "This Idempotency-Key was used with another body", "Take a new key for a new request."),
    Kind("too-many-requests", 429, "Too many requests", "Wait for Retry-After seconds."),
)

_OURS = (
    Kind("server-error", 500, "An error of ours", "Nothing was written. Tell us the request id."),
    Kind("database-away", 503, "The database is away", "Nothing was written. Send it again after Retry-After seconds."),
)

# The door's own field-level codes, in the places where it reads more than the registry's rules do.
_FIELDS = (
    Kind("id-differs", 422, "The id in the body is not the one in the address", "Leave it out of the body."),
    Kind("bad-time", 422, "A time that is not RFC 3339 with an offset", "Send e.g. 2026-03-02T08:14-05:00."),
    Kind("event-twice", 422, "An event is sent twice", "Send each event once."),
    Kind("event-alone", 422, "An event lacks its partner", "Send start and end of the same interval."),
    Kind("end-before-start", 422, "An interval ends before it starts", "Check the day and the offset of both times."),
)


@cache
def kinds() -> dict[str, Kind]:
    """Code → kind: every problem there is."""
    return {kind.code: kind for kind in (*_MALFORMED, *_WHO, *_STATE, *_OURS, *_FIELDS, *REPORT_KINDS)}
