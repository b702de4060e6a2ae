from django.apps import AppConfig


class StrataConfig(AppConfig):
    """Wires the parts together once all are loaded."""

    name = "config"
    label = "config"
    verbose_name = "Strata"

    def ready(self) -> None:
        """Make the Celery app the one that tasks belong to, install its bell, register the checks."""
        from config import celery, checks  # noqa: F401, PLC0415 - need the loaded apps

        celery.install_bell()
