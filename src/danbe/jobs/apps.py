"""Django application ``danbe.jobs``: plugs the table of consequences into the actions."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registered under its short name."""

    name = "danbe.jobs"
    label = "jobs"

    def ready(self) -> None:
        """From now on, every action is followed by its line of the table."""
        from danbe.core import actions
        from danbe.jobs import table

        if table.follow not in actions.consequences:
            actions.consequences.append(table.follow)
