"""From what is believed to rows: a fixed number of statements for a batch of new cases, and the smallest change to a known one."""

from collections.abc import Sequence
from typing import Any

from registry.intake.report import Believed
from registry.intake.sections import KNOWN_BY, SECTIONS
from registry.models import Case, Print, PrintMaterial, Procedure, ProcedureTime


def create(cases: Sequence[Case], believed: Sequence[Believed]) -> None:
    """The unsaved cases and everything believed of them are rows."""
    Case.objects.bulk_create(cases)
    pairs = list(zip(cases, believed, strict=True))
    for name, section in SECTIONS.items():
        model: Any = section.model
        if name != "prints":
            model.objects.bulk_create([_part(model, case, row) for case, rows in pairs for row in rows.sections[name]])
    _create_prints([(case, row) for case, rows in pairs for row in rows.sections["prints"]])
    _create_procedures(pairs)


def _part(model: Any, case: Case, row: dict[str, Any]) -> Any:
    return model(site_id=case.site_id, case=case, **row)


def _create_prints(rows: list[tuple[Case, dict[str, Any]]]) -> None:
    made = [
        _part(Print, case, {name: value for name, value in row.items() if name != "materials"}) for case, row in rows
    ]
    Print.objects.bulk_create(made)
    PrintMaterial.objects.bulk_create(
        PrintMaterial(site_id=case.site_id, print=made_print, material_id=material, position=position)
        for made_print, (case, row) in zip(made, rows, strict=True)
        for position, material in enumerate(row["materials"], 1)
    )


def _create_procedures(pairs: list[tuple[Case, Believed]]) -> None:
    done = [(case, rows) for case, rows in pairs if rows.procedure is not None]
    made = [_part(Procedure, case, rows.procedure or {}) for case, rows in done]
    Procedure.objects.bulk_create(made)
    ProcedureTime.objects.bulk_create(
        ProcedureTime(site_id=procedure.site_id, procedure=procedure, **row)
        for procedure, (_, rows) in zip(made, done, strict=True)
        for row in rows.times
    )


def settle(case: Case, believed: Believed) -> None:
    """The rows of a recorded case say what is believed now: changed rows are updated, missing ones added, others deleted.

    Expects `restate.PREFETCH` on the queryset the case came from.
    """
    for name, section in SECTIONS.items():
        wanted = [{k: v for k, v in row.items() if k != "materials"} for row in believed.sections[name]]
        settled = _settle(section.model, case, list(getattr(case, name).all()), wanted, KNOWN_BY.get(name, ("number",)))
        if name == "prints":
            _settle_materials(settled, believed.sections["prints"])
    _settle_procedure(case, believed)


def _settle(
    model: Any, case: Case, recorded: list[Any], wanted: list[dict[str, Any]], key: tuple[str, ...]
) -> list[Any]:
    known = {tuple(getattr(row, name) for name in key): row for row in recorded}
    settled = []
    for columns in wanted:
        row = known.pop(tuple(columns[name] for name in key), None)
        if row is None:
            row = model.objects.create(site_id=case.site_id, case=case, **columns)
        else:
            _update(row, columns)
        settled.append(row)
    for row in known.values():
        row.delete()
    return settled


def _update(row: Any, columns: dict[str, Any]) -> None:
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        row.save(update_fields=changed)


def _settle_materials(prints: list[Any], wanted: list[dict[str, Any]]) -> None:
    for row, said in zip(prints, wanted, strict=True):
        recorded = [used.material_id for used in sorted(row.materials.all(), key=lambda used: used.position)]
        if recorded != said["materials"]:
            row.materials.all().delete()
            PrintMaterial.objects.bulk_create(
                PrintMaterial(site_id=row.site_id, print=row, material_id=material, position=position)
                for position, material in enumerate(said["materials"], 1)
            )


def _settle_procedure(case: Case, believed: Believed) -> None:
    procedure: Any = getattr(case, "procedure", None)
    if believed.procedure is None:
        if procedure is not None:
            procedure.delete()
            case.refresh_from_db(fields=["revision"])
        return
    if procedure is None:
        procedure = Procedure.objects.create(site_id=case.site_id, case=case, **believed.procedure)
    else:
        _update(procedure, believed.procedure)
    known = {(row.clock, row.source): row for row in procedure.times.all()}
    for columns in believed.times:
        row = known.pop((columns["clock"], columns["source"]), None)
        if row is None:
            ProcedureTime.objects.create(site_id=case.site_id, procedure=procedure, **columns)
        else:
            _update(row, columns)
    for row in known.values():
        row.delete()
