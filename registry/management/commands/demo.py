"""`manage.py demo`: the demonstration, sent through the front door, and what the registry makes of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from registry.errors import InvalidReport, StrataError
from registry.management.demo import accounts, setup, showing, visit
from registry.management.demo.door import DoorError
from registry.management.demo.waiting import NothingMoves


class Command(BaseCommand):
    """Fill in the demonstration once, wait until the statistics are fresh, and print them."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define --base-url."""
        parser.add_argument(
            "--base-url", default=settings.STRATA_PUBLIC_URL, help="where the web answers (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 with everything printed, or a CommandError that says what did not work."""
        base_url = str(options["base_url"]).rstrip("/")
        path = settings.STRATA_DATA / "demo-accounts.json"
        try:
            remembered = self._known(path)
            if not remembered.complete:
                visit.submit_everything(base_url, remembered, say=self._say)
                remembered.complete = True
                accounts.keep(path, remembered)
            showing.show(base_url, remembered, path, say=self._say)
        except InvalidReport as refusal:
            places = "; ".join(f"{problem.path} {problem.code}" for problem in refusal.problems)
            raise CommandError(f"The demonstration was refused: {places}") from refusal
        except (DoorError, NothingMoves, StrataError) as failure:
            raise CommandError(f"The demonstration did not work: {failure}") from failure
        except OperationalError as away:
            raise CommandError("The database is away. Start Strata first: make run") from away

    def _known(self, path: Path) -> accounts.Remembered:
        remembered = accounts.read(path)
        if setup.is_prepared():
            if not remembered.tokens:
                raise CommandError(
                    f"The demonstration's sites are here, but {path} is not: put the file back, or name another "
                    "data folder by STRATA_DATA and start afresh."
                )
            return remembered
        remembered = accounts.fresh()
        setup.prepare(remembered, keep=lambda: accounts.keep(path, remembered))
        self._say("21 sites are enrolled: 20 with synthetic demonstration data, one with a real OR log.")
        return remembered

    def _say(self, sentence: str = "") -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
