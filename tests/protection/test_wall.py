"""Nobody sees a field group without a ground that covers it at that moment."""

import datetime
from dataclasses import replace

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, own, shared, visible, visible_or_404
from danbe.core.errors import DomainError, NotAllowed
from danbe.partnership import agreement_actions
from danbe.partnership.models import Agreement
from danbe.protection import ground_actions, link_actions, referral_actions
from danbe.protection.door import put
from danbe.protection.models import (
    Acknowledgement,
    Ground,
    NameKey,
    Opening,
    Person,
    Referral,
    Sealed,
)
from danbe.protection.open_actions import open_groups, openable
from danbe.protection.vocabulary import (
    SHAREABLE,
    Assent,
    Declining,
    FieldGroup,
    Giver,
    LinkStatus,
    ReferralStatus,
)
from tests.conftest import CAST, Cast, seat
from tests.partnership import agreement_makers as agreed
from tests.protection.makers import HEARD, consent, met, refused

IDENTITY, HEALTH, STORY = FieldGroup.IDENTITY, FieldGroup.HEALTH, FieldGroup.STORY


def sees(actor: Actor, person: Person) -> bool:
    return visible(actor, Person, "person.read").filter(pk=person.pk).exists()


def test_bakary_sees_nothing_of_awas_person_until_she_agrees(cast: Cast) -> None:
    mariam = met(cast.awa)
    assert sees(cast.awa, mariam)
    assert sees(cast.lalla, mariam)
    for other in (cast.bakary, cast.coumba, cast.djibril):
        assert not sees(other, mariam)
        with pytest.raises(NotAllowed):
            open_groups(other, mariam, [IDENTITY])
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, HEALTH])
    assert sees(cast.bakary, mariam)
    assert not sees(cast.coumba, mariam)


def test_what_is_shared_with_bakary_is_not_in_the_list_of_his_body(cast: Cast) -> None:
    mariam, oumou = met(cast.awa), met(cast.bakary)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    everybody = visible(cast.bakary, Person, "person.read")
    assert set(everybody) == {mariam, oumou}
    assert set(own(cast.bakary, Person, "person.read")) == {oumou}
    assert not own(cast.issa, Person, "person.read").exists()  # his role has not the verb


def test_bakary_opens_the_groups_she_agreed_to_and_no_other(cast: Cast) -> None:
    mariam = met(cast.awa)
    put(cast.awa, mariam, STORY, "note", "un récit fictif")
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    opened = open_groups(cast.bakary, mariam, [IDENTITY, STORY])
    assert opened.identity.family_name == "Traoré"
    assert opened.text("note") == ""
    with refused("person.not_covered"):
        open_groups(cast.bakary, mariam, [STORY])
    assert open_groups(cast.awa, mariam, [STORY]).text("note") == "un récit fictif"


def test_withdrawal_cuts_at_once_and_asks_for_a_confirmation(cast: Cast) -> None:
    mariam = met(cast.awa)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    ground_actions.withdraw_consent(cast.awa, ground)
    assert not sees(cast.bakary, mariam)
    asked = visible(cast.bakary, Acknowledgement, "consent.acknowledge").get()
    assert asked.given_at is None
    ground_actions.acknowledge_withdrawal(cast.bakary, asked)
    assert asked.given_at is not None
    with refused("consent.withdrawn"):
        ground_actions.withdraw_consent(cast.awa, ground)


def test_a_refusal_is_kept_and_opens_nothing(cast: Cast) -> None:
    mariam = met(cast.awa)
    refusal = consent(cast.awa, mariam, cast.bakary, [IDENTITY], is_given=False)
    assert not refusal.is_live()
    assert not sees(cast.bakary, mariam)


def test_a_childs_own_no_is_worth_more_than_a_guardians_yes(cast: Cast) -> None:
    mariam = met(cast.awa)
    for hearing in (replace(HEARD, assent=Assent.REFUSED), replace(HEARD, giver=Giver.PERSON)):
        with pytest.raises(DomainError):
            consent(cast.awa, mariam, cast.bakary, [IDENTITY], hearing=hearing)
    assert not Ground.unscoped.exists()


def test_who_looked_is_kept_with_the_ground(cast: Cast) -> None:
    mariam = met(cast.awa)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    open_groups(cast.bakary, mariam, [IDENTITY])
    looked = visible(cast.awa, Opening, "opening.read").get()
    assert (looked.group, looked.ground, looked.organisation_id) == (
        IDENTITY,
        ground,
        cast.bakary.organisation_id,
    )
    assert not visible(cast.bakary, Opening, "opening.read").exists()


