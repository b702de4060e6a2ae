from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from registry.reports import data_dictionary


class Command(BaseCommand):
    help = "Write docs/data-dictionary.md from the models."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(__file__).parents[3] / "docs" / "data-dictionary.md"
        path.write_text(data_dictionary.text())
        self.stdout.write(str(path))
