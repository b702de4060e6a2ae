from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """What is derived from the facts. Its tables may be dropped and rebuilt."""

    name = "registry.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
