"""A photograph made safe to keep: what a telephone writes into it, the place first, is taken out.

Only the picture itself is left: of a JPEG, the tables and the scan; of a PNG, the pixels. Both are
copied as they are, never drawn again: nothing here reads a picture, and nothing can be fooled by
one. A picture that a telephone turns by a mark may lie on its side afterwards.
"""

import struct

from django.utils.translation import gettext as _

from danbe.core.errors import DomainError

LARGEST = 2 * 1024 * 1024  # bytes
JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
SCAN, END = 0xDA, 0xD9
# Markers of a JPEG that carry no picture: APP1 to APP15 (place, device, thumbnail), comments.
TOLD = (*range(0xE1, 0xF0), 0xFE)
PADDING = 0xFF
ALONE = (*range(0xD0, 0xD8), 0x01, PADDING)  # markers without a length
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND")


def kind_of(data: bytes) -> str:
    """The media type of a photograph; empty when it is none."""
    if data.startswith(JPEG):
        return "image/jpeg"
    return "image/png" if data.startswith(PNG) else ""


def cleaned(data: bytes) -> bytes:
    """The picture alone. Raises :class:`DomainError` where it is none, or too large."""
    if len(data) > LARGEST:
        raise DomainError("photo.large", _("This photograph is larger than 2 MB."), "photo")
    try:
        if data.startswith(JPEG):
            return _jpeg(data)
        if data.startswith(PNG):
            return _png(data)
    except (IndexError, ValueError, struct.error):
        pass
    raise DomainError("photo.kind", _("This file is not a photograph (JPEG or PNG)."), "photo")


def _jpeg(data: bytes) -> bytes:
    """Marker after marker to the end of the picture; what hides behind it is left out."""
    kept, at = bytearray(JPEG), 2
    while True:
        if data[at] != 0xFF:
            raise IndexError
        marker = data[at + 1]
        if marker == END:
            return bytes(kept + data[at : at + 2])
        if marker in ALONE:
            at += 1 if marker == PADDING else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        after = at + 2 + length
        if length < 2 or after > len(data):
            raise IndexError
        if marker == SCAN:
            after = _end_of_scan(data, after)
        if marker not in TOLD:
            kept += data[at:after]
        at = after


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands: in a scan, FF is followed by 00 or by a restart."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] not in (0x00, *range(0xD0, 0xD8)):
            return at
        at += 2


def _png(data: bytes) -> bytes:
    kept, at = bytearray(PNG), len(PNG)
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        piece = data[at : at + 12 + length]
        if len(piece) < 12 + length:
            raise IndexError
        if name in KEPT:
            kept += piece
        if name == b"IEND":
            return bytes(kept)
        at += 12 + length
