"""What administrators and holders of posts do: names, posts, invitations, hand-over, mail."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from danbe.accounts.actions import (
    accept_invitation,
    hand_over,
    invitation_of,
    invite,
    mark_read,
    post_message,
    save_organisation,
    save_post,
    save_settings,
    set_post_active,
    switch_post,
    vacate,
)
from danbe.accounts.models import Holding, Invitation, Message, Organisation, Post, User, holder_of
from danbe.accounts.queries import body, inbox, organisations, posts
from danbe.core.access import Role
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import AuditEvent
from tests.conftest import PASSWORD, Cast

NANA = {"name": "Nana (fictive)", "email": "nana@exemple.ml"}


def vacant_post(code: str = "MPFEF", title: str = "Suppléante") -> Post:
    body = Organisation.objects.get(code=code)
    return Post.objects.create(organisation=body, role=Role.FOCAL_POINT, title=title)


def accept(code: str, password: str = PASSWORD) -> User:
    with transaction.atomic():
        return accept_invitation(code, password=password)


# --- Organisations -------------------------------------------------------------------------


def test_the_committee_is_found_under_each_of_its_names_and_under_part_of_one(cast: Cast) -> None:
    for text in ["CNLTPPA", "cncltp/pa", "comite traite", "Coordination de la lutte"]:
        assert "CNCLCTPA" in organisations(text).values_list("code", flat=True), text
    assert not organisations("association des joueurs de dames").exists()


def test_esther_adds_a_body_with_its_names_and_fanta_may_not(cast: Cast) -> None:
    new = Organisation(code="ADD", label_fr="Association de démonstration", type="ngo")
    with pytest.raises(NotAllowed):
        save_organisation(cast.fanta, new, names=[])
    assert not Organisation.objects.filter(code="ADD").exists()
    save_organisation(cast.esther, new, names=["Dɛmɛ ton", "  ", "dɛmɛ TON"])
    assert [o.code for o in organisations("deme ton")] == ["ADD"]
    assert AuditEvent.objects.filter(verb="organisation.write", subject_id=new.pk).count() == 1


def test_a_second_body_cannot_take_an_acronym_whatever_its_capitals(cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        save_organisation(cast.esther, Organisation(code="oim", label_fr="Autre", type="ngo"))
    assert (refused.value.code, refused.value.field) == ("organisation.code", "code")


def test_a_name_that_is_removed_no_longer_finds_the_body_but_the_acronym_does(cast: Cast) -> None:
    enda = Organisation.objects.get(code="ENDA")
    save_organisation(cast.esther, enda, names=["Enda tiers monde"])
    assert organisations("tiers monde").get() == enda
    save_organisation(cast.esther, enda, names=[])
    assert not organisations("tiers monde").exists()
    assert enda in organisations("enda")


# --- Posts and invitations -----------------------------------------------------------------


def test_jeneba_opens_a_post_and_a_second_one_of_that_name_is_refused(cast: Cast) -> None:
    fanta_s = Post.objects.get(pk=cast.fanta.post_id)
    twin = Post(organisation=fanta_s.organisation, role=Role.FOCAL_POINT, title="point focal")
    with pytest.raises(DomainError) as refused:
        save_post(cast.jeneba, twin)
    assert refused.value.field == "title"
    twin.title = "Suppléante"
    assert save_post(cast.jeneba, twin).pk
    with pytest.raises(NotAllowed):
        save_post(cast.esther, Post(organisation=twin.organisation, role="analyst", title="X"))


def test_nana_takes_a_vacant_post_with_her_code_once_only(cast: Cast) -> None:
    post = vacant_post()
    code = invite(cast.jeneba, post, **NANA)
    assert code not in str(Invitation.objects.values_list())
    nana = accept(code)
    assert holder_of(post) == nana
    assert nana.check_password(PASSWORD)
    event = AuditEvent.objects.get(verb="invitation.accept")
    assert (event.user_id, event.subject_id) == (nana.pk, str(post.pk))
    with pytest.raises(DomainError, match=r"."):
        accept(code)


@pytest.mark.parametrize("spoilt", ["mistyped", "old", "replaced", "closed"])
def test_an_invitation_that_is_no_longer_good_opens_nothing(cast: Cast, spoilt: str) -> None:
    post = vacant_post()
    code = invite(cast.jeneba, post, **NANA)
    if spoilt == "mistyped":
        code = code[:-1]
    if spoilt == "old":
        Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    if spoilt == "replaced":
        invite(cast.jeneba, post, name="Oumou (fictive)", email="oumou@exemple.ml")
    if spoilt == "closed":
        set_post_active(cast.jeneba, post, active=False)
    with pytest.raises(DomainError) as refused:
        invitation_of(code)
    assert refused.value.code == "invitation.unknown"


def test_a_held_post_is_handed_over_not_offered_twice(cast: Cast) -> None:
    post = Post.objects.get(pk=cast.fanta.post_id)
    with pytest.raises(DomainError) as refused:
        invite(cast.jeneba, post, **NANA)
    assert refused.value.code == "post.occupied"
    with pytest.raises(NotAllowed):
        hand_over(cast.esther, post, **NANA)


def test_a_wrong_address_is_refused_at_its_field_and_the_holder_stays(cast: Cast) -> None:
    post = Post.objects.get(pk=cast.fanta.post_id)
    with pytest.raises(DomainError) as refused:
        hand_over(cast.jeneba, post, name="Nana", email="pas une adresse")
    assert refused.value.field == "email"
    assert holder_of(post).pk == cast.fanta.user_id


def test_the_mail_of_a_post_stays_with_it_when_fanta_hands_it_over_to_nana(cast: Cast) -> None:
    post = Post.objects.get(pk=cast.fanta.post_id)
    post_message([post.pk], "return.queried", path="/returns/")
    code = hand_over(cast.jeneba, post, **NANA)
    assert holder_of(post) is None
    accept(code)
    assert holder_of(post).name == NANA["name"]
    assert inbox(post.actor).count() == 1
    former = Holding.objects.get(post=post, user=cast.fanta.user_id)
    assert former.until is not None  # the history says that she sat there


def test_a_person_who_has_an_account_takes_a_second_post_with_her_own_password(cast: Cast) -> None:
    post = vacant_post("CNCLCTPA", "Observatrice")
    code = invite(cast.jeneba, post, name="Fanta", email="FANTA@exemple.ml")
    with pytest.raises(DomainError) as refused:
        accept(code, "un autre mot de passe")
    assert refused.value.code == "invitation.password"
    assert accept(code).pk == cast.fanta.user_id
    assert Holding.objects.filter(user=cast.fanta.user_id, until=None).count() == 2


def test_jeneba_frees_and_closes_the_post_of_another_but_not_her_own(cast: Cast) -> None:
    other = Post.objects.get(pk=cast.awa.post_id)
    own = Post.objects.get(pk=cast.jeneba.post_id)
    vacate(cast.jeneba, other)
    assert holder_of(other) is None
    set_post_active(cast.jeneba, other, active=False)
    assert not Post.objects.get(pk=other.pk).is_active
    for act in (
        lambda: vacate(cast.jeneba, own),
        lambda: set_post_active(cast.jeneba, own, active=False),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "post.own"
    assert holder_of(own).pk == cast.jeneba.user_id


def test_a_post_is_found_by_its_name_or_by_any_name_of_its_body(cast: Cast) -> None:
    assert cast.esther.post_id in posts("CNLTPPA").values_list("pk", flat=True)
    assert cast.esther.post_id in posts("secrétaire").values_list("pk", flat=True)
    assert cast.esther.post_id not in posts("sinjiya").values_list("pk", flat=True)


def test_fanta_acts_only_in_posts_that_she_holds(cast: Cast) -> None:
    second = vacant_post("CNCLCTPA", "Observatrice")
    with pytest.raises(DomainError) as refused:
        switch_post(cast.fanta, second)
    assert refused.value.code == "post.not_held"
    Holding.objects.create(post=second, user_id=cast.fanta.user_id)
    assert switch_post(cast.fanta, second) == second
    event = AuditEvent.objects.get(verb="session.switch_post")
    assert (event.post_id, event.subject_id) == (cast.fanta.post_id, str(second.pk))


# --- Mail and settings ---------------------------------------------------------------------


def test_a_message_is_read_by_its_own_post_and_by_no_other(cast: Cast) -> None:
    post_message([cast.fanta.post_id], "return.accepted")
    message = Message.unscoped.get()
    with pytest.raises(NotAllowed):
        mark_read(cast.esther, message)
    assert Message.unscoped.get().read_at is None
    mark_read(cast.fanta, message)
    assert Message.unscoped.get().read_at is not None


def test_the_same_reminder_is_not_put_twice(cast: Cast) -> None:
    both = [cast.fanta.post_id, cast.esther.post_id]
    assert post_message(both[:1], "return.owed", key="owed:1") == 1
    assert post_message(both, "return.owed", key="owed:1") == 1
    assert Message.unscoped.count() == 2


def test_jeneba_sets_the_hotline_and_nobody_else_does(cast: Cast) -> None:
    assert body().hotline == ""
    with pytest.raises(NotAllowed):
        save_settings(cast.esther, {"body.hotline": "00"})
    with pytest.raises(DomainError):
        save_settings(cast.jeneba, {"body.password": "x"})
    save_settings(cast.jeneba, {"body.hotline": " 00 00 "})
    assert body().hotline == "00 00"
