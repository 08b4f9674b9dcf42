"""What may be contributed, to which process, on which words."""

import re
import uuid
from dataclasses import dataclass, replace

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, OrganisationType
from danbe.core.errors import DomainError
from danbe.core.models import Term
from danbe.plan.models import (
    Category,
    Clause,
    ClauseVersion,
    Contribution,
    ContributionKind,
    Participant,
    Phase,
    Process,
    TextStatus,
    TextVersion,
)
from danbe.plan.phases import is_over, phase_of

MAX_WORDS = 4_000  # characters of one field


@dataclass(frozen=True, slots=True)
class Told:
    """What a contributor says. An amendment has the words replaced and those proposed."""

    kind: str
    text: str = ""
    clause: Clause | None = None
    replaced: str = ""
    proposed: str = ""
    language: str = ""


def squashed(words: str) -> str:
    """Words as they are compared: one space, one kind of apostrophe."""
    plain = words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")).strip()


def check_words(process: Process, told: Told) -> Told:
    """What is said, tidied. Raises :class:`DomainError` at the field that is wrong."""
    told = replace(
        told,
        text=told.text.strip(),
        replaced=told.replaced.strip(),
        proposed=told.proposed.strip(),
        language=told.language.strip(),
    )
    if told.kind not in ContributionKind.values:
        raise DomainError("contribution.kind", _("Choose what it is."), "kind")
    _check_lengths(told)
    if told.language and not Term.objects.filter(list="language", code=told.language).exists():
        text = _("Choose a language of the list.")
        raise DomainError("contribution.language", text, "language")
    if told.clause is not None and told.clause.process_id != process.pk:
        raise DomainError("contribution.clause", _("This paragraph is of another text."), "clause")
    if told.kind == ContributionKind.AMENDMENT:
        _check_amendment(told)
    elif told.replaced or told.proposed:
        text = _("Only an amendment replaces words: choose «Amendment», or leave this empty.")
        raise DomainError("contribution.kind", text, "kind")
    elif not told.text and told.kind != ContributionKind.SUPPORT:
        raise DomainError("contribution.empty", _("Write what you want to say."), "text")
    return told


def _check_lengths(told: Told) -> None:
    for name in ("text", "replaced", "proposed"):
        n = len(getattr(told, name))
        if n > MAX_WORDS:
            text = _("%(n)d characters at most; here there are %(had)d.")
            counts = {"n": MAX_WORDS, "had": n}
            raise DomainError("contribution.long", text % counts, name)


def _check_amendment(told: Told) -> None:
    """The words replaced stand in the paragraph as it is today, exactly."""
    if told.clause is None:
        text = _("An amendment changes the words of a paragraph: choose which one.")
        raise DomainError("amendment.no_clause", text, "clause")
    if not told.replaced:
        text = _("Copy the words of the paragraph that you want to replace.")
        raise DomainError("amendment.no_words", text, "replaced")
    if squashed(told.replaced) not in squashed(paragraph_now(told.clause).words):
        text = _(
            "These words are not in the paragraph as it stands today. Copy them from it exactly, "
            "with their accents and capitals."
        )
        raise DomainError("amendment.other_words", text, "replaced")
    if squashed(told.replaced) == squashed(told.proposed):
        text = _("The words proposed are those that stand there already.")
        raise DomainError("amendment.same_words", text, "proposed")


def next_number(process: Process) -> int:
    """The number of the next contribution; locks the process until the end of the act."""
    Process.objects.select_for_update().get(pk=process.pk)
    last = (
        Contribution.unscoped.filter(process=process)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return (last or 0) + 1


# --- What the process lets in -----------------------------------------------------------------

# What a body is when the process has not said it.
CATEGORIES = {
    OrganisationType.NGO: Category.CIVIL_SOCIETY,
    OrganisationType.NGO_NETWORK: Category.CIVIL_SOCIETY,
    OrganisationType.PARTNER: Category.PARTNERS,
}


def category_of(process: Process, body: Organisation) -> str:
    """The category in which a body speaks: as the process lists it, else by its type."""
    listed = Participant.unscoped.filter(process=process, organisation=body)
    category: str | None = listed.values_list("category", flat=True).first()
    return category or CATEGORIES.get(OrganisationType(body.type), Category.STATE)


def open_categories(process: Process) -> list[str]:
    """The categories that may contribute in the phase that runs."""
    phase = phase_of(process)
    return phase.contributes.split() if phase is not None else []


def is_taking(process: Process) -> bool:
    """Whether anybody may contribute now."""
    return bool(open_categories(process))


def must_take(process: Process, category: str) -> None:
    """Raise :class:`DomainError` unless this category may contribute now."""
    if category not in open_categories(process):
        text = _("In this phase, this process takes no contribution of this category.")
        raise DomainError("contribution.closed", text)


def must_be_answerable(process: Process) -> None:
    """Raise :class:`DomainError` once the process has ended: answers are given before."""
    if is_over(process):
        text = _("This process has ended: nothing changes in it.")
        raise DomainError("contribution.over", text)


def public_processes() -> list[Process]:
    """The processes that take what citizens write."""
    rows = Phase.objects.filter(stage=F("process__stage")).select_related("process")
    return [r.process for r in rows if Category.PUBLIC in r.contributes.split()]


# --- The text under discussion ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One clause as the participants read it today."""

    clause: Clause
    number: str
    words: str

    def opening(self, most: int) -> str:
        """Its first words on one line, ``most`` characters at most."""
        words = " ".join(self.words.split())
        return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _words(row: ClauseVersion) -> str:
    return "\n".join(part for part in (row.heading, row.text) if part)


def _text_now(process_id: uuid.UUID) -> QuerySet[TextVersion]:
    """The last version that was put to the participants."""
    rows = TextVersion.objects.filter(process=process_id).exclude(status=TextStatus.DRAFT)
    return rows.order_by("-number")


def paragraphs_now(process: Process) -> list[Paragraph]:
    """The text put to the participants, in order; empty while there is none."""
    version = _text_now(process.pk).values("pk")[:1]
    rows = ClauseVersion.objects.filter(version__in=list(version.values_list("pk", flat=True)))
    return [
        Paragraph(row.clause, row.number, _words(row))
        for row in rows.select_related("clause").order_by("order")
    ]


def paragraph_now(clause: Clause) -> Paragraph:
    """One clause as it stands today; without words once it is out of the text."""
    version = _text_now(clause.process_id).values_list("pk", flat=True).first()
    row = ClauseVersion.objects.filter(clause=clause, version=version).first()
    if row is not None:
        return Paragraph(clause, row.number, _words(row))
    last = ClauseVersion.objects.filter(clause=clause).exclude(version__status=TextStatus.DRAFT)
    was = last.order_by("-version__number").first()
    return Paragraph(clause, was.number if was else "", "")
