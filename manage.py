#!/usr/bin/env python
"""Django's command line for Strata."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - it may be missing
    except ImportError as missing:
        raise SystemExit(
            f"{missing}. Strata's packages are not installed for {sys.executable}: "
            "run `make run`, or activate .venv first."
        ) from missing
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
