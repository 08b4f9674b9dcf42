"""Every door of Danbe, tried by those who should not come through it.

The ordinary ways in are told in ``test_sign_in.py``; here are the guesses, the stolen browsers,
the used codes and the ways round.
"""

import base64
import datetime
import hashlib
import hmac
import re
import struct
import time
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from danbe.accounts import actions
from danbe.accounts.models import Holding, Invitation, Organisation, Post, User, holder_of
from danbe.core.access import Actor, Role
from danbe.core.errors import NotAllowed
from danbe.core.models import AuditEvent
from tests.conftest import PASSWORD, Cast, SignIn

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
LOGIN, HOME = "/account/login/", "/"
NEW_PASSWORD = "sept greniers de fonio"


@pytest.fixture(autouse=True)
def calm() -> None:
    """The library counts attempts by minute and machine: each test has a minute of its own."""
    cache.clear()


def email(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).email


def try_password(actor: Actor, password: str = PASSWORD, address: str = HERE) -> Client:
    """Type an address and a password at the sign-in page, in a new browser."""
    browser = Client(REMOTE_ADDR=address)
    browser.answer = browser.post(LOGIN, {"login": email(actor), "password": password})
    return browser


def is_in(browser: Client) -> bool:
    """Whether the browser holds a session of a person."""
    return "_auth_user_id" in browser.session


# --- Guessing -------------------------------------------------------------------------------


def guess(actor: Actor, n_times: int, address: str = HERE) -> None:
    for n in range(n_times):
        assert not is_in(try_password(actor, f"essai numéro {n}", address))


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(cast: Cast):
    wrong = try_password(cast.fanta, "faux mot de passe").answer.content.decode()
    typed = {"login": "personne@exemple.ml", "password": "faux mot de passe"}
    unknown = Client(REMOTE_ADDR=HERE).post(LOGIN, typed).content.decode()
    changing = r'name="csrfmiddlewaretoken" value="\w+"|[\w.]+@exemple\.ml'
    assert re.sub(changing, "", wrong) == re.sub(changing, "", unknown)


def test_seven_wrong_passwords_slow_nothing_down_and_eight_do(cast: Cast):
    guess(cast.awa, 7)
    assert is_in(try_password(cast.awa))
    guess(cast.awa, 8)
    assert not is_in(try_password(cast.awa))


def test_awa_is_not_locked_out_by_the_guesses_of_somebody_else(cast: Cast):
    guess(cast.awa, 8, ELSEWHERE)
    assert not is_in(try_password(cast.awa, address=ELSEWHERE))
    assert is_in(try_password(cast.awa, address=HERE))


def test_after_three_minutes_the_account_opens_again(cast: Cast):
    guess(cast.awa, 8)
    assert not is_in(try_password(cast.awa))
    past = timezone.now() - datetime.timedelta(minutes=3, seconds=5)
    AccessAttempt.objects.update(attempt_time=past)
    assert is_in(try_password(cast.awa))


def test_who_is_slowed_down_is_told_so_on_a_page_of_danbe(cast: Cast):
    guess(cast.awa, 8)
    answer = try_password(cast.awa).answer
    assert answer.status_code == 429
    assert '<html lang="fr"' in answer.content.decode()
    assert "minutes" in answer.content.decode()


def test_what_was_typed_is_kept_nowhere(cast: Cast):
    guess(cast.awa, 3)
    kept = [str(value) for row in AccessAttempt.objects.values() for value in row.values()]
    assert kept
    assert not [value for value in kept if "essai" in value]


def test_a_closed_account_does_not_open(cast: Cast):
    User.objects.filter(pk=cast.fanta.user_id).update(is_active=False)
    assert not is_in(try_password(cast.fanta))


# --- Sessions -------------------------------------------------------------------------------


def test_a_session_planted_in_a_browser_is_not_the_one_signed_in(cast: Cast):
    browser = Client()
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    browser.post(LOGIN, {"login": email(cast.fanta), "password": PASSWORD})
    assert is_in(browser)
    assert browser.session.session_key != planted


