"""What a telephone writes into a photograph does not reach the register."""

import struct
import zlib

import pytest

from danbe.core.errors import DomainError
from danbe.exchange.photograph import LARGEST, cleaned, kind_of

PLACE = b"Exif\x00\x00GPS 11.3176 N 5.6665 W (fictif)"


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


TABLES = segment(0xE0, b"JFIF\x00") + segment(0xDB, b"tables")
# A scan, with FF 00 and a restart in it; then a table and a second scan, as in a progressive one.
SCANS = segment(0xDA, b"one") + b"ab\xff\x00\xff\xd0c" + segment(0xC4, b"\xff\xd9")
SCANS += segment(0xDA, b"two") + b"xyz"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_the_place_and_the_telephone_are_taken_out_and_the_picture_stays() -> None:
    taken = segment(0xE1, PLACE) + segment(0xFE, b"de mon telephone")
    jpeg = b"\xff\xd8" + taken + b"\xff" + TABLES + SCANS + segment(0xE1, PLACE) + b"\xff\xd9"
    kept = cleaned(jpeg + b"what hides behind the end")
    assert kept == b"\xff\xd8" + TABLES + SCANS + b"\xff\xd9"
    assert cleaned(kept) == kept
    assert kind_of(kept) == "image/jpeg"


def test_a_png_keeps_its_pixels_alone() -> None:
    head, pixels, end = (
        chunk(b"IHDR", b"13 bytes here"),
        chunk(b"IDAT", b"px"),
        chunk(b"IEND", b""),
    )
    first = b"\x89PNG\r\n\x1a\n"
    told = chunk(b"eXIf", PLACE) + chunk(b"tEXt", b"Author\x00somebody")
    kept = cleaned(first + head + told + pixels + end + b"behind")
    assert kept == first + head + pixels + end
    assert kind_of(kept) == "image/png"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8",
        b"\xff\xd8" + segment(0xE1, PLACE),
        b"\xff\xd8\xff\xe1\xff\xff cut",
        b"\xff\xd8\xff\xe1\x00\x00",
        b"\xff\xd8" + segment(0xDA, b"a scan without an end"),
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\xff\xffIDAT",
        b"<svg onload='x'/>",
    ],
)
def test_what_is_no_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError) as told:
        cleaned(data)
    assert (told.value.code, told.value.field) == ("photo.kind", "photo")


def test_a_photograph_too_large_for_the_network_is_refused() -> None:
    with pytest.raises(DomainError) as told:
        cleaned(b"\xff\xd8" + b"\x00" * LARGEST)
    assert told.value.code == "photo.large"
