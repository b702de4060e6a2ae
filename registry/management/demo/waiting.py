"""Waiting for the worker, with an end to patience."""

import time
from collections.abc import Callable

# Longer than the two minutes after which the work of a worker that died is taken up by another.
PATIENCE_SECONDS = 180.0
LOOK_EVERY_SECONDS = 0.5


class NothingMoves(Exception):
    """The background job made no progress for three minutes; the message says which."""


def until(done: Callable[[], bool], *, what: str, progress: Callable[[], object]) -> None:
    """Returns once `done()`; raises NothingMoves when `progress()` stays the same for three minutes."""
    seen, since = progress(), time.monotonic()
    while not done():
        now = progress()
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > PATIENCE_SECONDS:
            message = f"{what} made no progress for {PATIENCE_SECONDS:.0f} s. Is the worker running? See its log."
            raise NothingMoves(message)
        time.sleep(LOOK_EVERY_SECONDS)
