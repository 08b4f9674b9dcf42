"""Organisations and their names."""

from django.urls import reverse

from danbe.accounts.models import Organisation
from danbe.accounts.queries import organisations
from danbe.figures.actions import open_return
from danbekit.dates import Window
from tests.conftest import Cast
from tests.web.conftest import Browse

FIELDS = {"code": "ADD", "label_fr": "Association de démonstration", "type": "ngo"}


def codes(answer: object) -> list[str]:
    return [row.code for row in answer.context["page"]]  # type: ignore[attr-defined]


def test_the_committee_is_found_by_an_old_acronym_which_is_shown(
    cast: Cast, browse: Browse
) -> None:
    answer = browse(cast.issa).get(reverse("organisation_list"), {"q": "CNLTPPA"})
    assert codes(answer) == ["CNCLCTPA"]
    assert "CNLTPPA" in answer.content.decode().split("<tbody>")[1]


def test_the_list_is_filtered_by_type_sorted_and_cut_into_pages(
    cast: Cast, browse: Browse
) -> None:
    client, url = browse(cast.issa), reverse("organisation_list")
    every = client.get(url)
    assert every.context["page"].paginator.count == Organisation.objects.count()
    assert len(codes(every)) == 25
    police = client.get(url, {"type": "police"})
    assert {row.type for row in police.context["page"]} == {"police"}
    assert client.get(url, {"type": "unknown"}).context["page"].paginator.count == 44
    up, down = (codes(client.get(url, {"sort": key})) for key in ("posts", "-posts"))
    assert down[0] == "CNCLCTPA"  # four of the cast sit there
    assert "CNCLCTPA" not in up


def test_a_search_without_result_says_what_to_do(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.issa).get(reverse("organisation_list"), {"q": "xyzzy"})
    assert "No organisation bears this name" in answer.content.decode()


def test_esther_adds_a_body_and_issa_is_not_offered_to(cast: Cast, browse: Browse) -> None:
    url = reverse("organisation_new")
    assert url not in browse(cast.issa).get(reverse("organisation_list")).content.decode()
    client = browse(cast.esther)
    assert url in client.get(reverse("organisation_list")).content.decode()
    answer = client.post(url, FIELDS | {"names": "ADEMO\n\nDɛmɛ", "is_active": "on"})
    new = Organisation.objects.get(code="ADD")
    assert answer.headers["Location"] == reverse("organisation_detail", args=[new.pk])
    assert new.region is None
    assert organisations("deme").get() == new


def test_what_was_typed_stays_when_a_field_is_wrong(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.esther).post(
        reverse("organisation_new"), FIELDS | {"code": "oim", "names": "Un nom\nUn autre"}
    )
    form = answer.context["form"]
    assert list(form.errors) == ["code"]
    assert form["names"].value() == "Un nom\nUn autre"
    assert form["label_fr"].value() == FIELDS["label_fr"]


def test_names_are_changed_one_per_line(cast: Cast, browse: Browse) -> None:
    oim = Organisation.objects.get(code="OIM")
    url = reverse("organisation_edit", args=[oim.pk])
    client = browse(cast.esther)
    form = client.get(url).context["form"]
    assert "OIM" not in (form["names"].value() or "").splitlines()
    told = {name: form[name].value() or "" for name in form.fields} | {"names": "Migrations"}
    assert client.post(url, told).status_code == 302
    assert organisations("migrations").filter(pk=oim.pk).exists()


def test_returns_and_obligations_are_shown_to_whom_they_concern(
    cast: Cast, browse: Browse
) -> None:
    ministry = Organisation.objects.get(code="MPFEF")
    window = Window.calendar_year(2025)
    open_return(cast.fanta, ministry, window=window, axes=["protection"])
    own = reverse("organisation_detail", args=[ministry.pk])
    other = reverse("organisation_detail", args=[Organisation.objects.get(code="OIM").pk])
    assert len(browse(cast.fanta).get(own).context["returns"]) == 1
    assert len(browse(cast.esther).get(own).context["returns"]) == 1
    for actor in (cast.issa, cast.jeneba, cast.bakary):
        answer = browse(actor).get(own)
        assert not answer.context["shows_returns"]
        assert answer.context["returns"] == []
        assert answer.context["obligations"] == []
    assert not browse(cast.fanta).get(other).context["shows_returns"]


def test_only_jeneba_sees_who_sits_in_the_posts_of_a_body(cast: Cast, browse: Browse) -> None:
    url = reverse("organisation_detail", args=[cast.awa.organisation_id])
    assert "Awa (fictive)" in browse(cast.jeneba).get(url).content.decode()
    assert "Awa (fictive)" not in browse(cast.esther).get(url).content.decode()
