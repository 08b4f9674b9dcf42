"""Django application ``danbe.protection``."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.protection"
    label = "protection"
