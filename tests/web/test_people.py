"""A person's page says a number; a name is opened by a POST, and by whoever may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from danbe.core.access import visible
from danbe.protection.models import Decision, Ground, Opening
from danbe.protection.vocabulary import FieldGroup, Identification
from tests.conftest import Cast, SignIn
from tests.protection.makers import consent, met

NAME = "Traoré"
JPEG = b"\xff\xd8\xff\xdb\x00\x04ab\xff\xda\x00\x03cde\xff\xd9"  # nothing but its shape


def test_a_page_shows_a_number_and_no_name_until_it_is_opened(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    awa = sign_in(cast.awa)
    here = f"/people/{mariam.pk}/"
    shown = awa.get(here).content.decode()
    assert mariam.national.number in shown
    assert NAME not in shown
    opened = awa.post(f"{here}open/", {"groups": ["identity"]})
    assert NAME in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert visible(cast.awa, Opening, "opening.read").get().group == FieldGroup.IDENTITY


def test_nothing_chosen_opens_nothing(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    assert sign_in(cast.awa).post(f"/people/{mariam.pk}/open/", {}).status_code == 409
    assert not Opening.unscoped.exists()


def test_another_body_finds_nobody_before_a_consent(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    here = f"/people/{mariam.pk}/"
    bakary = sign_in(cast.bakary)
    assert bakary.get(here).status_code == 404
    assert (
        mariam.national.number
        not in bakary.post("/people/search/", {"q": "Mariam Traore"}).content.decode()
    )
    consent(cast.awa, mariam, cast.bakary, [FieldGroup.IDENTITY])
    assert bakary.get(here).status_code == 200
    assert mariam.national.number in bakary.get("/people/?shared=1").content.decode()
    assert bakary.get(f"{here}profile/").status_code in (200, 409)
    assert bakary.post(f"{here}profile/", {"sex": "male"}).status_code == 409


@pytest.mark.parametrize("typed", ["Mariam Traore", "TRAWORE mariame", "+223 70 00 00 01"])
def test_a_name_is_found_as_it_sounds_and_stands_in_no_address(
    cast: Cast, sign_in: SignIn, typed: str
) -> None:
    mariam = met(cast.awa)
    awa = sign_in(cast.awa)
    assert mariam.national.number in awa.post("/people/search/", {"q": typed}).content.decode()
    assert mariam.national.number not in awa.get("/people/search/", {"q": typed}).content.decode()


def test_awa_presumes_and_lalla_identifies_each_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    here = f"/people/{mariam.pk}/"
    awa, lalla = sign_in(cast.awa), sign_in(cast.lalla)
    form = {"basis": "trafficking", "form": "ForcedLabour"}
    assert awa.post(f"{here}presume/", form).status_code == 409
    assert (
        awa.post(f"{here}presume/", form | {"reason": "dit ne pas pouvoir partir"}).status_code
        == 302
    )
    assert awa.get(f"{here}identify/").status_code == 403
    told = form | {"reason": "trois éléments réunis", "status": "identified"}
    assert lalla.post(f"{here}identify/", told).status_code == 302
    mariam.refresh_from_db()
    assert mariam.status == Identification.IDENTIFIED
    decision = Decision.unscoped.get(value=Identification.IDENTIFIED)
    assert (
        awa.post(
            f"/people/decisions/{decision.pk}/contest/", {"reason": "elle conteste"}
        ).status_code
        == 302
    )
    assert "contest" in awa.get(here).content.decode()


def test_correcting_a_name_keeps_the_former_one_sealed(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    awa = sign_in(cast.awa)
    here = f"/people/{mariam.pk}/identity/"
    assert awa.get(here).status_code == 405
    assert NAME in awa.post(here, {}).content.decode()
    assert awa.post(here, {"family_name": "Diarra", "given_names": "Mariam"}).status_code == 302
    assert (
        mariam.national.number
        in awa.post("/people/search/", {"q": "Mariam Jara"}).content.decode()
    )


# --- The photograph -------------------------------------------------------------------------


def test_a_photograph_is_kept_seen_by_a_click_and_destroyed(cast: Cast, sign_in: SignIn) -> None:
    mariam, tab = met(cast.awa), sign_in(cast.awa)
    page = reverse("person_detail", args=[mariam.pk])
    send = reverse("person_photo", args=[mariam.pk])
    see = reverse("person_photo_see", args=[mariam.pk])
    exif = b"\xff\xe1\x00\x0aExif\x00GPS"
    file = SimpleUploadedFile("IMG_fictif.jpg", JPEG[:2] + exif + JPEG[2:])
    told = tab.post(send, {"photo": file})
    assert told.status_code == 302
    assert see in tab.get(page).content.decode()
    assert sign_in(cast.bakary).post(see).status_code == 404
    answer = tab.post(see)
    assert (answer.content, answer["Content-Type"]) == (JPEG, "image/jpeg")
    assert answer["Cache-Control"] == "no-store"
    consent(cast.awa, mariam, cast.bakary, [FieldGroup.PHOTO])
    shared = Ground.unscoped.get(person=mariam)
    told = sign_in(cast.bakary).post(reverse("received_open", args=[shared.pk]))
    assert "Une photographie est gardée" in told.content.decode()
    assert sign_in(cast.bakary).post(see).content == JPEG
    assert "IMG_fictif" not in tab.get(page).content.decode()
    tab.post(send, {"remove": "1"})
    assert tab.post(see).status_code == 404


def test_what_is_no_photograph_is_said_and_nothing_is_kept(cast: Cast, sign_in: SignIn) -> None:
    mariam, tab = met(cast.awa), sign_in(cast.awa)
    send = reverse("person_photo", args=[mariam.pk])
    for sent in ({}, {"photo": SimpleUploadedFile("a.svg", b"<svg/>")}):
        answer = tab.post(send, sent, follow=True)
        assert answer.status_code == 200
        assert "photographie" in answer.content.decode()
        assert tab.post(reverse("person_photo_see", args=[mariam.pk])).status_code == 404
