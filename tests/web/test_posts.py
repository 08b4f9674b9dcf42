"""Posts: holders, invitations, hand-over."""

from django.test import Client
from django.urls import reverse

from danbe.accounts.models import Invitation, Organisation, Post, holder_of
from tests.conftest import Cast
from tests.web.conftest import Browse

NANA = {"name": "Nana (fictive)", "email": "nana@exemple.ml"}
NEW = "une phrase assez longue"


def url_of(name: str, post_id: object) -> str:
    return reverse(name, args=[post_id])


def test_jeneba_sees_every_post_with_its_holder_and_finds_the_vacant_ones(
    cast: Cast, browse: Browse
) -> None:
    vacant = Post.objects.create(
        organisation_id=cast.awa.organisation_id, role="focal_point", title="Point focal"
    )
    client, url = browse(cast.jeneba), reverse("post_list")
    assert client.get(url).context["page"].paginator.count == Post.objects.count()
    assert list(client.get(url, {"state": "vacant"}).context["page"]) == [vacant]
    held = client.get(url, {"state": "held"}).context["page"].paginator.count
    assert held == Post.objects.count() - 1
    found = client.get(url, {"q": "sinjiya", "sort": "-post"}).context["page"]
    assert [post.title for post in found] == [
        "Responsable de la prise en charge",
        "Point focal",
        "Assistante sociale",
    ]


def test_a_new_post_is_offered_in_the_body_one_came_from_and_never_to_a_visitor(
    cast: Cast, browse: Browse
) -> None:
    client, url = browse(cast.jeneba), reverse("post_new")
    body = Organisation.objects.get(code="ENDA")
    form = client.get(url, {"organisation": str(body.pk)}).context["form"]
    assert str(form["organisation"].value()) == str(body.pk)
    told = {"organisation": str(body.pk), "title": "Point focal", "role": "visitor"}
    assert "role" in client.post(url, told).context["form"].errors
    answer = client.post(url, told | {"role": "focal_point"})
    post = Post.objects.get(organisation=body)
    assert answer.headers["Location"] == url_of("post_detail", post.pk)


def test_a_second_post_of_the_same_name_is_refused_at_its_field(
    cast: Cast, browse: Browse
) -> None:
    told = {"organisation": str(cast.fanta.organisation_id), "title": "Point focal"}
    answer = browse(cast.jeneba).post(reverse("post_new"), told | {"role": "focal_point"})
    assert list(answer.context["form"].errors) == ["title"]
    assert answer.context["form"]["title"].value() == "Point focal"


def test_fanta_s_post_is_handed_over_to_nana_in_one_act_and_the_code_is_shown_once(
    cast: Cast, browse: Browse
) -> None:
    jeneba, fanta = browse(cast.jeneba), browse(cast.fanta)
    url = url_of("post_hand_over", cast.fanta.post_id)
    shown = jeneba.post(url, NANA)
    code = shown.context["code"]
    assert code in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert code not in jeneba.get(url_of("post_detail", cast.fanta.post_id)).content.decode()
    assert fanta.get("/").status_code == 302  # she lost the post at once
    nana = Client()
    told = {"code": code, "password": NEW, "again": NEW}
    assert nana.post(reverse("invitation_accept"), told).status_code == 302
    assert nana.get("/").context["actor"].post_id == cast.fanta.post_id


def test_a_held_post_is_not_offered_to_a_second_person(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.jeneba).post(url_of("post_invite", cast.fanta.post_id), NANA)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert answer.context["form"]["name"].value() == NANA["name"]
    assert not Invitation.objects.exists()


def test_a_post_is_freed_closed_and_opened_again_by_post_only(cast: Cast, browse: Browse) -> None:
    client, pk = browse(cast.jeneba), cast.awa.post_id
    for name in ("post_vacate", "post_close", "post_open"):
        assert client.get(url_of(name, pk)).status_code == 405
    client.post(url_of("post_vacate", pk))
    assert holder_of(Post.objects.get(pk=pk)) is None
    client.post(url_of("post_close", pk))
    assert not Post.objects.get(pk=pk).is_active
    client.post(url_of("post_open", pk))
    assert Post.objects.get(pk=pk).is_active


def test_jeneba_cannot_close_the_post_in_which_she_acts(cast: Cast, browse: Browse) -> None:
    client, pk = browse(cast.jeneba), cast.jeneba.post_id
    assert client.post(url_of("post_close", pk)).status_code == 409
    assert client.post(url_of("post_vacate", pk)).status_code == 409
    page = client.get(url_of("post_detail", pk)).content.decode()
    assert url_of("post_close", pk) not in page
    assert client.get("/").status_code == 200
