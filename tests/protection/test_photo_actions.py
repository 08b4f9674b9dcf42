"""A photograph is the person's: sealed, shown on a ground of its own, destroyed at their wish."""

import pytest

from danbe.core.access import visible
from danbe.core.errors import NotAllowed
from danbe.protection.models import DataKey, Opening, Sealed
from danbe.protection.open_actions import open_groups
from danbe.protection.photo_actions import keep_photo, remove_photo
from danbe.protection.vocabulary import FieldGroup
from tests.conftest import Cast
from tests.protection.makers import consent, met, refused

PICTURE = b"\xff\xd8 une image fictive \xff\xd9"
PHOTO = FieldGroup.PHOTO


def test_a_photograph_is_sealed_and_opened_like_anything_else(cast: Cast) -> None:
    mariam = met(cast.awa)
    keep_photo(cast.awa, mariam, PICTURE)
    row = Sealed.unscoped.get(person=mariam, group=PHOTO)
    assert PICTURE not in bytes(row.content)
    assert open_groups(cast.awa, mariam, [PHOTO]).photo == PICTURE
    assert visible(cast.awa, Opening, "opening.read").filter(group=PHOTO).count() == 1


def test_a_name_that_is_shared_shows_no_face(cast: Cast) -> None:
    mariam = met(cast.awa)
    keep_photo(cast.awa, mariam, PICTURE)
    consent(cast.awa, mariam, cast.bakary, [FieldGroup.IDENTITY])
    with refused("person.not_covered"):
        open_groups(cast.bakary, mariam, [PHOTO])
    consent(cast.awa, mariam, cast.bakary, [PHOTO])
    assert open_groups(cast.bakary, mariam, [PHOTO]).photo == PICTURE
    for act in (lambda: keep_photo(cast.bakary, mariam, PICTURE),
                lambda: remove_photo(cast.bakary, mariam)):  # fmt: skip
        with refused("person.not_yours"):
            act()
    with pytest.raises(NotAllowed):
        keep_photo(cast.djibril, mariam, PICTURE)


def test_at_her_wish_it_is_destroyed_with_its_key_and_a_new_one_may_come(cast: Cast) -> None:
    mariam = met(cast.awa)
    keep_photo(cast.awa, mariam, PICTURE)
    keep_photo(cast.awa, mariam, PICTURE + b"2")
    assert Sealed.unscoped.filter(person=mariam, group=PHOTO).count() == 1
    remove_photo(cast.awa, mariam)
    assert not Sealed.unscoped.filter(person=mariam, group=PHOTO).exists()
    assert not DataKey.objects.filter(person=mariam, group=PHOTO).exists()
    remove_photo(cast.awa, mariam)  # twice: nothing more to destroy
    keep_photo(cast.awa, mariam, PICTURE)
    assert open_groups(cast.awa, mariam, [PHOTO]).photo == PICTURE