def test_a_new_password_ends_the_sessions_on_other_machines(cast: Cast, sign_in: SignIn):
    office, phone = sign_in(cast.fanta), try_password(cast.fanta)
    typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = phone.post(reverse("account_change_password"), typed)
    assert answer.status_code == 302, answer.content.decode()
    assert phone.get(HOME).status_code == 200
    assert office.get(HOME).status_code == 302
    assert not is_in(try_password(cast.fanta, PASSWORD))
    assert is_in(try_password(cast.fanta, NEW_PASSWORD))


@pytest.mark.parametrize("weak", ["court", "password1234"])
def test_a_weak_new_password_is_refused(weak: str, cast: Cast):
    typed = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    browser = try_password(cast.fanta)
    assert browser.post(reverse("account_change_password"), typed).status_code == 200
    assert is_in(try_password(cast.fanta))


def test_work_keeps_a_session_alive_and_rest_ends_it(cast: Cast, sign_in: SignIn):
    browser = sign_in(cast.fanta)
    for minutes, status in ((20, 200), (29, 200), (31, 302)):
        session = browser.session
        session["seen"] = int(time.time()) - minutes * 60
        session.save()
        answer = browser.get(HOME)
        assert answer.status_code == status, minutes
    assert answer.url.startswith(LOGIN)
    assert not is_in(browser)


def test_the_cookie_goes_when_the_browser_closes_and_no_script_reads_it(cast: Cast):
    cookie = try_password(cast.fanta).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["expires"]
    assert not cookie["max-age"]


# --- The second factor ----------------------------------------------------------------------


@pytest.fixture
def two_factors(settings: Any) -> None:
    """As in a production instance."""
    settings.TWO_FACTOR_REQUIRED = True


def code_of(secret: str, at: float | None = None) -> str:
    """What the application on a telephone shows (RFC 6238), written here once more."""
    moment = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    mac = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def test_our_own_telephone_agrees_with_the_standard():
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code_of(secret, 59) == "287082"  # RFC 6238, appendix B, last six figures
    assert code_of(secret, 1111111109) == "081804"


def set_up(browser: Client) -> str:
    """Read the secret on the page, type the first code; the secret."""
    page = browser.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:
        page = browser.post(page.url, {"password": PASSWORD}, follow=True)
    secret: str = page.context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_jeneba_can_do_nothing_else_before_her_second_factor(
    cast: Cast, sign_in: SignIn, two_factors: None
):
    browser, n_posts = sign_in(cast.jeneba), Post.objects.count()
    for path in ("/posts/", "/settings/", "/organisations/", "/figures/"):
        assert browser.get(path).url == reverse("mfa_activate_totp")
    answer = browser.post("/settings/", {"acronym": "X", "name": "X"})
    assert answer.url == reverse("mfa_activate_totp")
    assert Post.objects.count() == n_posts


def test_jeneba_comes_in_with_both_factors_and_not_with_one(cast: Cast, two_factors: None):
    first = try_password(cast.jeneba)
    secret = set_up(first)
    assert first.get("/settings/").status_code == 200

    browser = try_password(cast.jeneba, address=ELSEWHERE)
    assert browser.answer.url.startswith(reverse("mfa_authenticate"))
    assert not is_in(browser)
    assert browser.get("/settings/").status_code == 302
    wrong = f"{(int(code_of(secret)) + 1) % 10**6:06}"
    browser.post(reverse("mfa_authenticate"), {"code": wrong})
    assert not is_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(browser)
    assert browser.get("/settings/").status_code == 200


def test_a_code_read_over_the_shoulder_does_not_serve_twice(cast: Cast, two_factors: None):
    secret = set_up(try_password(cast.jeneba))
    code = code_of(secret)
    browser, thief = try_password(cast.jeneba), try_password(cast.jeneba, address=ELSEWHERE)
    browser.post(reverse("mfa_authenticate"), {"code": code})
    thief.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(browser)
    assert not is_in(thief)


def test_a_recovery_code_opens_once(cast: Cast, two_factors: None):
    first = try_password(cast.jeneba)
    set_up(first)
    closed = first.get(reverse("mfa_view_recovery_codes"))
    assert closed.status_code == 200
    shown = first.post(reverse("mfa_view_recovery_codes"))
    codes = shown.context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in shown.content.decode()
    assert codes[0] not in closed.content.decode()
    assert codes[0] in first.post(reverse("mfa_download_recovery_codes")).content.decode()

    again, thief = try_password(cast.jeneba), try_password(cast.jeneba, address=ELSEWHERE)
    again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_in(again)
    thief.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not is_in(thief)


