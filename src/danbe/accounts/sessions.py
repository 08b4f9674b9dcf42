"""Sessions: a row is found by the keyed hash of its cookie, so a stolen database opens none."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from danbe.core import sealing


def name_of(cookie: str | None) -> str:
    """Under which name a session is kept."""
    return sealing.blind(cookie or "", "session")


class SessionStore(DatabaseStore):
    """Django's sessions in the database, without the value of the cookie."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        kept = self.model.objects.filter(session_key=name_of(self.session_key))
        row = kept.filter(expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        """Whether that cookie is taken."""
        return super().exists(name_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row to save."""
        row = super().create_model_instance(data)
        row.session_key = name_of(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        if cookie := session_key or self.session_key:
            super().delete(name_of(cookie))
