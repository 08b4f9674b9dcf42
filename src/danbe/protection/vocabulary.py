"""The words of protection: what may be written in a column, and what each word means."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from danbe.core.field_groups import SHAREABLE as SHAREABLE  # the words of sharing stand lower
from danbe.core.field_groups import FieldGroup as FieldGroup


class EventKind(models.TextChoices):
    """How people were met."""

    WALK_IN = "walk_in", _("Came by themselves")
    DENUNCIATION = "denunciation", _("Denunciation or alert")
    BORDER_STOP = "border_stop", _("Stop at a border")
    RAID = "raid", _("Police operation")
    TRANSPORT = "transport", _("Bus or other transport")
    MINE = "mine", _("Mine or gold site")
    DISPLACEMENT = "displacement", _("Displaced village or community")
    OUTREACH = "outreach", _("Outreach in the field")
    REFERRED = "referred", _("Brought by another body")
    OTHER = "other", _("Other")


class Knowledge(models.TextChoices):
    """How much of a person is known. Nobody must give a name to be helped or counted."""

    NAMED = "named", _("Named")
    PSEUDONYM = "pseudonym", _("Under a pseudonym")
    COUNTED = "counted", _("Counted only")


class Sex(models.TextChoices):
    """As in every figure."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Question(models.TextChoices):
    """What is decided about a person, again and again, each time with who and why."""

    INVOLVEMENT = "involvement", _("Part in the facts")
    PATHWAY = "pathway", _("Pathway")
    STATUS = "status", _("Identification")


class Involvement(models.TextChoices):
    """Which part a person had in the facts, as far as is known."""

    UNDETERMINED = "undetermined", _("Undetermined")
    VICTIM = "victim", _("Victim")
    ACCOMPLICE = "accomplice", _("Possible accomplice")
    WITNESS = "witness", _("Witness")


class Pathway(models.TextChoices):
    """Which referral mechanism a person follows. A change of pathway is not a second person."""

    UNDETERMINED = "undetermined", _("Undetermined")
    TRAFFICKING = "trafficking", _("Trafficking in persons")
    ASSIMILATED = "assimilated", _("Assimilated practice")
    MIGRANT = "migrant", _("Vulnerable migrant")


class Identification(models.TextChoices):
    """How far identification is. «Presumed» opens every service at once."""

    OPEN = "open", _("To be established")
    PRESUMED = "presumed", _("Presumed victim")
    IDENTIFIED = "identified", _("Identified victim")
    NOT_CONFIRMED = "not_confirmed", _("Presumption not confirmed")


class Basis(models.TextChoices):
    """The legal basis under which a victim is counted: never added together."""

    NOT_STATED = "not_stated", _("Not stated")
    TRAFFICKING = "trafficking", _("Trafficking")
    ASSIMILATED_2012 = "assimilated_2012", _("Practices assimilated by the law of 2012")
    SLAVERY_2024 = "slavery_2024", _("Slavery and assimilated practices, code of 2024")


class GroundKind(models.TextChoices):
    """Why something about a person may reach another body."""

    CONSENT = "consent", _("Consent")
    ORDER = "order", _("Judicial order")
    EMERGENCY = "emergency", _("Vital emergency")
    BREAK_GLASS = "break_glass", _("Emergency access")


class Purpose(models.TextChoices):
    """What a ground serves."""

    CARE = "care", _("Care")
    REFERRAL = "referral", _("Referral to a service")
    JUSTICE = "justice", _("Justice")
    RETURN = "return", _("Return and reintegration")
    FAMILY_TRACING = "family_tracing", _("Family tracing")
    LINKAGE = "linkage", _("Not being counted or questioned twice")


class Told(models.TextChoices):
    """How a text was brought to the person."""

    READ = "read", _("Read by the person")
    READ_ALOUD = "read_aloud", _("Read aloud in a language understood")
    INTERPRETER = "interpreter", _("Through an interpreter")
    AUDIO = "audio", _("By a recording in the person's language")


class Giver(models.TextChoices):
    """Who gives or refuses consent."""

    PERSON = "person", _("The person")
    GUARDIAN = "guardian", _("The guardian, with the child's assent")


class Assent(models.TextChoices):
    """What the child says, beside the guardian."""

    NOT_ASKED = "", _("Not asked (adult)")
    GIVEN = "given", _("The child agrees")
    REFUSED = "refused", _("The child does not agree")
    UNABLE = "unable", _("Too young to say")


