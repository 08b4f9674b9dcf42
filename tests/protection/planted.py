"""Two hundred distinctive words about fictitious people, put in by the acts of a working day."""

import datetime
import itertools
import secrets
from dataclasses import dataclass, field

from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.models import Place
from danbe.protection import (
    care_actions,
    case_actions,
    decision_actions,
    ground_actions,
    interview_actions,
    link_actions,
    person_actions,
    referral_actions,
    rights_actions,
)
from danbe.protection.care_actions import Given, SafetyPlan
from danbe.protection.door import Contact, Identity
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import Case, Event, Ground, Person, Referral
from danbe.protection.open_actions import open_groups, open_narrative
from danbe.protection.person_actions import Met
from danbe.protection.vocabulary import (
    Assent,
    AssessmentKind,
    Closing,
    ContactRule,
    Declining,
    EventKind,
    FieldGroup,
    Giver,
    Level,
    LinkStatus,
    Purpose,
    ServiceStatus,
    Sex,
    TaskKind,
)

DAY = datetime.date(2026, 3, 2)
ALL = list(FieldGroup)


@dataclass
class Planted:
    """What was typed: words, and telephones as they were written."""

    words: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    order: "itertools.count[int]" = field(default_factory=itertools.count)

    def word(self, kind: str) -> str:
        """A word that nothing else holds, with a capital and an accent, as people write."""
        letters = "".join(
            secrets.choice("bdfgklmnrstz") + secrets.choice("aeiou") for _ in "12345"
        )
        made = f"Canari{kind}{letters}{next(self.order)}é"
        self.words.append(made)
        return made

    def phone(self) -> str:
        """A telephone of Mali."""
        digits = f"7{secrets.randbelow(10**7):07}"
        self.phones.append(digits)
        return f"+223 {digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}"

    @property
    def n(self) -> int:
        """How many."""
        return len(self.words) + len(self.phones)


def plant(awa: Actor, lalla: Actor, bakary: Actor) -> Planted:
    """Eight people met by Awa, one of whom Bakary met too: from the first word to erasure."""
    said = Planted()
    place = Place.objects.get(code="sikasso-2023")
    event = person_actions.open_event(
        awa, kind=EventKind.RAID, on=DAY, place=place, narrative=said.word("recit")
    )
    person_actions.change_event(
        awa, event, kind=EventKind.RAID, on=DAY, place=place, narrative=said.word("recit")
    )
    people = [person_actions.register_person(awa, event, met(said)) for _n in range(5)]
    sheet = [met(said) for _n in range(3)]
    person_actions.register_people(awa, event, sheet)
    caritas = Organisation.objects.get(pk=bakary.organisation_id)
    for person in people:
        hear_and_decide(said, awa, lalla, person)
        refer(said, awa, bakary, person, caritas)
        care_for(said, awa, lalla, person)
    twice(said, awa, bakary, people[0])
    exceptions(said, awa, lalla, bakary, people[1])
    rights(said, awa, lalla, people[2], people[3])
    read_everything(awa, bakary, event, people[:3])
    return said


def met(said: Planted) -> Met:
    """One line of an intake, full."""
    name = said.word("nom")
    return Met(
        identity=Identity(
            family_name=name,
            given_names=said.word("prenom"),
            aliases=said.word("alias"),
            birth_place=said.word("village"),
            father=said.word("pere"),
            mother=said.word("mere"),
            papers=said.word("piece"),
        ),
        contact=Contact(
            phone=said.phone(),
            village=said.word("village"),
            address=said.word("rue"),
            trusted_person=said.word("tante"),
            words=said.word("consigne"),
        ),
        sex=Sex.FEMALE,
        age_min=25,
        age_max=30,
        citizenship="ML",
        household=said.word("marque"),
    )


def hear_and_decide(said: Planted, awa: Actor, lalla: Actor, person: Person) -> None:
    """An interview with its notes; a presumption, a contest, an identification."""
    interview = interview_actions.begin_interview(awa, person)
    notes = {"act": said.word("note"), "means": said.word("note")}
    interview_actions.save_answers(awa, interview, {"act_moved": "yes"}, notes)
    interview_actions.finish_interview(awa, interview)
    decision = decision_actions.presume_victim(
        awa, person, reason=said.word("motif"), interview=interview, on=DAY
    )
    decision_actions.contest_decision(awa, decision, reason=said.word("contestation"))
    decision_actions.settle_contest(lalla, person, decision, reason=said.word("reponse"))


def hearing(said: Planted) -> Hearing:
    """How consent was heard."""
    return Hearing(
        giver=Giver.PERSON,
        assent=Assent.NOT_ASKED,
        guardian=said.word("tuteur"),
        witness=said.word("temoin"),
        interpreter=said.word("interprete"),
        words=said.word("parole"),
    )


