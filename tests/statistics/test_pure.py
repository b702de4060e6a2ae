import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    "control_charts duplicates fieller funnel inflation money print_cost quality ranks unmeasured unreported".split(),
)
def test_numbers_need_neither_django_nor_arrays_to_be_imported(module: str) -> None:
    heavy = "django", "numpy", "scipy"
    code = f"import sys, registry.statistics.{module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
