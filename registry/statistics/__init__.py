"""What is derived: cells of exact histograms, kept fresh by site and month, and `published()`, the only way out.

    from registry.statistics.published import published, definitions
    from registry.statistics import Scope, Period, Statistic, Suppressed, refresh_due, rebuild, lag, mark_stale

The names below load on first use, because a Django app may not import its models while it is being loaded.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.statistics.refresh import rebuild, refresh_due
    from registry.statistics.results import Period, Scope, Statistic, Suppressed, plain
    from registry.statistics.stale import lag, mark_stale

__all__ = ["Period", "Scope", "Statistic", "Suppressed", "lag", "mark_stale", "plain", "rebuild", "refresh_due"]

_HOME = {
    "Period": "results",
    "Scope": "results",
    "Statistic": "results",
    "Suppressed": "results",
    "lag": "stale",
    "mark_stale": "stale",
    "plain": "results",
    "rebuild": "refresh",
    "refresh_due": "refresh",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
