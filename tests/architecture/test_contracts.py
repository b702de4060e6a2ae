"""Each import contract catches a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

PLANTED = [
    ("layers", "registry/models/planted.py", "import registry.intake.check"),
    ("layers", "registry/intake/planted.py", "import registry.statistics.stale"),
    ("layers", "registry/utils.py", ""),
    ("parts", "registry/actions/planted.py", "import api.errors"),
    ("parts", "api/planted.py", "import config.settings"),
    ("doors", "api/planted.py", "import registry.web.urls"),
    ("doors", "registry/web/planted.py", "import registry.tasks"),
    ("gate", "registry/reports/planted.py", "from registry.statistics.models import StaleMonth"),
    ("core", "registry/actions/planted.py", "from celery import shared_task"),
    ("core", "registry/web/planted.py", "import rest_framework.serializers"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to plant in."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(PROJECT / "pyproject.toml", copy)
    for name in ("registry", "api", "config"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "static", "*.html"))
    return copy


def _lint(tree: Path) -> tuple[int, str]:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ended.returncode, ended.stdout


def test_the_code_as_it_is_keeps_every_contract(tree: Path) -> None:
    code, said = _lint(tree)
    assert code == 0, said
    assert "Contracts: 5 kept, 0 broken." in said


@pytest.mark.parametrize(("contract", "place", "line"), PLANTED)
def test_a_planted_violation_breaks_its_contract(tree: Path, contract: str, place: str, line: str) -> None:
    planted = tree / place
    planted.write_text(line + "\n")
    try:
        code, said = _lint(tree)
    finally:
        planted.unlink()
    assert code == 1
    broken = [told.split(":")[0] for told in said.splitlines() if " BROKEN" in told]
    assert contract in broken, said