def test_break_glass_is_for_one_post_for_three_hours_and_reviewed_by_the_owner(
    cast: Cast,
) -> None:
    mariam = met(cast.awa)
    number = mariam.national.number
    with refused("ground.hours"):
        ground_actions.break_glass(
            cast.bakary, number=number, groups=[HEALTH], reason="coma", hours=4
        )
    ground = ground_actions.break_glass(
        cast.bakary, number=number, groups=[HEALTH], reason="Hémorragie, inconsciente (fictif)"
    )
    assert sees(cast.bakary, mariam)
    colleague = seat("binta", CAST["bakary"][0], "CARITAS", "Autre agent")
    assert not sees(colleague, mariam)
    with pytest.raises(NotAllowed):
        ground_actions.break_glass(cast.coumba, number=number, groups=[HEALTH], reason="envie")
    with pytest.raises(NotAllowed):
        ground_actions.review_ground(cast.awa, ground, is_justified=True)
    ground_actions.review_ground(cast.lalla, ground, is_justified=False)
    assert not sees(cast.bakary, mariam)
    told = open_groups(cast.lalla, mariam, [FieldGroup.INTERNAL])
    assert told.text("exception", ground.pk).startswith("Hémorragie")


def test_an_order_opens_to_the_prosecutor_what_it_names(cast: Cast) -> None:
    mariam = met(cast.awa)
    ground_actions.record_order(
        cast.awa,
        mariam,
        recipient=Organisation.objects.get(pk=cast.djibril.organisation_id),
        groups=[IDENTITY],
        until=timezone.now() + datetime.timedelta(days=10),
        authority="Juge d’instruction (fictif)",
        reference="RP 000/2026 (fictif)",
    )
    assert open_groups(cast.djibril, mariam, [IDENTITY]).identity.given_names
    with refused("person.not_covered"):
        open_groups(cast.djibril, mariam, [STORY])


def test_what_is_internal_is_never_shared(cast: Cast) -> None:
    mariam = met(cast.awa)
    with refused("consent.groups"):
        consent(cast.awa, mariam, cast.bakary, [FieldGroup.INTERNAL])


def test_a_person_out_of_reach_does_not_exist(cast: Cast) -> None:
    mariam = met(cast.awa)
    with pytest.raises(Http404):
        visible_or_404(cast.bakary, Person, "person.read", mariam.pk)
    assert visible_or_404(cast.awa, Person, "person.read", mariam.pk) == mariam


# --- No sequence of acts opens a group that nothing covers ---------------------------------

GROUPS = st.sets(st.sampled_from(SHAREABLE), min_size=1, max_size=3)
READERS = ("bakary", "coumba", "djibril")
SERVICES = st.sampled_from(("shelter", "medical", "legal_aid"))


