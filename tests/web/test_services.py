"""The pages of the service directory."""

import datetime

from django.urls import reverse
from django.utils import timezone

from danbe.core.models import AuditEvent
from danbe.partnership import offer_actions as actions
from danbe.partnership.models import AddressGrant, SafeAddress, ServiceOffer
from tests.conftest import Cast
from tests.partnership.makers import ADDRESS, PHONE, added, let_in, shelter
from tests.web.conftest import Browse

TYPED = {
    "type": "shelter",
    "place": "sikasso-2023",
    "for_whom": ["girls", "boys"],
    "languages": ["bm", "fr"],
    "age_min": "6",
    "beds_total": "12",
    "is_protected": "on",
    "safe_address": ADDRESS,
    "safe_phone": PHONE,
}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def places(answer: object) -> list[str]:
    return [line.place_code for line in answer.context["page"]]  # type: ignore[attr-defined]


# --- Search ----------------------------------------------------------------------------------


def test_the_search_filters_sorts_and_says_how_far(cast: Cast, browse: Browse) -> None:
    shelter(cast.awa, whom="girls")
    shelter(cast.bakary, "gao-2016", whom="men")
    added(cast.bakary, "medical", "bamako")
    client, url = browse(cast.coumba), reverse("service_list")
    assert len(places(client.get(url))) == 3
    men = client.get(url, {"need": "shelter", "for_whom": "men"})
    assert places(men) == ["gao-2016"]
    near = client.get(url, {"near": "bamako"})
    assert places(near) == ["bamako", "sikasso-2023", "gao-2016"]
    assert "km</span>" in text(near)
    assert "km</span>" not in text(men)
    by_place = client.get(url, {"near": "bamako", "sort": "-place"})
    assert places(by_place) == ["sikasso-2023", "gao-2016", "bamako"]


def test_what_is_not_known_is_said_and_not_denied(cast: Cast, browse: Browse) -> None:
    shelter(cast.awa)
    answer = browse(cast.coumba).get(reverse("service_list"), {"for_whom": "men"})
    assert "does not mean that there is none" in text(answer)


def test_a_stale_count_is_told_as_not_confirmed_and_never_as_a_number(
    cast: Cast, browse: Browse
) -> None:
    made = shelter(cast.awa)
    actions.count_beds(cast.awa, made, free=7)
    client, url = browse(cast.coumba), reverse("service_list")
    assert "7 free of 10" in text(client.get(url))
    old = timezone.now() - datetime.timedelta(hours=49)
    ServiceOffer.unscoped.update(beds_updated_at=old)
    for page in (url, reverse("service_print"), reverse("service_detail", args=[made.pk])):
        told = text(client.get(page))
        assert "Not confirmed" in told, page
        assert "7 free" not in told, page
    free = client.get(url, {"free_only": "1"})
    assert places(free) == []
    assert free.context["n_unsure"] == 1


def test_a_partner_is_shown_no_beds(cast: Cast, browse: Browse) -> None:
    made = shelter(cast.awa)
    actions.count_beds(cast.awa, made, free=7)
    client = browse(cast.issa)
    for url in (
        reverse("service_list"),
        reverse("service_print"),
        reverse("service_detail", args=[made.pk]),
    ):
        told = text(client.get(url))
        assert "7 free" not in told, url
        assert "Beds" not in told, url


def test_the_gaps_are_hatched_and_lead_to_the_search(cast: Cast, browse: Browse) -> None:
    shelter(cast.awa, whom="girls")
    client, url = browse(cast.issa), reverse("service_gaps")
    over = client.get(url)
    assert over.context["n_regions"] == 20
    one = text(client.get(url, {"need": "shelter"}))
    assert one.count("cell--missing") == 20 * 5  # 99 cells and the legend
    assert "need=shelter&amp;for_whom=girls&amp;near=sikasso-2023" in one


# --- One service -----------------------------------------------------------------------------


