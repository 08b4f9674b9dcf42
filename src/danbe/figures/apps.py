"""Django application ``danbe.figures``."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.figures"
    label = "figures"
