"""`manage.py statistics refresh | rebuild | lag`: the derived figures, by the operator's hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.models import Site
from registry.models.scope import acting_for
from registry.statistics import lag, rebuild, refresh_due

MONTHS_AT_A_TIME = 200


class Command(BaseCommand):
    """Refresh what is stale, rebuild everything from the rows, or say how far the figures are behind."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define refresh, rebuild with --site, and lag."""
        parts = parser.add_subparsers(dest="what", required=True)
        parts.add_parser("refresh", help="recompute the months that are stale")
        again = parts.add_parser("rebuild", help="recompute every month from the rows")
        again.add_argument("--site", help="the code of one site (default: all sites)")
        parts.add_parser("lag", help="how old the oldest stale month is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked and say what was done."""
        if options["what"] == "refresh":
            done = total = refresh_due(MONTHS_AT_A_TIME)
            while done >= MONTHS_AT_A_TIME:
                done = refresh_due(MONTHS_AT_A_TIME)
                total += done
            self.stdout.write(f"{total} site-months refreshed.")
        elif options["what"] == "rebuild":
            self.stdout.write(f"{rebuild(self._site(options['site']))} site-months rebuilt.")
        else:
            behind = lag()
            self.stdout.write("Nothing is stale." if behind is None else f"The oldest stale month has waited {behind}.")

    def _site(self, code: str | None) -> Site | None:
        if code is None:
            return None
        with acting_for(sites=(), administrator=True):
            site = Site.objects.filter(code=code).first()
        if site is None:
            raise CommandError(f"There is no site {code}.")
        return site
