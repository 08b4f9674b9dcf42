"""A file as an answer."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Send a file to keep under ``name``: never shown as a page, kept by no browser nor proxy."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