def refer(said: Planted, awa: Actor, bakary: Actor, person: Person, to: Organisation) -> None:
    """Consent, referral with a word to the recipient, decline with its note, withdrawal."""
    ground = ground_actions.record_consent(
        awa,
        person,
        recipient=to,
        groups=[FieldGroup.IDENTITY, FieldGroup.CONTACT],
        purpose=Purpose.REFERRAL,
        until=timezone.now() + datetime.timedelta(days=30),
        hearing=hearing(said),
    )
    referral: Referral = referral_actions.send_referral(
        awa,
        person,
        service="medical",
        groups=[FieldGroup.IDENTITY],
        recipient=to,
        note=said.word("mot"),
    )
    referral_actions.decline_referral(
        bakary, referral, reason=Declining.FULL, note=said.word("refus")
    )
    ground = Ground.unscoped.get(pk=ground.pk)
    ground_actions.withdraw_consent(awa, ground, words=said.word("retrait"))


def care_for(said: Planted, awa: Actor, lalla: Actor, person: Person) -> None:
    """A case from its opening to its closing."""
    case: Case = case_actions.open_case(awa, person, on=DAY)
    care_actions.assess(
        awa, case, AssessmentKind.RISK, on=DAY, level=Level.HIGH, text=said.word("danger")
    )
    care_actions.agree_safety(
        awa,
        case,
        rule=ContactRule.THROUGH,
        contact=said.word("relais"),
        plan=SafetyPlan(said.word("menace"), said.word("signe"), said.word("refuge")),
    )
    care_actions.set_goal(awa, case, domain="education", text=said.word("projet"))
    given = Given("medical", ServiceStatus.UNDER_WAY, DAY, note=said.word("soin"))
    care_actions.add_service(awa, case, given)
    due = timezone.localdate() + datetime.timedelta(days=3)
    care_actions.add_task(awa, case, kind=TaskKind.TASK, due_on=due, text=said.word("tache"))
    care_actions.hold_follow_up(awa, case, on=DAY, words=said.word("visite"))
    feedback = care_actions.hear_feedback(
        awa, case, on=DAY, is_complaint=True, words=said.word("plainte")
    )
    care_actions.answer_complaint(lalla, feedback, words=said.word("suite"))
    case_actions.close_case(awa, case, Closing.WISH, reason=said.word("fin"))
    if case.closing_asked_at:
        case_actions.approve_closing(lalla, case)


def twice(said: Planted, awa: Actor, bakary: Actor, person: Person) -> None:
    """The same person met by another body, found, and said to be one."""
    told = open_groups(awa, person, [FieldGroup.IDENTITY, FieldGroup.CONTACT])
    again = Met(identity=told.identity, contact=told.contact, sex=Sex.FEMALE)
    place = Place.objects.get(code="kayes-2023")
    event = person_actions.open_event(
        bakary, kind=EventKind.WALK_IN, on=DAY, place=place, narrative=said.word("recit")
    )
    other = person_actions.register_person(bakary, event, again)
    pair = link_actions.search_pairs(bakary, other)[0]
    link_actions.decide_pair(
        awa, pair, status=LinkStatus.SAME, reason=link_actions.Reason.PERSON_SAID
    )


def exceptions(said: Planted, awa: Actor, lalla: Actor, bakary: Actor, person: Person) -> None:
    """An order, an emergency, a break-glass and its review."""
    ground_actions.record_order(
        awa,
        person,
        recipient=Organisation.objects.get(code="PJS"),
        groups=[FieldGroup.LEGAL],
        until=timezone.now() + datetime.timedelta(days=5),
        authority=said.word("juge"),
        reference=said.word("numero"),
    )
    ground_actions.share_in_emergency(
        awa,
        person,
        recipient=None,
        groups=[FieldGroup.HEALTH],
        reason=said.word("urgence"),
        outside=said.word("hopital"),
    )
    glass = ground_actions.break_glass(
        bakary,
        number=person.national.number,
        groups=[FieldGroup.HEALTH],
        reason=said.word("urgence"),
    )
    ground_actions.review_ground(lalla, glass, is_justified=True, note=said.word("revue"))


def rights(said: Planted, awa: Actor, lalla: Actor, held: Person, gone: Person) -> None:
    """A hold, a correction, a copy, an erasure announced."""
    rights_actions.place_hold(lalla, held, reason=said.word("gel"))
    asked = rights_actions.request_correction(
        awa, held, group=FieldGroup.IDENTITY, words=said.word("erreur")
    )
    rights_actions.settle_correction(awa, asked, is_accepted=False, reason=said.word("constat"))
    person_actions.change_identity(
        awa,
        gone,
        identity=Identity(family_name=said.word("nom"), given_names=said.word("prenom")),
        contact=Contact(phone=said.phone(), village=said.word("village")),
    )
    rights_actions.copy_of_file(awa, gone)
    rights_actions.announce_erasure(lalla, gone, cause=rights_actions.REQUEST)


def read_everything(awa: Actor, bakary: Actor, event: Event, people: list[Person]) -> None:
    """Open all that may be opened: what is read must not stay anywhere."""
    open_narrative(awa, event)
    for person in people:
        open_groups(awa, person, ALL)