class Wall(RuleBasedStateMachine):
    """Awa holds one file with something in every group; three bodies try to read it."""

    def __init__(self) -> None:
        super().__init__()
        self.trial = transaction.atomic()  # each trial is undone
        self.trial.__enter__()
        self.cast = Cast(**{name: seat(name, *told) for name, told in CAST.items()})
        self.person = met(self.cast.awa)
        for group in SHAREABLE:
            put(self.cast.awa, self.person, group, "note", f"contenu de {group}")
        # What the model says is covered: (reader, group) -> grounds alive.
        self.alive: dict[object, tuple[str, frozenset[FieldGroup]]] = {}
        self.is_matched = False  # another body holds a record of the same girl
        self.broken: set[object] = set()  # grounds of break-glass: no referral stands on them
        self.own: set[object] = set()  # grounds that no agreement can hold back
        # What agreements say: those in force -> (reader, groups); who was ever governed.
        self.agreements: dict[object, tuple[str, frozenset[FieldGroup]]] = {}
        self.governed: set[str] = set()
        self.is_required = False
        # Referrals that stand: their identifier -> the ground each stands on.
        self.standing: dict[object, object] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.trial.__exit__(None, None, None)

    def keep(self, ground: Ground, reader: str, groups: set[FieldGroup]) -> None:
        self.alive[ground.pk] = (reader, frozenset(groups) | {FieldGroup.PROFILE})

    def passes(self, reader: str) -> frozenset[FieldGroup]:
        """What agreements let go to the reader now."""
        if reader not in self.governed:
            return frozenset() if self.is_required else frozenset(SHAREABLE)
        return frozenset().union(*(g for who, g in self.agreements.values() if who == reader))

    def lets(self, ground: object) -> frozenset[FieldGroup]:
        """What a ground that is alive lets its reader see now."""
        reader, groups = self.alive[ground]
        return groups if ground in self.own else groups & self.passes(reader)

    @rule(reader=st.sampled_from(READERS), groups=GROUPS)
    def signs_an_agreement(self, reader: str, groups: set[FieldGroup]) -> None:
        made = agreed.signed(self.cast.esther, self.cast.awa, getattr(self.cast, reader), groups)
        self.agreements[made.pk] = (reader, frozenset(groups) | {FieldGroup.PROFILE})
        self.governed.add(reader)

    @precondition(lambda self: self.agreements)
    @rule(data=st.data(), by_calendar=st.booleans())
    def an_agreement_ends(self, data: st.DataObject, by_calendar: bool) -> None:
        pk = data.draw(st.sampled_from(sorted(self.agreements, key=str)))
        made = Agreement.unscoped.get(pk=pk)
        if by_calendar:
            agreed.days_pass(made, 91)
        else:
            agreement_actions.end_agreement(
                self.cast.esther, made, on=timezone.localdate(), reason="Dénoncé (fictif)"
            )
        del self.agreements[pk]

    @rule(required=st.booleans())
    def agreements_are_required_or_not(self, required: bool) -> None:
        agreement_actions.require_agreements(self.cast.esther, required=required)
        self.is_required = required

    @rule(reader=st.sampled_from(READERS), groups=GROUPS)
    def consents(self, reader: str, groups: set[FieldGroup]) -> None:
        if not groups <= self.passes(reader):
            with refused("sharing.closed"):
                consent(self.cast.awa, self.person, getattr(self.cast, reader), groups)
            return
        ground = consent(self.cast.awa, self.person, getattr(self.cast, reader), groups)
        self.keep(ground, reader, groups)

    @rule(reader=st.sampled_from(READERS), groups=GROUPS)
    def refuses(self, reader: str, groups: set[FieldGroup]) -> None:
        consent(self.cast.awa, self.person, getattr(self.cast, reader), groups, is_given=False)

    @rule(groups=GROUPS)
    def is_ordered(self, groups: set[FieldGroup]) -> None:
        ground = ground_actions.record_order(
            self.cast.awa,
            self.person,
            recipient=Organisation.objects.get(pk=self.cast.djibril.organisation_id),
            groups=groups,
            until=timezone.now() + datetime.timedelta(days=1),
            authority="Juge (fictif)",
            reference="000",
        )
        self.keep(ground, "djibril", groups)
        self.own.add(ground.pk)

    @rule(groups=GROUPS)
    def breaks_the_glass(self, groups: set[FieldGroup]) -> None:
        ground = ground_actions.break_glass(
            self.cast.bakary,
            number=self.person.national.number,
            groups=groups,
            reason="urgence (fictive)",
        )
        self.keep(ground, "bakary", groups)
        self.broken.add(ground.pk)
        self.own.add(ground.pk)

    @rule(reader=st.sampled_from(READERS), groups=GROUPS)
    def is_shared_in_emergency(self, reader: str, groups: set[FieldGroup]) -> None:
        ground = ground_actions.share_in_emergency(
            self.cast.awa,
            self.person,
            recipient=Organisation.objects.get(pk=getattr(self.cast, reader).organisation_id),
            groups=groups,
            reason="urgence (fictive)",
        )
        self.keep(ground, reader, groups)
        self.own.add(ground.pk)

    @precondition(lambda self: not self.is_matched)
    @rule(reader=st.sampled_from(("bakary", "coumba")))
    def is_found_to_be_known_to_another_body(self, reader: str) -> None:
        """One human being, one number: it opens nothing to either body."""
        actor = getattr(self.cast, reader)
        pairs = link_actions.search_pairs(actor, met(actor))
        link_actions.decide_pair(
            actor, pairs[0], status=LinkStatus.SAME, reason=link_actions.Reason.PERSON_SAID
        )
        self.person.refresh_from_db()
        self.is_matched = True

    @rule(reader=st.sampled_from(("bakary", "coumba")), groups=GROUPS, service=SERVICES)
    def refers(self, reader: str, groups: set[FieldGroup], service: str) -> None:
        wide_enough = [
            pk
            for pk, (who, _covered) in self.alive.items()
            if who == reader
            and groups | {FieldGroup.PROFILE} <= self.lets(pk)
            and pk not in self.broken
        ]
        recipient = Organisation.objects.get(pk=getattr(self.cast, reader).organisation_id)
        try:
            referral = referral_actions.send_referral(
                self.cast.awa, self.person, service=service, groups=groups, recipient=recipient
            )
        except DomainError as error:
            if error.code != "referral.twice" and wide_enough:
                raise
            return
        assert referral.ground_id in wide_enough
        self.standing[referral.pk] = referral.ground_id

    @precondition(lambda self: self.standing)
    @rule(data=st.data(), accepts=st.booleans())
    def answers(self, data: st.DataObject, accepts: bool) -> None:
        referral = self.referral(data)
        reader = next(
            name
            for name in READERS
            if getattr(self.cast, name).organisation_id == referral.recipient_id
        )
        actor = getattr(self.cast, reader)
        if referral.status != ReferralStatus.SENT:
            return
        if not accepts:
            referral_actions.decline_referral(actor, referral, reason=Declining.FULL)
            self.falls(referral)
        elif referral.ground_id in self.alive and (
            set(referral.groups.split()) <= self.lets(referral.ground_id)
        ):
            referral_actions.accept_referral(actor, referral)
        else:
            with pytest.raises((DomainError, NotAllowed)):
                referral_actions.accept_referral(actor, referral)

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def takes_a_referral_back(self, data: st.DataObject) -> None:
        referral = self.referral(data)
        referral_actions.revoke_referral(self.cast.awa, referral)
        self.falls(referral)

    def referral(self, data: st.DataObject) -> Referral:
        return Referral.unscoped.get(pk=data.draw(st.sampled_from(sorted(self.standing, key=str))))

    def falls(self, referral: Referral) -> None:
        """A consent given for referrals alone opens nothing once none stands on it."""
        del self.standing[referral.pk]
        ground = referral.ground_id
        if referral.ground.kind == "consent" and ground not in self.standing.values():
            self.alive.pop(ground, None)

    @precondition(lambda self: self.alive)
    @rule(data=st.data())
    def withdraws_or_reviews(self, data: st.DataObject) -> None:
        ground = Ground.unscoped.get(pk=data.draw(st.sampled_from(list(self.alive))))
        if ground.kind == "consent":
            ground_actions.withdraw_consent(self.cast.awa, ground)
        elif ground.review_due_at:
            ground_actions.review_ground(self.cast.lalla, ground, is_justified=False)
        else:
            return
        del self.alive[ground.pk]
        self.standing = {r: g for r, g in self.standing.items() if g != ground.pk}

    @precondition(lambda self: self.alive)
    @rule(data=st.data())
    def time_passes(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(list(self.alive)))
        past = timezone.now() - datetime.timedelta(minutes=1)
        Ground.unscoped.filter(pk=pk).update(start=past - datetime.timedelta(hours=1), end=past)
        del self.alive[pk]

    @invariant()
    def each_reader_opens_exactly_what_is_covered(self) -> None:
        for reader in READERS:
            actor = getattr(self.cast, reader)
            covered = set().union(
                *(self.lets(pk) for pk, (who, _g) in self.alive.items() if who == reader)
            )
            assert sees(actor, self.person) == bool(covered)
            found = visible(actor, NameKey, "person.read").filter(person=self.person)
            assert found.exists() == bool(covered)
            apart = set(own(actor, Person, "person.read")) & {self.person}
            assert not apart
            given = shared(actor, Person, "person.read").filter(pk=self.person.pk)
            assert given.exists() == bool(covered)
            assert set(openable(actor, self.person)) == covered | self.written(actor)
            readable = visible(actor, Sealed, "person.open").filter(person=self.person)
            others = readable.exclude(organisation_id=actor.organisation_id)
            assert set(others.values_list("group", flat=True)) <= covered
            if covered:
                opened = open_groups(actor, self.person, list(FieldGroup))
                said = {row.text for row in opened.rows if row.row.kind == "note"}
                assert said == {f"contenu de {group}" for group in covered}

    def written(self, actor: Actor) -> set[FieldGroup]:
        """What the reader's own body wrote (the reason of a break-glass)."""
        own = Sealed.unscoped.filter(person=self.person, organisation_id=actor.organisation_id)
        return {FieldGroup(code) for code in own.values_list("group", flat=True)}


@pytest.mark.django_db
def test_no_sequence_of_acts_opens_a_group_that_nothing_covers() -> None:
    run_state_machine_as_test(
        Wall, settings=settings(max_examples=20, stateful_step_count=12, deadline=None)
    )
