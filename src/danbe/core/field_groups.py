"""What can be shared apart: one list, for consents, for sealing and for agreements.

It stands in ``core`` because partnership, below protection, writes agreements in the same words
as protection writes consents: two lists would sooner or later say two things.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldGroup(models.TextChoices):
    """What can be shared apart: the unit of consent, of sealing and of erasure."""

    PROFILE = "profile", _("Sex, age, citizenship, languages")
    IDENTITY = "identity", _("Names, birth, papers")
    CONTACT = "contact", _("Telephone, address, how to reach the person safely")
    PHOTO = "photo", _("Photograph")
    STORY = "story", _("What happened")
    HEALTH = "health", _("Health")
    PSYCHOSOCIAL = "psychosocial", _("Psychosocial situation")
    LEGAL = "legal", _("Rights and proceedings")
    FAMILY = "family", _("Family and guardian")
    SAFETY = "safety", _("Risks and safety plan")
    SCHOOL_WORK = "school_work", _("School, training and work")
    INTERNAL = "internal", _("Ledger and notes of the body: never shared")


SHAREABLE = tuple(group for group in FieldGroup if group != FieldGroup.INTERNAL)


def delimited(codes: Iterable[str]) -> str:
    """Codes as they stand in a column: sorted, a space on each side: one is found whole."""
    return f" {' '.join(sorted(set(codes)))} "
