"""Django application ``danbe.reports``."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.reports"
    label = "reports"
