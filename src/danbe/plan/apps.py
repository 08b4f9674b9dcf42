"""Django application ``danbe.plan``."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.plan"
    label = "plan"
