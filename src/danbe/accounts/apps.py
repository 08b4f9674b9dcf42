"""Django application ``danbe.accounts``."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.accounts"
    label = "accounts"