class CaseStatus(models.TextChoices):
    """Where the care of a person stands."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Closing(models.TextChoices):
    """Why a case is closed."""

    REINTEGRATED = "reintegrated", _("Goals reached, life rebuilt")
    WISH = "wish", _("At the person's wish")
    TRANSFERRED = "transferred", _("Responsibility transferred to another body")
    RETURNED = "returned", _("Returned home or to another country")
    LOST = "lost", _("No contact for six months, search made")
    DECEASED = "deceased", _("Deceased")
    NOT_CONCERNED = "not_concerned", _("Neither victim nor vulnerable migrant")
    DUPLICATE = "duplicate", _("Opened twice by mistake")


class Change(models.TextChoices):
    """What happened to a case as a whole."""

    OPENED = "opened", _("Case opened")
    ASKED = "asked", _("Closing asked for")
    KEPT = "kept", _("Request to close taken back")
    REFUSED = "refused", _("Closing refused")
    CLOSED = "closed", _("Case closed")
    REOPENED = "reopened", _("Case reopened")
    MOVED = "moved", _("Handed to another post")


class Schooling(models.TextChoices):
    """Where a child stands with school."""

    ATTENDING = "attending", _("At school")
    TRAINING = "training", _("Learning a trade")
    KORANIC = "koranic", _("In a Koranic school")
    LEFT = "left", _("Has left school")
    NEVER = "never", _("Never went to school")
    TOO_YOUNG = "too_young", _("Too young for school")


class Level(models.TextChoices):
    """How grave a risk is."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    IMMEDIATE = "immediate", _("Immediate danger")


class AssessmentKind(models.TextChoices):
    """What is assessed."""

    RISK = "risk", _("Risks, retaliation included")
    NEEDS = "needs", _("Needs")
    BEST_INTEREST = "best_interest", _("Best-interest assessment of a child")
    BEST_INTEREST_DETERMINATION = "determination", _("Best-interest determination of a child")


class ContactRule(models.TextChoices):
    """How a person may be reached without putting them in danger."""

    UNKNOWN = "unknown", _("Not agreed yet: do not call")
    IN_PERSON = "in_person", _("In person only")
    SAFE_HOURS = "safe_hours", _("By telephone, at the agreed hours")
    THROUGH = "through", _("Through a trusted person")
    FREELY = "freely", _("Freely")
    NEVER = "never", _("Never: the person comes to us")


class GoalStatus(models.TextChoices):
    """Where a goal of the plan stands."""

    SET = "set", _("Set")
    REACHED = "reached", _("Reached")
    CHANGED = "changed", _("Given up or changed")


class ServiceStatus(models.TextChoices):
    """Where a service stands."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    GIVEN = "given", _("Given")
    UNAVAILABLE = "unavailable", _("Needed, found nowhere")
    DECLINED = "declined", _("Declined by the person")


class TaskKind(models.TextChoices):
    """What a date is for."""

    TASK = "task", _("Task")
    APPOINTMENT = "appointment", _("Appointment")
    FOLLOW_UP = "follow_up", _("Follow-up visit")
    REVIEW = "review", _("Review")


class ReferralStatus(models.TextChoices):
    """Where a referral stands."""

    SENT = "sent", _("Sent, no answer yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    DONE = "done", _("Service given")
    REVOKED = "revoked", _("Revoked")


class ReferralRoute(models.TextChoices):
    """To whom a person is referred, and how the packet travels."""

    BODY = "body", _("A body that works in Danbe")
    OUTSIDE = "outside", _("A body without an account")
    CONSULATE = "consulate", _("A consulate")
    ABROAD = "abroad", _("A body in another country")


class Declining(models.TextChoices):
    """Why a referral is declined: it feeds the picture of what is missing."""

    FULL = "full", _("No place free")
    NOT_FOR = "not_for", _("Not for this sex, age or situation")
    NO_MEANS = "no_means", _("No means to give the service")
    TOO_FAR = "too_far", _("Too far")
    UNSAFE = "unsafe", _("Not safe for this person")
    INCOMPLETE = "incomplete", _("Too little is known to answer")
    OTHER = "other", _("Other")


class LinkStatus(models.TextChoices):
    """What a human made of two records that look alike."""

    OPEN = "open", _("To be looked at")
    SAME = "same", _("Same person")
    DIFFERENT = "different", _("Two persons")


class ErasureStatus(models.TextChoices):
    """Where an erasure stands."""

    WARNED = "warned", _("Announced")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Erased")
