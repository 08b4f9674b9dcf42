"""Code lists and offences."""

import datetime

from django.urls import reverse

from danbe.core.models import AuditEvent, Offence, Term
from danbe.web.vocabularies import in_force_on
from tests.conftest import Cast
from tests.web.conftest import Browse


def test_every_list_is_shown_with_its_size_and_its_unconfirmed_french(
    cast: Cast, browse: Browse
) -> None:
    lines = browse(cast.awa).get(reverse("list_index")).context["lines"]
    assert {line.name for line in lines} == set(Term.objects.values_list("list", flat=True))
    assert sum(line.n_terms for line in lines) == Term.objects.count()
    assert all(line.title for line in lines)


def test_unconfirmed_french_is_marked_and_confirmed_french_is_not(
    cast: Cast, browse: Browse
) -> None:
    Term.objects.create(list="essai", code="a", label_fr="Sûr", label_fr_status="official")
    client, url = browse(cast.awa), reverse("list_detail", args=["essai"])
    assert "Translation not confirmed" not in client.get(url).content.decode()
    Term.objects.create(list="essai", code="b", label_fr="Douteux", label_fr_status="unofficial")
    assert client.get(url).content.decode().count("Translation not confirmed") == 1


def test_a_term_is_searched_and_versions_are_told_apart(cast: Cast, browse: Browse) -> None:
    for version in ("1", "2"):
        Term.objects.create(list="essai", code="a", label_fr="Or", version=version)
    client, url = browse(cast.awa), reverse("list_detail", args=["essai"])
    assert client.get(url).context["page"].paginator.count == 2
    assert client.get(url, {"version": "2"}).context["page"].paginator.count == 1
    assert client.get(url, {"q": "zzz"}).context["page"].paginator.count == 0
    assert client.get(reverse("list_detail", args=["inconnue"])).status_code == 404


def test_a_fact_is_judged_by_the_law_of_its_day_and_a_bill_judges_nothing(db: None) -> None:
    old = set(in_force_on(datetime.date(2011, 6, 1)).values_list("code", flat=True))
    middle = set(in_force_on(datetime.date(2020, 6, 1)).values_list("code", flat=True))
    new = set(in_force_on(datetime.date(2025, 6, 1)).values_list("code", flat=True))
    assert "loi2012-art7" in middle - old
    assert "cp2024-art324-12" in new - middle
    assert not any(code.startswith("projet") for code in old | middle | new)
    assert Offence.objects.filter(code__startswith="projet").exists()


def test_the_list_says_how_many_articles_have_no_date(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.issa), reverse("offence_list")
    every = client.get(url).context["offences"]
    assert len(every) == Offence.objects.count()
    dated = client.get(url, {"on": "2025-06-01", "basis": "slavery_2024"})
    assert {offence.basis for offence, _label in dated.context["offences"]} == {"slavery_2024"}
    assert dated.context["n_undated"] > 0


def test_djibril_confirms_an_article_in_the_name_of_his_post_and_takes_it_back(
    cast: Cast, browse: Browse
) -> None:
    offence = Offence.objects.get(code="loi2012-art3")
    url = reverse("offence_confirm", args=[offence.pk])
    client = browse(cast.djibril)
    assert client.get(url).status_code == 405
    client.post(url)
    offence.refresh_from_db()
    assert offence.confirmed_by_post == cast.djibril.post_id
    page = client.get(reverse("offence_detail", args=[offence.pk])).content.decode()
    assert "Procureur" in page
    assert "Not confirmed by a lawyer" not in page
    client.post(url, {"withdraw": "1"})
    offence.refresh_from_db()
    assert offence.confirmed_at is None
    assert AuditEvent.objects.filter(verb="offence.confirm", subject_id=offence.pk).count() == 2


def test_esther_is_no_lawyer(cast: Cast, browse: Browse) -> None:
    client = browse(cast.esther)
    url = reverse("offence_confirm", args=["loi2012-art3"])
    assert url not in client.get(reverse("offence_detail", args=["loi2012-art3"])).content.decode()
    assert client.post(url).status_code == 403
    assert Offence.objects.filter(confirmed_at=None).count() == Offence.objects.count()
