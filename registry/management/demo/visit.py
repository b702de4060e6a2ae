"""The demonstration as the sites' machines send it: cases, late OR times, and an OR log, all by REST."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from registry.management.demo.accounts import Remembered
from registry.management.demo.door import Door
from registry.management.demo.setup import FOLDER
from registry.management.demo.sites import REAL, REAL_SITE, SYNTHETIC_SITES, DemoSite
from registry.management.demo.synthetic import SYNTHETIC, reports_of
from registry.management.demo.waiting import until

OR_LOG = FOLDER / "or_log_2022q1.csv"
# The window whose printed cases the site says are all entered: only there may an encounter become a control.
OPTIONS = '{"controls_from": "2022-01", "controls_to": "2022-03", "day_order": "mdy"}'
FINISHED = ("done", "failed", "cancelled")
Say = Callable[[str], None]


def submit_everything(base_url: str, remembered: Remembered, *, say: Say) -> None:
    """All reports are acknowledged and the OR log is read. Sent again after an interruption, nothing is counted twice."""
    real = Door(base_url, remembered.tokens[REAL_SITE.code])
    upload = real.post_file("/api/v1/uploads", {"kind": "or_log", "options": OPTIONS}, OR_LOG)
    remembered.upload = str(upload["id"])
    # The three sites send at the same time, as sites do; within a site one report follows the other.
    with ThreadPoolExecutor(len(SYNTHETIC_SITES)) as sites:
        sent = [
            sites.submit(_send, Door(base_url, remembered.tokens[site.code]), site, share)
            for share, site in enumerate(SYNTHETIC_SITES)
        ]
        for site in sent:
            say(site.result())
    _wait_for_the_log(real, remembered.upload, say)


def _send(door: Door, site: DemoSite, share: int) -> str:
    reports = reports_of(site.code, site.materials_of_printers, share, len(SYNTHETIC_SITES))
    ids = {report["local_case_id"]: door.post("/api/v1/cases", report)["id"] for report in reports.cases}
    for local_id, outcome in reports.late.items():
        _record_late(door, ids[local_id], outcome)
    return f"{site.code}: {len(reports.cases)} cases, {len(reports.late)} OR times later ({SYNTHETIC})."


def _record_late(door: Door, case: str, outcome: dict[str, Any]) -> None:
    """The procedure first, then its minutes, one clock at a time, as an OR system would send them."""
    procedure = {name: value for name, value in outcome["procedure"].items() if name != "times"}
    door.put(f"/api/v1/cases/{case}/procedure", {"procedure": procedure})
    for minutes in outcome["procedure"]["times"]:
        door.post(f"/api/v1/cases/{case}/or-times", minutes)


def _wait_for_the_log(door: Door, upload: str, say: Say) -> None:
    state = door.get(f"/api/v1/uploads/{upload}")

    def look() -> object:
        state.update(door.get(f"/api/v1/uploads/{upload}"))
        return state

    until(lambda: state["state"] in FINISHED, what="The upload of the OR log", progress=lambda: str(look()))
    say(f"{REAL_SITE.code}: {state['state']}, {state['counts']} ({REAL}).")
