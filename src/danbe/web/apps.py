"""Django application ``danbe.web``."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.web"
    label = "web"
