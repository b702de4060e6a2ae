from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from registry.reports import measure_list


class Command(BaseCommand):
    help = "Write docs/measures.md from the declared measures."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(__file__).parents[3] / "docs" / "measures.md"
        path.write_text(measure_list.text())
        self.stdout.write(str(path))