# --- One click, in the demonstration only ---------------------------------------------------


def test_outside_the_demonstration_the_one_click_door_does_not_exist(cast: Cast):
    assert Client().post(reverse("demo_sign_in"), {"persona": "fanta"}).status_code == 404
    assert 'name="persona"' not in Client().get(LOGIN).content.decode()


@pytest.fixture
def fictitious(db: None, settings: Any) -> User:
    """Fanta of the demonstration."""
    settings.DEMO = True
    user = User.objects.create(email="fanta@demonstration.example", name="Fanta (fictive)")
    body = Organisation.objects.get(code="MPFEF")
    post = Post.objects.create(organisation=body, role=Role.FOCAL_POINT, title="Fictif")
    Holding.objects.create(post=post, user=user)
    return user


def test_in_the_demonstration_a_click_is_a_session_of_that_persona(fictitious: User):
    browser = Client()
    assert 'value="fanta"' in browser.get(LOGIN).content.decode()
    assert browser.post(reverse("demo_sign_in"), {"persona": "fanta"}).status_code == 302
    assert browser.session["_auth_user_id"] == str(fictitious.pk)
    assert Client().post(reverse("demo_sign_in"), {"persona": "nobody"}).status_code == 404
    assert Client().get(reverse("demo_sign_in")).status_code == 405


@pytest.mark.parametrize("target", ["https://exemple.org/", "//exemple.org/", "/\\exemple.org"])
def test_no_door_leads_to_another_site(target: str, fictitious: User, cast: Cast):
    told = {"persona": "fanta", "next": target}
    assert Client().post(reverse("demo_sign_in"), told).url == HOME
    typed = {"login": email(cast.fanta), "password": PASSWORD, "next": target}
    assert Client().post(LOGIN, typed).url == HOME


# --- Posts ----------------------------------------------------------------------------------


def test_garan_cannot_switch_to_a_post_that_he_does_not_hold(cast: Cast, sign_in: SignIn):
    browser = sign_in(cast.garan)
    for told in (str(cast.jeneba.post_id), "pas un poste", ""):
        assert browser.post(reverse("switch_post"), {"post": told}).status_code == 404
    assert browser.get("/settings/").status_code == 403


def test_a_switch_changes_what_one_may_do_and_is_in_the_trail(cast: Cast, sign_in: SignIn):
    body = Organisation.objects.get(code="CNCLCTPA")
    other = Post.objects.create(organisation=body, role=Role.FOCAL_POINT, title="Point focal")
    Holding.objects.create(post=other, user_id=cast.garan.user_id)
    browser = sign_in(cast.garan)
    assert browser.get("/overlaps/").status_code == 200  # the analyst's
    browser.post(reverse("switch_post"), {"post": str(other.pk)})
    assert browser.get("/overlaps/").status_code == 403  # not the focal point's
    event = AuditEvent.objects.latest("seq")
    assert (event.verb, event.subject_id) == ("session.switch_post", str(other.pk))
    actions.set_post_active(cast.jeneba, other, active=False)
    assert browser.get("/overlaps/").status_code == 200  # back in the post that is left


def test_who_holds_no_post_any_more_reaches_nothing(cast: Cast, sign_in: SignIn):
    browser = sign_in(cast.issa)
    assert browser.get("/figures/").status_code == 200
    actions.vacate(cast.jeneba, Post.objects.get(pk=cast.issa.post_id))
    for path in ("/figures/", "/reports/", "/places/", HOME):
        assert browser.get(path).status_code in (302, 403), path


# --- Invitations ----------------------------------------------------------------------------


@pytest.fixture
def vacant(cast: Cast) -> Post:
    body = Organisation.objects.get(code="MPFEF")
    title = "Point focal adjoint"
    return Post.objects.create(organisation=body, role=Role.FOCAL_POINT, title=title)


INVITED = {"name": "Kassim (fictif)", "email": "kassim@exemple.ml"}