def test_awa_adds_a_shelter_with_its_sealed_address(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.awa).post(reverse("service_new"), TYPED)
    made = ServiceOffer.unscoped.get()
    assert answer.headers["Location"] == reverse("service_detail", args=[made.pk])
    assert (made.audiences, made.language_codes) == (["girls", "boys"], ["bm", "fr"])
    assert made.organisation_id == cast.awa.organisation_id
    opened = actions.open_address(cast.awa, SafeAddress.unscoped.get())
    assert (opened.address, opened.phone) == (ADDRESS, PHONE)


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, browse: Browse
) -> None:
    wrong = {"type": "medical", "latitude": "12.5", "safe_address": "", "safe_phone": ""}
    answer = browse(cast.awa).post(reverse("service_new"), TYPED | wrong)
    form = answer.context["form"]
    assert "latitude" in form.errors
    assert form["for_whom"].value() == ["girls", "boys"]
    assert form["age_min"].value() == "6"
    assert not ServiceOffer.unscoped.exists()


def test_a_refused_address_leaves_no_half_recorded_service(cast: Cast, browse: Browse) -> None:
    typed = {k: v for k, v in TYPED.items() if k != "is_protected"} | {"type": "medical"}
    answer = browse(cast.awa).post(reverse("service_new"), typed)
    assert "safe_address" in answer.context["form"].errors
    assert not ServiceOffer.unscoped.exists()


def test_esther_chooses_the_body_and_is_offered_no_field_for_the_address(
    cast: Cast, browse: Browse
) -> None:
    client, url = browse(cast.esther), reverse("service_new")
    assert "safe_address" not in client.get(url).context["form"].fields
    client.post(url, TYPED | {"organisation": cast.bakary.organisation_id})
    assert ServiceOffer.unscoped.get().organisation_id == cast.bakary.organisation_id
    assert not SafeAddress.unscoped.exists()
    assert "organisation" not in browse(cast.awa).get(url).context["form"].fields


def test_changing_keeps_the_address_unless_another_is_typed_or_it_is_destroyed(
    cast: Cast, browse: Browse
) -> None:
    made = shelter(cast.awa)
    client, url = browse(cast.awa), reverse("service_edit", args=[made.pk])
    shown = text(client.get(url))
    assert ADDRESS not in shown
    assert PHONE not in shown
    typed = TYPED | {"safe_address": "", "safe_phone": "", "version": "1"}
    client.post(url, typed | {"hours": "Tous les jours"})
    assert ServiceOffer.unscoped.get().hours == "Tous les jours"
    assert actions.open_address(cast.awa, SafeAddress.unscoped.get()).address == ADDRESS
    client.post(url, typed | {"version": "2", "forget": "on"})
    assert not SafeAddress.unscoped.exists()


