"""A person's file in plain words: what each sealed text is, line by line, for their copy."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from danbe.core.models import Term
from danbe.protection import door
from danbe.protection.interviews import KIND as INTERVIEW
from danbe.protection.models import Decision, Opening
from danbe.protection.vocabulary import (
    FieldGroup,
    Identification,
    Involvement,
    Pathway,
    Question,
)
from danbekit.identification import Answer, questions

KINDS: dict[str, Promise] = {
    "identity": gettext_lazy("Who you are"),
    "contact": gettext_lazy("How to reach you without danger"),
    "interview": gettext_lazy("What you told in an interview"),
    "decision": gettext_lazy("Why it was decided"),
    "contest": gettext_lazy("What you contested"),
    "contest_answer": gettext_lazy("What was answered to it"),
    "hearing": gettext_lazy("How your consent was heard"),
    "recording": gettext_lazy("A recording of your consent (ask to listen to it)"),
    "withdrawal": gettext_lazy("What you said when you withdrew your consent"),
    "order": gettext_lazy("An order of a judge"),
    "exception": gettext_lazy("Why your record was opened in an emergency"),
    "review": gettext_lazy("What was thought of it afterwards"),
    "assessment": gettext_lazy("What was assessed"),
    "goal": gettext_lazy("What you want to reach"),
    "task": gettext_lazy("Something to do for you"),
    "follow_up": gettext_lazy("A follow-up visit"),
    "feedback": gettext_lazy("What you said of the help"),
    "complaint": gettext_lazy("Your complaint"),
    "complaint_answer": gettext_lazy("What was done about your complaint"),
    "service_note": gettext_lazy("A note on a service"),
    "referral_note": gettext_lazy("What was written to another body for you"),
    "recipient": gettext_lazy("To whom you were referred"),
    "decline": gettext_lazy("Why a body could not help"),
    "guardian": gettext_lazy("Your guardian"),
    "safety_plan": gettext_lazy("Your safety plan"),
    "safe_contact": gettext_lazy("How to reach you without danger"),
    "closing": gettext_lazy("Why your case was closed"),
    "closing_answer": gettext_lazy("Why your case stays open"),
    "reopening": gettext_lazy("Why your case was reopened"),
    "hold": gettext_lazy("Why your record must be kept"),
    "correction": gettext_lazy("What you asked to correct"),
    "correction_answer": gettext_lazy("What was answered to it"),
    "erasure": gettext_lazy("Why an erasure was held back"),
    "note": gettext_lazy("A note"),
    "photo": gettext_lazy("A photograph (ask to see it)"),
}
NOT_IN_WORDS = ("recording", "photo")  # files: said to be there, shown on request
NAMES: dict[str, Promise] = {
    "family_name": gettext_lazy("Family name"),
    "given_names": gettext_lazy("Given names"),
    "aliases": gettext_lazy("Also known as"),
    "birth": gettext_lazy("Birth"),
    "birth_place": gettext_lazy("Place of birth"),
    "father": gettext_lazy("Father"),
    "mother": gettext_lazy("Mother"),
    "papers": gettext_lazy("Papers"),
    "phone": gettext_lazy("Telephone"),
    "village": gettext_lazy("Village or neighbourhood"),
    "address": gettext_lazy("Address"),
    "trusted_person": gettext_lazy("Trusted person"),
    "safe_hours": gettext_lazy("Safe hours"),
    "words": gettext_lazy("In words"),
    "witness": gettext_lazy("Witness"),
    "guardian": gettext_lazy("Guardian"),
    "interpreter": gettext_lazy("Interpreter"),
    "outside": gettext_lazy("Recipient outside Danbe"),
    "authority": gettext_lazy("Who ordered it"),
    "reference": gettext_lazy("Reference"),
    "name": pgettext_lazy("copy", "Name"),
    "reached": gettext_lazy("Reached by"),
    "dangers": gettext_lazy("What threatens"),
    "signs": gettext_lazy("How one notices it"),
    "steps": gettext_lazy("What to do then"),
    "helpers": gettext_lazy("Who helps"),
    "last": gettext_lazy("Last day of the facts"),
}
ANSWERS: dict[str, Promise] = {
    Answer.YES: pgettext_lazy("answer", "yes"),
    Answer.NO: pgettext_lazy("answer", "no"),
    Answer.DECLINED: pgettext_lazy("answer", "you preferred not to answer"),
    Answer.UNKNOWN: pgettext_lazy("answer", "you did not know"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of the file: what it is, when, and its lines (label, words)."""

    title: str
    row: Any
    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """What it says, where it is one text without labels."""
        return "" if len(self.lines) != 1 or self.lines[0][0] else self.lines[0][1]


@dataclass(frozen=True, slots=True)
class Part:
    """All texts of one field group."""

    label: str
    pieces: tuple[Piece, ...]


VALUES: dict[str, type[TextChoices]] = {
    Question.INVOLVEMENT: Involvement,
    Question.PATHWAY: Pathway,
    Question.STATUS: Identification,
}


def value_label(decision: Decision) -> str:
    """What was decided, in words."""
    return str(dict(VALUES[decision.question].choices).get(decision.value, decision.value))


def service_label(code: str) -> str:
    """A type of service, in words."""
    term = Term.objects.filter(list="service_type", code=code).first()
    return term.label if term else code


@dataclass(frozen=True, slots=True)
class Look:
    """One opening by one post at one moment, of one field group or several."""

    at: datetime.datetime
    who: str
    groups: str


def looks(openings: Iterable[Opening]) -> list[Look]:
    """Who looked, the groups opened together on one line."""
    found: dict[tuple[datetime.datetime, str], list[str]] = {}
    for row in openings:
        who = f"{row.organisation.label}, {row.post.title}"
        moment = row.at.replace(second=0, microsecond=0)
        found.setdefault((moment, who), []).append(row.get_group_display())
    return [Look(at, who, ", ".join(dict.fromkeys(said))) for (at, who), said in found.items()]


def parts_of(file: door.File) -> list[Part]:
    """The file by field group; what was corrected is there too, marked as past by its row."""
    found = []
    for group in FieldGroup:
        pieces = tuple(
            Piece(_title(opened.row.kind), opened.row, tuple(_lines(opened)))
            for opened in file.rows
            if opened.row.group == group and opened.text is not None
        )
        if pieces:
            internal = group == FieldGroup.INTERNAL
            label = _("Notes of the organisation") if internal else str(group.label)
            found.append(Part(label, pieces))
    return found


def _title(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _lines(opened: door.Opened) -> Iterator[tuple[str, str]]:
    text = opened.text or ""
    if opened.row.kind in NOT_IN_WORDS:
        return
    if not text.startswith("{"):
        yield "", text
        return
    data = opened.data()
    if opened.row.kind == INTERVIEW:
        yield from _interview(data)
        return
    yield from _told(data)


def _told(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if value not in ("", None, False, [], {}):
            yield str(NAMES.get(name, name)), str(value)


def _interview(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    language = get_language() or "fr"
    answers = data.get("answers") or {}
    for question in questions():
        if answer := answers.get(question.code):
            yield question.label(language), str(ANSWERS.get(answer, answer))
    for words in (data.get("notes") or {}).values():
        if words:
            yield str(NAMES["words"]), str(words)