def accept(code: str, password: str = NEW_PASSWORD) -> Client:
    """Both steps of the page, in a new browser."""
    browser = Client(REMOTE_ADDR=HERE)
    browser.post(reverse("invitation_accept"), {"code": code})
    typed = {"code": code, "password": password, "again": password}
    browser.answer = browser.post(reverse("invitation_accept"), typed)
    return browser


def test_an_invited_person_takes_the_post_and_comes_back_with_the_new_password(
    cast: Cast, vacant: Post
):
    browser = accept(actions.invite(cast.jeneba, vacant, **INVITED))
    assert is_in(browser)
    kassim = holder_of(vacant)
    assert kassim.email == "kassim@exemple.ml"
    assert vacant.title in browser.get(HOME).content.decode()
    assert AuditEvent.objects.filter(verb="invitation.accept", user_id=kassim.pk).exists()
    typed = {"login": kassim.email, "password": NEW_PASSWORD}
    assert Client().post(LOGIN, typed).status_code == 302


def test_a_used_replaced_old_or_mistyped_code_opens_nothing(cast: Cast, vacant: Post):
    replaced = actions.invite(cast.jeneba, vacant, **INVITED)
    code = actions.invite(cast.jeneba, vacant, **INVITED)
    for wrong in (replaced, code[:-1], code.swapcase(), "", "x" * 24):
        assert not is_in(accept(wrong))
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert not is_in(accept(code))
    Invitation.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    assert is_in(accept(code))
    assert not is_in(accept(code))
    assert User.objects.filter(email="kassim@exemple.ml").count() == 1


def test_the_code_of_an_invitation_is_kept_only_as_a_keyed_hash(cast: Cast, vacant: Post):
    code = actions.invite(cast.jeneba, vacant, **INVITED)
    row = Invitation.objects.get()
    assert code not in str(vars(row))
    assert hashlib.sha256(code.encode()).hexdigest()[:32] != row.code_hash


def test_an_invited_person_needs_a_good_password(cast: Cast, vacant: Post):
    code = actions.invite(cast.jeneba, vacant, **INVITED)
    for weak in ("court", "password1234"):
        assert not is_in(accept(code, weak))
    assert holder_of(vacant) is None
    assert is_in(accept(code))


def test_guessing_the_password_behind_an_invitation_is_slowed_down_too(cast: Cast, vacant: Post):
    told = {"name": "Garan (fictif)", "email": email(cast.garan)}
    code = actions.invite(cast.jeneba, vacant, **told)
    for n in range(8):
        assert not is_in(accept(code, f"essai numéro {n}"))
    assert not is_in(accept(code, PASSWORD))
    assert holder_of(vacant) is None


def test_an_invitation_is_no_way_round_the_second_factor(
    cast: Cast, vacant: Post, two_factors: None
):
    set_up(try_password(cast.jeneba))
    told = {"name": "Jeneba (fictive)", "email": email(cast.jeneba)}
    browser = accept(actions.new_invitation(vacant, **told), PASSWORD)
    assert holder_of(vacant).pk == cast.jeneba.user_id  # the post is hers
    assert not is_in(browser)  # but this browser has shown one factor only
    assert browser.get(HOME).status_code == 302


def test_only_an_administrator_invites(cast: Cast, vacant: Post):
    for actor in (cast.esther, cast.fanta, cast.auditor):
        with pytest.raises(NotAllowed):
            actions.invite(actor, vacant, **INVITED)
    assert not Invitation.objects.exists()


def test_a_post_changes_hands_in_one_act_and_its_mail_stays(cast: Cast, sign_in: SignIn):
    post = Post.objects.get(pk=cast.fanta.post_id)
    actions.post_message([post.pk], "return.owed", path="/returns/")
    before = sign_in(cast.fanta)
    code = actions.hand_over(cast.jeneba, post, **INVITED)
    assert before.get("/returns/").status_code in (302, 403)  # Fanta lost it at once
    browser = accept(code)
    assert browser.get("/returns/").status_code == 200
    assert post.messages.count() == 1
    history = list(post.holdings.order_by("since").values_list("user__name", "until"))
    assert [name for name, _until in history] == ["Fanta (fictive)", "Kassim (fictif)"]
    assert history[0][1] is not None
    assert history[1][1] is None
