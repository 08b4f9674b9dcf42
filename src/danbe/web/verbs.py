"""Every verb in words: what the trail, the guide and the table of rights say of it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from danbe.core.access import ROLES

LABELS: dict[str, Promise] = {
    "account.change": _("change one's password or second factor"),
    "attachment.open": _("open a file joined to a return"),
    "audit.read": _("read the audit trail"),
    "completeness.read": _("see who has sent a return"),
    "completeness.remind": _("remind a silent body"),
    "figure.read": _("consult the figures"),
    "home.read": _("open the home page"),
    "invitation.accept": _("take a post on invitation"),
    "message.mark_read": _("mark a message as read"),
    "message.read": _("read the mail of the post"),
    "obligation.write": _("say what a body owes"),
    "offence.confirm": _("confirm an article of law"),
    "organisation.read": _("consult the organisations"),
    "organisation.write": _("change an organisation"),
    "overlap.decide": _("decide on an overlap"),
    "overlap.read": _("see the overlaps"),
    "place.read": _("consult the places"),
    "place.write": _("add a place"),
    "post.read": _("see the posts"),
    "post.write": _("open, hand over or close a post"),
    "public.read": _("open a public page"),
    "report.correct": _("add an erratum to a report"),
    "report.draft": _("prepare a report"),
    "report.freeze": _("freeze a report"),
    "report.read": _("consult the reports"),
    "return.accept": _("accept a return"),
    "return.attach": _("join a file to a return"),
    "return.discard": _("destroy a draft"),
    "return.open": _("open a return"),
    "return.query": _("question a return"),
    "return.read": _("read a return"),
    "return.submit": _("submit a return"),
    "return.write": _("fill in a return"),
    "session.begin": _("sign in"),
    "session.end": _("sign out"),
    "session.switch_post": _("switch to another post"),
    "settings.read": _("see the settings"),
    "settings.write": _("change the settings"),
    "vocabulary.read": _("consult the lists and the law"),
}
VERBS = sorted({verb for verbs in ROLES.values() for verb in verbs} | {"invitation.accept"})


def label_of(verb: str) -> str:
    """The verb in words; as it is where it has none (a verb of an older version)."""
    return str(LABELS.get(verb, verb))
