"""What may go wrong, in one place. A message is for a person; a code is for a machine."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the domain refused the operation.

    ``code`` is stable (``return.window_unknown``) and may be relied upon by programs;
    ``message`` is shown to the person, beside ``field`` when one is named.
    """

    def __init__(self, code: str, message: "str | Promise", field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(PermissionDenied):
    """The actor's role does not carry this verb, or the row is out of reach. Answered 403."""


class SealBroken(Exception):
    """A sealed value does not open: altered, moved, or its key was destroyed."""
