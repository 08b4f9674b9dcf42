import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.core import sealing
from danbe.core.errors import SealBroken

OWNERS = st.text(min_size=1, max_size=40)


@given(plain=st.binary(max_size=300), owner=OWNERS, what=OWNERS)
def test_what_is_sealed_opens_again_and_shows_nothing(plain: bytes, owner: str, what: str):
    key = sealing.new_key(owner)
    sealed = sealing.seal(key, plain, owner=owner, what=what)
    assert sealing.unseal(key, sealed, owner=owner, what=what) == plain
    assert len(sealed) == len(plain) + 28
    assert len(plain) < 8 or plain not in sealed


def test_a_value_moved_to_another_person_or_column_does_not_open():
    key = sealing.new_key("awa")
    sealed = sealing.seal(key, b"x", owner="awa", what="identity")
    for owner, what in (("bakary", "identity"), ("awa", "notes")):
        with pytest.raises(SealBroken):
            sealing.unseal(key, sealed, owner=owner, what=what)


@given(position=st.integers(min_value=0, max_value=28), bit=st.integers(0, 7))
def test_one_bit_changed_and_it_does_not_open(position: int, bit: int):
    key = sealing.new_key("awa")
    sealed = bytearray(sealing.seal(key, b"x", owner="awa", what="identity"))
    sealed[position] ^= 1 << bit
    with pytest.raises(SealBroken):
        sealing.unseal(key, bytes(sealed), owner="awa", what="identity")


def test_rotation_rewraps_the_key_and_never_the_data(settings):
    key = sealing.new_key("awa")
    sealed = sealing.seal(key, b"x", owner="awa", what="identity")
    old = settings.MASTER_KEYS
    settings.MASTER_KEYS = {"2027": bytes(range(32)), **old}
    rotated = sealing.rewrap(key, "awa")
    settings.MASTER_KEYS = {"2027": bytes(range(32))}
    assert sealing.unseal(rotated, sealed, owner="awa", what="identity") == b"x"
    with pytest.raises(SealBroken):  # the old wrapping died with the old master key
        sealing.unseal(key, sealed, owner="awa", what="identity")


def test_a_blind_key_finds_the_same_value_and_not_another_field():
    assert sealing.blind("fanta", "name") == sealing.blind("fanta", "name")
    assert sealing.blind("fanta", "name") != sealing.blind("fanta", "alias")
    assert "fanta" not in sealing.blind("fanta", "name")
