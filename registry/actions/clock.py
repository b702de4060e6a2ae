"""Actions ring after their commit without knowing who listens: config/celery.py installs the bell at start-up.

A lost ring costs a few seconds: the next tick finds the rows anyway.
"""

import logging
from collections.abc import Callable

from django.db import transaction

Bell = Callable[[str], None]
log = logging.getLogger(__name__)


def _silent(name: str) -> None:
    """No clock is installed: commands and tests do their work in the foreground."""


_bell: Bell = _silent


def install(bell: Bell) -> None:
    """From here on `ring(name)` calls `bell(name)` after commit."""
    global _bell  # noqa: PLW0603 - the one seam between actions and the clock
    _bell = bell


def ring(name: str) -> None:
    """After the commit of the open transaction the bell called `name` rings; a bell that fails changes nothing."""
    transaction.on_commit(lambda: _bell(name), robust=True)
