from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.actions.deployment import set_privacy_mode
from registry.errors import StrataError
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.vocabulary.workflow import Channel, PrivacyMode


class Command(BaseCommand):
    help = "Choose, before the first case, whether months (limited_data_set) or years alone (safe_harbor) are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mode", choices=PrivacyMode.values)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_for(sites=(), administrator=True):
                set_privacy_mode(options["mode"], by=Operator("privacy_mode"), via=Channel.COMMAND)
        except StrataError as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"Dates are kept as {PrivacyMode(options['mode']).label}.")
