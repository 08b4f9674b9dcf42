"""What every part of Danbe stands on: the audit trail, places, code lists, offences, settings."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Labelled(models.Model):
    """A row whose name is data, in French and English."""

    label_fr = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; French where English is missing."""
        english = not (get_language() or "fr").startswith("fr")
        return self.label_en if english and self.label_en else self.label_fr


class AuditEvent(models.Model):
    """One act, by one actor. Written in the transaction of the act; never changed.

    Holds *which* row and *which* verb, never the values: nothing here to redact later.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    subject_model = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        # Each ends with the number: a page of the trail is read in order, without sorting.
        indexes = [
            models.Index(fields=["subject_id", "seq"], name="audit_by_subject"),
            models.Index(fields=["verb", "seq"], name="audit_by_verb"),
            models.Index(fields=["post_id", "seq"], name="audit_by_post"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_model}:{self.subject_id}"


class AuditHead(models.Model):
    """The one row that holds the end of the chain, and lines up those who write to it."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Level(models.TextChoices):
    """What kind of place a place is."""

    COUNTRY = "country", _("country")
    REGION = "region", _("region")
    DISTRICT = "district", _("district")
    CERCLE = "cercle", _("cercle")
    COMMUNE = "commune", _("commune")
    SITE = "site", _("site")


class Place(models.Model):
    """A territory during the time it existed, or a site (gold site, camp) with a point.

    A region whose limits changed is a new row: the Kayes of 2019 is not the Kayes of 2024.
    """

    code = models.CharField(max_length=32, primary_key=True)
    level = models.CharField(max_length=12, choices=Level.choices, db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name_fr = models.CharField(max_length=120)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    date_precision = models.CharField(max_length=8, default="day")
    carved_out_of = models.ManyToManyField("self", symmetrical=False, related_name="became")
    capital = models.CharField(max_length=120, blank=True)
    area_km2 = models.PositiveIntegerField(null=True)
    population = models.PositiveIntegerField(null=True)
    population_basis = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_fr


class PlaceName(models.Model):
    """A name under which a place is searched: official, variant, ancient."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    name = models.CharField(max_length=160)
    folded = models.CharField(max_length=160, db_index=True)
    kind = models.CharField(max_length=12)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="one_name_once_a_place")
        ]

    def __str__(self) -> str:
        return self.name


class PlaceCode(models.Model):
    """The code of a place in one system, with the edition of that system: they disagree."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="codes")
    system = models.CharField(max_length=40)
    code = models.CharField(max_length=20)
    basis = models.CharField(max_length=120, blank=True)
    edition_date = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "system", "code"], name="one_code_once_a_system"
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


class Boundary(models.Model):
    """The outline of a place in one edition; the newest edition is drawn."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="boundaries")
    edition = models.CharField(max_length=60)
    is_approximate = models.BooleanField(default=False)
    geometry = models.JSONField()  # GeoJSON Polygon or MultiPolygon, WGS 84 degrees
    source = models.TextField(blank=True)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "edition"], name="one_boundary_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.edition}"


class Term(Labelled):
    """One entry of a code list, in one version of that list."""

    list = models.CharField(max_length=60)
    code = models.CharField(max_length=80)
    label_fr_status = models.CharField(max_length=12, blank=True)  # official seen unofficial ''
    version = models.CharField(max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["list", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code", "version"], name="one_term_a_version")
        ]


class Offence(Labelled):
    """An article of law during its time of force. Unconfirmed until a lawyer confirms it."""

    code = models.CharField(max_length=60, primary_key=True)
    instrument = models.CharField(max_length=200)
    article = models.CharField(max_length=120, blank=True)
    basis = models.CharField(max_length=30)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    penalty_fr = models.TextField(blank=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_post = models.UUIDField(null=True)

    class Meta:
        ordering = ["valid_from", "code"]


class Setting(models.Model):
    """One thing the body decides about itself: its name, acronym, hotline, logo, seal."""

    key = models.CharField(max_length=60, primary_key=True)
    value = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key
