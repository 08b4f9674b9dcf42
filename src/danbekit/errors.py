"""Errors of the library: one root, so that a caller can catch all."""


class DanbekitError(Exception):
    """Root of every error raised on purpose by danbekit."""


class BadWindow(DanbekitError, ValueError):
    """The text does not name a window of time, or its end precedes its start."""


class NotEnoughData(DanbekitError):
    """The data do not identify the quantity asked for."""


class UnknownTable(DanbekitError, LookupError):
    """No table of the standards has this name."""


class UnknownCode(DanbekitError, LookupError):
    """No entry of the list has this code."""


class BadAge(DanbekitError, ValueError):
    """An age no one has, or a range whose end precedes its start."""
