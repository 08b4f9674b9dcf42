"""What the body says of itself."""

from django.urls import reverse

from danbe.accounts.queries import body
from tests.conftest import Cast
from tests.web.conftest import Browse

TOLD = {"name": "Agence fictive", "acronym": "AF", "ministry": "", "country": "", "contact": ""}


def test_jeneba_renames_the_body_on_every_page_and_esther_may_not(
    cast: Cast, browse: Browse
) -> None:
    url = reverse("settings")
    assert browse(cast.esther).post(url, TOLD).status_code == 403
    assert browse(cast.jeneba).post(url, TOLD | {"hotline": ""}).status_code == 302
    assert "Agence fictive" in browse(None).get(reverse("help")).content.decode()


def test_no_number_to_call_is_there_until_one_is_set(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.jeneba), reverse("settings")
    assert "No number to call is set." in client.get(url).content.decode()
    refused = client.post(url, TOLD | {"hotline": "appelez-nous"})
    assert list(refused.context["form"].errors) == ["hotline"]
    assert refused.context["form"]["name"].value() == "Agence fictive"
    assert body().hotline == ""
    client.post(url, TOLD | {"hotline": "00 00"})
    assert body().hotline == "00 00"
    assert "No number to call is set." not in client.get(url).content.decode()
