"""Small OR logs for tests, and a printed case that waits for one."""

import io
import json
from pathlib import Path
from typing import Any

from registry.actions import cases, uploads
from registry.intake.payload import read_case
from registry.management import demo
from registry.models import Case, ProcedureTime, Upload
from tests.case_files import read_out
from tests.people import People

REAL_LOG = Path(demo.__file__).parent / "or_log_2022q1.csv"
CONTROLS = {"controls_from": "2022-01", "controls_to": "2022-12"}
HEADER = "Encounter ID,CPT Code,Service,Wheels In,Start Time,End Time,Wheels Out\n"


def row(number: str = "77", code: str = "27130", service: str = "Orthopedics", out: str = "09:17") -> str:
    return f"{number},{code},{service},2022-01-31 07:05,2022-01-31 07:32,2022-01-31 09:05,2022-01-31 {out}\n"


MAP = {("cpt", "27130"): "tha", ("service", "Podiatry"): "foot_ankle_other"}


def demo_map() -> dict[tuple[str, str], str]:
    lines = (REAL_LOG.parent / "or_log_map.csv").read_text().splitlines()[1:]
    return {("cpt", code): category for code, category in (line.split(",") for line in lines)}


def send(people: People, content: str | bytes, **options: Any) -> Upload:
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return uploads.receive("or_log", site=people.site, by=people.alice, via="rest", stream=stream, options=options)


def read(people: People, content: str | bytes, **options: Any) -> Upload:
    return read_out(send(people, content, **options))


def printed(people: People, number: str | None = "77", **said: Any) -> Case:
    """A printed case that waits for its OR time."""
    report = json.loads((Path(__file__).parent / "examples" / "case.json").read_text())
    for name in ("procedure", "assessments"):
        del report[name]
    report["prints"][0] |= {"printer": "J750", "materials": ["Vero"]}
    report |= {"order_month": "2021-12", "codes": [], "or_log_number": number, **said}
    return cases.submit(read_case(report), site=people.site, by=people.alice, via="rest").case


def times(case: Case) -> dict[tuple[str, str], int]:
    found = ProcedureTime.objects.filter(procedure__case=case)
    return {(time.clock, time.source): time.minutes for time in found}
