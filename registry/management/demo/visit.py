"""The demonstration as the sites' machines send it: files of cases, newest cases and late OR times by REST, and an OR log."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from registry.management.demo import batches
from registry.management.demo.accounts import Remembered
from registry.management.demo.door import Door, DoorError
from registry.management.demo.plan import SYNTHETIC
from registry.management.demo.reports import Reports, reports_of
from registry.management.demo.setup import FOLDER
from registry.management.demo.sites import REAL, REAL_SITE, SYNTHETIC_SITES
from registry.management.demo.waiting import until

OR_LOG = FOLDER / "or_log_2022q1.csv"
# The window whose printed cases the site says are all entered: only there may an encounter become a control.
OPTIONS = '{"controls_from": "2022-01", "controls_to": "2022-03", "day_order": "mdy"}'
DONE = "done"
FINISHED = (DONE, "failed", "cancelled")
# As many sites send at the same time as the web answers without keeping people waiting.
AT_ONCE = 4
Say = Callable[[str], None]


def submit_everything(base_url: str, remembered: Remembered, *, say: Say) -> None:
    """All reports are recorded and the OR log is read. Sent again after an interruption, nothing is counted twice."""
    doors = {code: Door(base_url, token) for code, token in remembered.tokens.items()}
    reports = reports_of()
    newest = batches.newest(reports)
    real = doors[REAL_SITE.code]
    remembered.upload = str(real.post_file("/api/v1/uploads", {"kind": "or_log", "options": OPTIONS}, OR_LOG)["id"])
    files = {site.code: _send_file(doors[site.code], reports[site.code], newest) for site in SYNTHETIC_SITES}
    for code, upload in files.items():
        _wait(doors[code], upload, f"The file of {code}")
    # Only once the files are read: late times need their cases.
    with ThreadPoolExecutor(AT_ONCE) as sites:
        list(sites.map(lambda code: _send_one_by_one(doors[code], reports[code], newest), files))
    for code, sent in reports.items():
        say(f"{code}: {len(sent.cases):,} cases, {len(sent.late)} OR times later ({SYNTHETIC}).")
    log = _wait(real, remembered.upload, "The upload of the OR log")
    say(f"{REAL_SITE.code}: {log['state']}, {log['counts']} ({REAL}).")


def _send_file(door: Door, reports: Reports, newest: set[str]) -> str:
    """The site's cases as one file, without those that are sent one by one; the id of its upload."""
    cases = [case for case in reports.cases if case["local_case_id"] not in newest]
    return str(door.post_csv("/api/v1/uploads?kind=cases", batches.as_csv(cases))["id"])


def _wait(door: Door, upload: str, what: str) -> dict[str, Any]:
    """The upload as it ended. Raises DoorError where rows were refused, NothingMoves where it does not end."""
    state = door.get(f"/api/v1/uploads/{upload}")

    def look() -> object:
        state.update(door.get(f"/api/v1/uploads/{upload}"))
        return state

    until(lambda: state["state"] in FINISHED, what=what, progress=lambda: str(look()))
    if state["state"] != DONE or state["counts"].get("refused"):
        message = f"{what} ended as {state['state']}, {state['counts']}."
        raise DoorError(message)
    return state


def _send_one_by_one(door: Door, reports: Reports, newest: set[str]) -> None:
    """The newest cases as JSON, and the OR times that come later than their cases."""
    for case in reports.cases:
        if case["local_case_id"] in newest:
            door.post("/api/v1/cases", case)
    for local_id, outcome in reports.late.items():
        _record_late(door, _case(door, local_id), outcome)


def _case(door: Door, local_id: str) -> str:
    """The registry's id of this case of the site."""
    return str(door.get(f"/api/v1/cases/by-local-id/{local_id}")["registry"]["id"])


def _record_late(door: Door, case: str, outcome: dict[str, Any]) -> None:
    """The procedure first, then its minutes, one clock at a time, as an OR system would send them."""
    procedure = {name: value for name, value in outcome["procedure"].items() if name != "times"}
    door.put(f"/api/v1/cases/{case}/procedure", {"procedure": procedure})
    for minutes in outcome["procedure"]["times"]:
        door.post(f"/api/v1/cases/{case}/or-times", minutes)