def test_a_form_opened_before_another_change_is_refused(cast: Cast, browse: Browse) -> None:
    made = added(cast.awa)
    actions.change_offer(cast.awa, made)
    url = reverse("service_edit", args=[made.pk])
    typed = {"type": "legal_aid", "place": "sikasso-2023", "for_whom": ["women"], "version": "1"}
    answer = browse(cast.awa).post(url, typed | {"hours": "Le lundi"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert ServiceOffer.unscoped.get().hours == ""


def test_a_closed_service_is_out_of_the_list_and_says_so_itself(
    cast: Cast, browse: Browse
) -> None:
    made = added(cast.awa)
    client = browse(cast.awa)
    client.post(reverse("service_close", args=[made.pk]))
    assert places(client.get(reverse("service_list"))) == []
    assert "not offered today" in text(client.get(reverse("service_detail", args=[made.pk])))
    client.post(reverse("service_reopen", args=[made.pk]))
    assert len(places(client.get(reverse("service_list")))) == 1


# --- Beds today --------------------------------------------------------------------------------


def test_awa_counts_her_beds_and_an_empty_field_changes_nothing(
    cast: Cast, browse: Browse
) -> None:
    one, two = shelter(cast.awa), shelter(cast.awa, "bamako")
    actions.count_beds(cast.awa, two, free=2)
    others = shelter(cast.bakary)
    client, url = browse(cast.awa), reverse("service_beds")
    client.post(url, {f"free_{one.pk}": "4", f"free_{two.pk}": "", f"free_{others.pk}": "9"})
    free = dict(ServiceOffer.unscoped.values_list("pk", "beds_free"))
    assert free == {one.pk: 4, two.pk: 2, others.pk: None}


def test_a_wrong_count_is_told_at_its_row_and_the_others_are_kept(
    cast: Cast, browse: Browse
) -> None:
    one, two = shelter(cast.awa), shelter(cast.awa, "bamako")
    answer = browse(cast.awa).post(
        reverse("service_beds"), {f"free_{one.pk}": "40", f"free_{two.pk}": "3"}
    )
    lines = {line.offer.pk: line for line in answer.context["lines"]}
    assert (lines[one.pk].typed, lines[two.pk].typed) == ("40", "")
    assert lines[one.pk].error
    assert 'value="40"' in text(answer)
    assert ServiceOffer.unscoped.get(pk=two.pk).beds_free == 3
    assert ServiceOffer.unscoped.get(pk=one.pk).beds_free is None


# --- The protected address ----------------------------------------------------------------------


def test_no_page_shows_the_address_before_the_post_that_opens_it(
    cast: Cast, browse: Browse
) -> None:
    made = shelter(cast.awa)
    client = browse(cast.awa)
    pages = [reverse(name) for name in ("service_list", "service_print", "service_beds")]
    pages += [
        reverse(name, args=[made.pk])
        for name in ("service_detail", "service_edit", "service_grants")
    ]
    for url in pages:
        told = text(client.get(url))
        assert ADDRESS not in told, url
        assert PHONE not in told, url
    answer = client.post(reverse("service_address", args=[made.pk]))
    assert ADDRESS in text(answer)
    assert PHONE in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert ADDRESS not in text(client.get(reverse("service_detail", args=[made.pk])))
    event = AuditEvent.objects.get(verb="offer.open_address")
    assert (event.subject_id, event.post_id) == (str(made.pk), cast.awa.post_id)


def test_a_get_never_opens_the_address(cast: Cast, browse: Browse) -> None:
    made = shelter(cast.awa)
    answer = browse(cast.awa).get(reverse("service_address", args=[made.pk]))
    assert answer.status_code == 405
    assert not AuditEvent.objects.filter(verb="offer.open_address").exists()


def test_the_button_is_shown_to_those_who_may_open_and_to_nobody_else(
    cast: Cast, browse: Browse
) -> None:
    made = shelter(cast.awa)
    let_in(cast.awa, made, cast.bakary)
    page, opens = (reverse(f"service_{n}", args=[made.pk]) for n in ("detail", "address"))
    for name in ("awa", "lalla", "bakary"):
        assert opens in text(browse(getattr(cast, name)).get(page)), name
    for name in ("coumba", "djibril", "esther", "fanta", "issa"):
        client = browse(getattr(cast, name))
        assert opens not in text(client.get(page)), name
        assert client.post(opens).status_code in (403, 404), name


def test_awa_lets_caritas_in_and_withdraws_it(cast: Cast, browse: Browse) -> None:
    made = shelter(cast.awa)
    client, url = browse(cast.awa), reverse("service_grants", args=[made.pk])
    bakary, opens = browse(cast.bakary), reverse("service_address", args=[made.pk])
    until = timezone.localdate() + datetime.timedelta(days=3)
    typed = {
        "organisation": cast.bakary.organisation_id,
        "until": until.isoformat(),
        "reason_code": "escort",
    }
    client.post(url, typed)
    assert ADDRESS in text(bakary.post(opens))
    grant = AddressGrant.unscoped.get()
    assert timezone.localdate(grant.until) == until
    client.post(reverse("service_grant_withdraw", args=[grant.pk]))
    assert bakary.post(opens).status_code == 404


def test_the_last_day_allowed_is_allowed_and_the_next_is_not(cast: Cast, browse: Browse) -> None:
    made = shelter(cast.awa)
    client, url = browse(cast.awa), reverse("service_grants", args=[made.pk])
    typed = {"organisation": cast.bakary.organisation_id, "reason_code": "escort"}
    last = timezone.localdate(timezone.now() + actions.LONGEST_GRANT)
    later = last + datetime.timedelta(days=1)
    assert "until" in client.post(url, typed | {"until": later.isoformat()}).context["form"].errors
    assert client.post(url, typed | {"until": last.isoformat()}).status_code == 302
