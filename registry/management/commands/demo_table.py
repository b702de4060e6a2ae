"""`manage.py demo_table`: the published table of a registry, beside the figures of the synthetic demonstration data."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from registry.management.demo.accounts import DANA
from registry.management.demo.plan import SYNTHETIC
from registry.management.demo.published_table import SOURCE, Line, NotThere, lines
from registry.models import User


class Command(BaseCommand):
    """Print every published figure beside the demonstration's; exit non-zero unless each is within rounding."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """The table, a verdict on each line, and one on all."""
        try:
            dana = User.objects.filter(email=DANA.email).first()
            if dana is None:
                raise CommandError("The demonstration is not here. Run it first: make run ONCE=1")
            table = lines(for_user=dana)
        except NotThere as missing:
            raise CommandError(
                f"The table cannot be read: {missing}. Run the demonstration first: make run ONCE=1"
            ) from None
        except OperationalError as away:
            raise CommandError("The database is away. Start Strata first: make run") from away
        self._print(table)

    def _print(self, table: list[Line]) -> None:
        self.stdout.write(f"Published: {SOURCE}.")
        self.stdout.write(f"Here: {SYNTHETIC}, read as {DANA.name}, {DANA.description}, from the registry's measures.")
        self.stdout.write(f"{'':36} {'published':>10} {'here':>10} {'unrounded':>14}")
        for line in table:
            figure = line.figure
            said = f"{figure.name:36} {figure.printed:>10} {line.rounded:>10} {line.found:>14.6f}"
            self.stdout.write(f"{said}  {figure.unit:15} {'within rounding' if line.holds else 'DIFFERS'}")
        held = sum(line.holds for line in table)
        verdict = f"{held} of {len(table)} published figures within rounding"
        if held < len(table):
            raise CommandError(verdict)
        self.stdout.write(verdict)
