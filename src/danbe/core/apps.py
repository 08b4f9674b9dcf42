"""Django application ``danbe.core``."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.core"
    label = "core"
