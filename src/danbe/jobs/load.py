"""Reference data: places, code lists, definitions, offences, organisations, the published past.

Every table is a CSV file under ``danbe/data`` with its sources. Loading is idempotent: it adds
and updates, never deletes, so that an instance may be upgraded in place.
"""

import csv
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from danbe.accounts.models import Organisation, OrganisationName
from danbe.core.models import Offence, Place, PlaceCode, PlaceName, Term
from danbe.figures.models import Definition, PublishedFact, PublishedFigure
from danbe.partnership import loading as committee
from danbe.partnership.models import SourcedDonation
from danbe.plan.loading import load_facts
from danbe.protection.models import ConsentText
from danbe.reports.models import Recommendation
from danbekit.names import fold

DATA = Path(__file__).resolve().parent.parent / "data"
Row = dict[str, str]


def rows(path: str) -> list[Row]:
    """The rows of a table of ours."""
    with open(DATA / path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def country(path: str) -> list[Row]:
    """The rows of a table of the configured country."""
    return rows(f"{settings.COUNTRY}/{path}")


def load_all(tell: Callable[[str], None] = lambda line: None) -> None:
    """Load or update every table, in one transaction each, saying which."""
    for name, load in TABLES.items():
        with transaction.atomic():
            tell(f"{name}: {load()}")


def load_terms() -> int:
    """Code lists of our own."""
    entries = []
    for path in sorted((DATA / "terms").glob("*.csv")):
        for number, row in enumerate(rows(f"terms/{path.name}")):
            entries.append(
                Term(
                    list=row["list"],
                    code=row["code"],
                    label_fr=row["label_fr"],
                    label_en=row["label_en"],
                    label_fr_status=row["label_fr_status"],
                    version=row.get("version", ""),
                    order=int(row.get("order") or number),
                    source=row.get("source", ""),
                    note=row.get("note", ""),
                )
            )
    return _upsert(Term, entries, ["list", "code", "version"])


def load_places() -> int:
    """Places of every layout, then their names, codes and ancestry."""
    table = country("places.csv")
    points = _points(table)
    _upsert(Place, [Place(**_place(row, points)) for row in table], ["code"])
    for row in table:
        if row["carved_out_of"]:
            older = Place.objects.filter(code__in=row["carved_out_of"].split(";"))
            Place.objects.get(code=row["code"]).carved_out_of.set(older)
    names = [
        PlaceName(place_id=r["code"], name=r["name_fr"], kind="official", source=r["source"])
        for r in table
    ]
    names += [
        PlaceName(place_id=r["place"], name=r["name"], kind=r["kind"], source=r["source"])
        for r in country("places_names.csv")
    ]
    unique = {(n.place_id, n.name): n for n in reversed(names)}
    for name in unique.values():
        name.folded = fold(name.name)
    _upsert(PlaceName, list(unique.values()), ["place", "name"])
    codes = [
        PlaceCode(
            place_id=r["place"],
            system=r["system"],
            code=r["code"],
            basis=r["basis"],
            edition_date=r["edition_date"],
            source=r["source"],
        )
        for r in country("places_codes.csv")
    ]
    _upsert(PlaceCode, codes, ["place", "system", "code"])
    return len(table)


def _points(table: list[Row]) -> dict[str, tuple[float, float]]:
    """Where the seats of cercles are, and those of the regions whose seat is one of them."""
    seats = {
        row["place"]: (float(row["latitude"]), float(row["longitude"]))
        for row in country("places_seats.csv")
    }
    chief = {(r["parent"], r["name_fr"]): r["code"] for r in table if r["level"] == "cercle"}
    regions = {r["code"]: chief.get((r["code"], r["capital"]), "") for r in table}
    return seats | {code: seats[seat] for code, seat in regions.items() if seat in seats}


def _place(row: Row, points: dict[str, tuple[float, float]]) -> dict[str, Any]:
    latitude, longitude = points.get(row["code"], (None, None))
    return {
        "code": row["code"],
        "level": row["level"],
        "parent_id": row["parent"] or None,
        "name_fr": row["name_fr"],
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
        "date_precision": row["date_precision"] or "day",
        "capital": row["capital"],
        "area_km2": _number(row["area_km2"]),
        "population": _number(row["population"]),
        "population_basis": row["population_basis"],
        "latitude": latitude,
        "longitude": longitude,
        "source": row["source"],
    }


def load_definitions() -> int:
    """What each figure counts."""
    fields = {f.name for f in Definition._meta.fields} - {"order"}
    entries = [
        Definition(order=n, **{key: value for key, value in row.items() if key in fields})
        for n, row in enumerate(rows("definitions.csv"))
    ]
    return _upsert(Definition, entries, ["code"])


def load_offences() -> int:
    """Articles of law; a lawyer's confirmation is kept when the table is loaded again."""
    fields = {f.name for f in Offence._meta.fields} - {"confirmed_at", "confirmed_by_post"}
    entries = []
    for row in country("offences.csv"):
        known: dict[str, Any] = {key: value for key, value in row.items() if key in fields}
        known |= {key: _day(row[key]) for key in ("valid_from", "valid_to")}
        entries.append(Offence(**known))
    kept = ["confirmed_at", "confirmed_by_post"]
    return _upsert(Offence, entries, ["code"], keep=kept)


def load_organisations() -> int:
    """The actors seen in the sources, and the names under which they are searched."""
    table = country("actors.csv")
    entries = [
        Organisation(
            code=row["code"],
            label_fr=row["name_fr"],
            label_en=row["name_en"],
            type=row["type"],
            parent=row["parent"],
            role_seen=row["role_seen"],
            note=row["note"],
            source=row["source"],
        )
        for row in table
    ]
    # What the secretariat changed since is theirs: only bodies not yet known are added.
    Organisation.objects.bulk_create(entries, ignore_conflicts=True)
    known = dict(Organisation.objects.values_list("code", "pk"))
    said = [(r["code"], r[column]) for r in table for column in ("code", "name_fr", "name_en")]
    said += [(r["organisation"], r["alias"]) for r in country("actor_aliases.csv")]
    names = {
        (code, fold(name)): OrganisationName(
            organisation_id=known[code], name=name, folded=fold(name)
        )
        for code, name in said
        if fold(name)
    }
    _upsert(OrganisationName, list(names.values()), ["organisation", "folded"])
    return len(table)


def load_published() -> int:
    """The past as it was published. Replaced as a whole: nothing else refers to these rows."""
    PublishedFigure.objects.all().delete()
    PublishedFact.objects.all().delete()
    fields = {f.name for f in PublishedFigure._meta.fields} - {"definition"}
    entries = []
    for row in country("published.csv"):
        known: dict[str, Any] = {key: value for key, value in row.items() if key in fields}
        known |= {"start": _day(row["start"]), "end": _day(row["end"])}
        known |= {"value": _number(row["value"]), "at_least": row["at_least"] == "1"}
        known["breakdown"] = row["breakdown"] or "total"
        entries.append(PublishedFigure(definition_id=row["definition"] or None, **known))
    PublishedFigure.objects.bulk_create(entries, batch_size=500)
    PublishedFact.objects.bulk_create(_facts())
    return len(entries)


def _facts() -> Iterator[PublishedFact]:
    for row in country("tip_tiers.csv"):
        yield PublishedFact(
            subject="tip_tier",
            year_label=row["tip_report_year"],
            label_fr=row["tier_fr"],
            label_en=row["tier"],
            detail_fr=row["basis_fr"],
            detail_en=row["basis"],
            status=row["status"],
            source=row["source"],
        )
    for row in country("nap.csv"):
        yield PublishedFact(
            subject="nap",
            year_label=row["period"],
            label_fr=row["status_fr"] or row["plan"],
            label_en=row["status"],
            detail_fr=row["budget_fr"],
            detail_en=row["budget"],
            status="published" if row["source"] else "gap",
            source=row["source"],
        )


def load_plans() -> int:
    """What is known of the national action plans."""
    return load_facts(country("nap_facts.csv"))


def load_donations() -> int:
    """What public sources tell of gifts in kind."""
    entries = [
        SourcedDonation(
            order=order,
            quantity=row.pop("quantity") or None,
            **row,
        )
        for order, row in enumerate(country("donation_facts.csv"), 1)
    ]
    return _upsert(SourcedDonation, entries, ["order"])


def load_committee() -> int:
    """The assemblies that sources name, and the meetings that they tell of."""
    n = committee.load_assemblies(country("committee_assemblies.csv"))
    return n + committee.load_meetings(country("committee_meetings.csv"))


def load_recommendations() -> int:
    """What the US reports asked of the country. Updated by code: answers refer to these rows."""
    entries = [
        Recommendation(
            code=row["code"],
            year=int(row["tip_report_year"]),
            order=int(row["code"].partition("-")[2]),
            kind=row["kind"],
            text_fr=row["text_fr"],
            text_en=row["text_en"],
            completeness_fr=row["completeness_fr"],
            completeness_en=row["completeness_en"],
            source=row["source"],
        )
        for row in country("tip_recommendations.csv")
    ]
    return _upsert(Recommendation, entries, ["code"])


def load_consent_texts() -> int:
    """What is read out before consent: templates. A version that was used is never rewritten."""
    entries = [
        ConsentText(
            purpose=row["purpose"],
            version=row["version"],
            since=datetime.date.fromisoformat(row["since"]),
            is_official=row["is_official"] == "1",
            body_fr=row["body_fr"],
            body_en=row["body_en"],
        )
        for row in rows("consent_texts.csv")
    ]
    ConsentText.objects.bulk_create(entries, ignore_conflicts=True)
    return len(entries)


def _upsert(
    model: type[models.Model],
    entries: list[Any],
    unique: list[str],
    keep: list[str] | None = None,
) -> int:
    """Insert or update on ``unique``; columns in ``keep`` stay as the database has them."""
    stable = {*unique, *(keep or []), "id", "loaded_at"}
    columns = [
        f.name for f in model._meta.concrete_fields if f.name not in stable and not f.primary_key
    ]
    model._default_manager.bulk_create(
        entries,
        batch_size=400,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=columns,
    )
    return len(entries)


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _number(text: str) -> int | None:
    return int(text) if text else None


TABLES: dict[str, Callable[[], int]] = {
    "terms": load_terms,
    "places": load_places,
    "definitions": load_definitions,
    "offences": load_offences,
    "organisations": load_organisations,
    "published": load_published,
    "plans": load_plans,
    "donations told": load_donations,
    "committee": load_committee,
    "consent texts": load_consent_texts,
    "recommendations": load_recommendations,
}
