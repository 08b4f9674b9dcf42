"""Django application ``danbe.partnership``."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.partnership"
    label = "partnership"
