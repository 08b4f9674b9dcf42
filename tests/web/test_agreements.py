"""Agreements on the screen: written, refused at the field, said to both sides when they end."""

from django.utils import timezone

from danbe.accounts.models import Message
from danbe.core.field_groups import FieldGroup
from danbe.jobs.agreement_clocks import warn_of_ends
from danbe.partnership.models import Agreement, Flow
from danbe.protection import referral_actions
from tests.conftest import Cast, SignIn
from tests.partnership import agreement_makers as makers
from tests.protection.makers import consent, met

IDENTITY = FieldGroup.IDENTITY


def test_esther_writes_signs_and_ends_an_agreement(cast: Cast, sign_in: SignIn) -> None:
    browser, today = sign_in(cast.esther), timezone.localdate()
    typed = {
        "kind": "protocol",
        "title": "Protocole (fictif)",
        "parties": [str(cast.awa.organisation_id), str(cast.bakary.organisation_id)],
        "start": today.isoformat(),
    }
    told = browser.post("/agreements/new/", typed)
    made = Agreement.unscoped.get()
    assert told.headers["Location"] == f"/agreements/{made.pk}/"
    flow = {
        "sender": str(cast.awa.organisation_id),
        "recipient": str(cast.bakary.organisation_id),
        "groups": ["identity"],
        "purpose": "Hébergement (fictif)",
    }
    assert browser.post(f"/agreements/{made.pk}/flows/new/", flow).status_code == 302
    signed = browser.post(f"/agreements/{made.pk}/sign/", {"signed_on": today.isoformat()})
    assert signed.status_code == 302
    assert Flow.unscoped.get().is_open(today)
    ending = {"on": today.isoformat(), "reason": "Dénoncé (fictif)"}
    assert browser.post(f"/agreements/{made.pk}/end/", ending).status_code == 302
    assert not Flow.unscoped.get().is_open(today)


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn
) -> None:
    browser = sign_in(cast.esther)
    typed = {
        "kind": "protocol",
        "title": "Protocole (fictif)",
        "parties": [str(cast.awa.organisation_id)],
        "start": "1823-01-01",
    }
    told = browser.post("/agreements/new/", typed)
    assert told.status_code == 400
    page = told.content.decode()
    assert "Choisissez un jour à partir de 1991." in page
    assert "Protocole (fictif)" in page
    assert browser.post("/agreements/new/", {"title": "x" * 10_000}).status_code == 400
    assert not Agreement.unscoped.exists()


def test_a_referral_that_an_agreement_holds_back_says_so_and_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn
) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, FieldGroup.HEALTH])
    makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    url = f"/referrals/new/{mariam.pk}/?service=medical&to={cast.bakary.organisation_id}"
    told = sign_in(cast.awa).post(url, {"groups": ["health"], "note": "Un mot fictif"})
    page = told.content.decode()
    assert makers.TITLE in page
    assert "ne laisse pas passer" in page
    assert "Un mot fictif" in page


def test_a_consent_that_an_agreement_holds_back_says_so_at_the_field(
    cast: Cast, sign_in: SignIn
) -> None:
    mariam = met(cast.awa)
    makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    day = timezone.localdate() + 20 * makers.DAY
    typed = {
        "recipient": str(cast.bakary.organisation_id),
        "groups": ["health"],
        "answer": "yes",
        "until": day.isoformat(),
        "told": "read_aloud",
        "giver": "guardian",
        "assent": "given",
        "guardian": "Une tante (fictive)",
        "language": "bm",
        "words": "Des mots fictifs",
    }
    page = sign_in(cast.awa).post(f"/consents/person/{mariam.pk}/new/", typed).content.decode()
    assert makers.TITLE in page
    assert "Des mots fictifs" in page


def test_both_sides_read_that_the_flow_closed_when_and_why(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    protocol = makers.signed(
        cast.esther, cast.awa, cast.bakary, [IDENTITY], until=timezone.localdate()
    )
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    sent = referral_actions.send_referral(
        cast.awa, mariam, service="shelter", groups=[IDENTITY], recipient=makers.body(cast.bakary)
    )
    awa, bakary = sign_in(cast.awa), sign_in(cast.bakary)
    number = mariam.national.number
    assert number in bakary.get("/people/?shared=1").content.decode()
    assert "a pris fin" not in bakary.get("/referrals/").content.decode()

    makers.days_pass(protocol, 1)

    page = bakary.get("/people/?shared=1").content.decode()
    assert number not in page
    for browser, url in (
        (bakary, "/people/?shared=1"),
        (bakary, "/consents/received/"),
        (bakary, "/referrals/"),
        (bakary, f"/referrals/{sent.pk}/"),
        (awa, "/referrals/sent/"),
        (awa, f"/referrals/{sent.pk}/"),
        (awa, f"/consents/person/{mariam.pk}/"),
    ):
        page = browser.get(url).content.decode()
        assert "a pris fin" in page, url
        assert makers.TITLE in page, url
    assert bakary.get(f"/people/{mariam.pk}/").status_code == 404


def test_both_sides_and_the_secretariat_are_warned_once_a_step(cast: Cast) -> None:
    today = timezone.localdate()
    end = today + 70 * makers.DAY
    makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY], until=end)
    assert warn_of_ends(today) == 0
    heard = {cast.awa.post_id, cast.lalla.post_id, cast.bakary.post_id, cast.esther.post_id}
    steps = [end - n * makers.DAY for n in (58, 29, 6)] + [end + makers.DAY]
    for n, day in enumerate(steps, start=1):
        assert warn_of_ends(day) == len(heard)
        assert warn_of_ends(day) == 0
        assert Message.unscoped.filter(kind__startswith="agreement.").count() == n * len(heard)
    assert set(Message.unscoped.values_list("post_id", flat=True)) == heard
    assert Message.unscoped.filter(kind="agreement.closed").count() == len(heard)


def test_the_gaps_are_shown_to_the_secretariat_which_may_close_them(
    cast: Cast, sign_in: SignIn
) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    browser = sign_in(cast.esther)
    page = browser.get("/agreements/flows/").content.decode()
    assert "1 flux n’a pas d’accord." in page
    assert mariam.national.number not in page
    browser.post("/agreements/required/", {"required": "yes"})
    page = sign_in(cast.awa).get(f"/consents/person/{mariam.pk}/").content.decode()
    assert "il en faut un" in page
