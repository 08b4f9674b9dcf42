"""How Chromium is found and started, for tests and for photographs."""

import shutil
from pathlib import Path

from playwright._impl._api_structures import SetCookieParam

from tests.server import Server, Visitor

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find_chromium() -> str | None:
    """Debian's own browser."""
    path = shutil.which("chromium") or "/usr/bin/chromium"
    return path if Path(path).exists() else None


def cookies_of(server: Server, persona: str, language: str = "fr") -> list[SetCookieParam]:
    """The session of a persona (none for a visitor), to be put in a browser."""
    visitor = Visitor(server.address)
    if persona:
        assert visitor.sign_in(persona).path == "/"
    kept = {c.name: c.value or "" for c in visitor.jar} | {"danbe_language": language}
    return [{"name": name, "value": value, "url": server.address} for name, value in kept.items()]
