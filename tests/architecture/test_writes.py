"""Only actions write recorded tables, only statistics write derived ones. What import rules cannot see, the syntax tree shows."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READERS = ("registry/intake", "registry/reports", "registry/web", "registry/management", "registry/tasks.py", "api")
WRITES = {"create", "bulk_create", "update", "bulk_update", "get_or_create", "update_or_create", "save", "delete"}
# Words that mean something else on these receivers: sets and dicts of the standard library, hashes, request.session.
INNOCENT = {
    "digest",
    "hash",
    "hasher",
    "session",
    "seen",
    "context",
    "headers",
    "data",
    "options",
    "found",
    "columns",
    "merged",
    # The actions on drafts, which are not the record.
    "drafts",
}


def receiver(call: ast.Call) -> str:
    value = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    while isinstance(value, ast.Call):
        value = value.func
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""


def writes_in(source: str) -> list[int]:
    """The lines where this source writes a row."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            through_manager = any(
                isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(node.func)
            )
            bare = node.func.attr in {"save", "delete"} and receiver(node) not in INNOCENT
            if through_manager or bare:
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("place", READERS)
def test_doors_intake_and_reports_never_write(place: str) -> None:
    path = ROOT / place
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    assert files
    found = {str(file.relative_to(ROOT)): writes_in(file.read_text()) for file in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "planted", ["Case.objects.create(a=1)", "Case.objects.filter(x=1).update(y=2)", "case.save()", "case.delete()"]
)
def test_a_planted_write_is_found(planted: str) -> None:
    assert writes_in(planted) == [1]
