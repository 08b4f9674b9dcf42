"""Places, by date: layouts, names, codes, ancestry, informal sites."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from danbe.core.errors import DomainError
from danbe.core.models import Level, Place
from danbe.core.pages import Request, page
from danbe.core.place_actions import save_site
from danbe.core.places import alive_on, layout_on, region_of, search
from danbe.reports.drawing import Value, draw_map, words_for
from danbe.reports.maps import boundaries_on
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbekit.dates import format_date
from danbekit.names import fold

REGIONS = (Level.REGION, Level.DISTRICT)
ORDER = {level: n for n, level in enumerate(Level.values)}
# What the tables say of themselves, in the reader's language.
BASES = {
    "seen": gettext_lazy("seen in the source"),
    "one secondary source, not checked against the law": gettext_lazy(
        "one secondary source, not checked against the law"
    ),
    "cross-checked with a fr.wikipedia article quoting the 2023 laws": gettext_lazy(
        "compared with an encyclopaedia that quotes the laws of 2023"
    ),
    "inferred from the official order of 2021, not read in the law": gettext_lazy(
        "inferred from the official order of 2021, not read in the law"
    ),
    "seen: the ISO list has ten regions and Bamako, the layout of 2016": gettext_lazy(
        "seen; the ISO list has ten regions and Bamako: the layout of 2016"
    ),
    "same name, territory reduced on 13 March 2023: never join with older data on this code": (
        gettext_lazy(
            "same name, but a smaller territory since 13 March 2023: never join with older "
            "data on this code"
        )
    ),
    "2023 figure in Wikipedia table": gettext_lazy("figure of 2023 given by an encyclopaedia"),
    "RGPH 2022, Wikipedia": gettext_lazy("census of 2022, as an encyclopaedia gives it"),
    "RGPH 2022, Wikipedia (a second mirror gives 698 061 and 28 350 km2)": gettext_lazy(
        "census of 2022, as an encyclopaedia gives it (another copy gives 698,061 inhabitants "
        "and 28,350 km²)"
    ),
}
SYSTEMS = {
    "ISO-3166-1": gettext_lazy("ISO 3166-1 (countries)"),
    "ISO-3166-2": gettext_lazy("ISO 3166-2 (subdivisions)"),
    "CT-2023-007": gettext_lazy("Territorial communities, law 2023-007"),
    "CA-2023-006": gettext_lazy("Administrative districts, law 2023-006"),
    "CERCLE-2023-SECONDARY": gettext_lazy("Cercles of 2023, secondary source"),
}


@dataclass(frozen=True, slots=True)
class NameLine:
    """One name of a place."""

    name: str
    is_official: bool
    source: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code of a place in one system."""

    system: str
    code: str
    edition: str
    basis: str
    is_sure: bool
    source: str


def said(basis: str) -> str:
    """A basis in the reader's language; as it is where it is not one of ours."""
    return str(BASES.get(basis, basis))


def day_of(request: HttpRequest) -> datetime.date:
    """The day whose layout is asked for by ``?on=``; today when none or unreadable."""
    try:
        return datetime.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@page("place.read")
def place_list(request: Request) -> HttpResponse:
    """The places of one day by level, or those found by one of their names."""
    text, day = request.GET.get("q", "").strip(), day_of(request)
    level = request.GET.get("level", "")
    level = level if level in (Level.CERCLE, Level.SITE) else Level.REGION
    rows = _rows(level, day, text)
    region = request.GET.get("region", "")
    if region and level != Level.REGION and not text:
        rows = rows.filter(Q(parent=region) | Q(parent__parent=region))
    layout = layout_on(day)
    context = {
        "text": text,
        "day": day,
        "is_today": day == timezone.localdate(),
        "level": level,
        "region": region,
        "regions": sorted(layout, key=lambda place: fold(place.name_fr)),
        "tabs": _tabs(request, level),
        "page": page_of(
            request, sorted(rows, key=lambda row: (ORDER[row.level], fold(row.name_fr))), 40
        ),
        "drawing": "" if text or level != Level.REGION else _map(layout, day),
        "may_write": request.actor.can("place.write"),
        "crumbs": [("", _("Places"))],
    }
    return render(request, "places/list.html", context)


def _rows(level: str, day: datetime.date, text: str) -> QuerySet[Place]:
    known = alive_on(day).filter(level=Level.CERCLE)
    cercles = Count("children", Q(children__in=known), distinct=True)
    if text:
        rows = search(text)
    else:
        rows = alive_on(day).filter(level__in=REGIONS if level == Level.REGION else [level])
    return rows.select_related("parent").annotate(n_cercles=cercles)


def _tabs(request: HttpRequest, level: str) -> list[tuple[str, str, bool]]:
    query = request.GET.copy()
    tabs = []
    named = [(Level.REGION, _("Regions")), (Level.CERCLE, _("Cercles")), (Level.SITE, _("Sites"))]
    for code, label in named:
        for name in ("page", "q", "region"):
            query.pop(name, None)
        query["level"] = code
        tabs.append((f"?{query.urlencode()}", label, level == code and not request.GET.get("q")))
    return tabs


def _map(layout: list[Place], day: datetime.date) -> str:
    """The regions of the day, tinted by their known cercles; each one opens its page."""
    known = dict(
        alive_on(day)
        .filter(level=Level.CERCLE, parent__in=layout)
        .values_list("parent")
        .annotate(n=Count("pk"))
        .values_list("parent", "n")
    )
    values = {
        place.code: Value(known.get(place.code), href=reverse("place_detail", args=[place.code]))
        for place in layout
    }
    language = get_language() or "fr"
    return draw_map(
        boundaries_on(day),
        values,
        title=_("The regions on %(day)s") % {"day": _spoken(day)},
        unit=_("known cercles"),
        words=words_for(language),
    )


@page("place.read")
def place_detail(request: Request, code: str) -> HttpResponse:
    """One place: names, codes, dates, what it came from and what it holds."""
    place = get_object_or_404(Place.objects.select_related("parent"), code=code)
    region = region_of(place)
    context = {
        "place": place,
        "region": region if region != place else None,
        "names": _names(place),
        "codes": _codes(place),
        "population_basis": said(place.population_basis),
        "before": place.carved_out_of.order_by("name_fr"),
        "after": place.became.order_by("valid_from", "name_fr"),
        "children": place.children.order_by("level", "name_fr").exclude(level=Level.SITE),
        "sites": Place.objects.filter(level=Level.SITE).filter(
            Q(parent=place) | Q(parent__parent=place)
        ),
        "outline": _outline(place),
        "validity": validity(place),
        "may_write": request.actor.can("place.write"),
        "crumbs": _crumbs(place),
    }
    return render(request, "places/detail.html", context)


def _outline(place: Place) -> str:
    """With what the place is drawn: an official file, our approximation, or nothing."""
    if place.level not in REGIONS:
        return "official" if place.boundaries.filter(is_approximate=False).exists() else ""
    drawn = boundaries_on(place.valid_to or timezone.localdate())
    if place.code not in drawn.names:
        return ""
    return "approximate" if drawn.approximate else "official"


def _names(place: Place) -> list[NameLine]:
    """Each name once, the official one first."""
    rows = place.names.order_by("name")
    lines = [NameLine(row.name, row.kind == "official", row.source) for row in rows]
    return sorted(lines, key=lambda line: not line.is_official)


def _codes(place: Place) -> list[CodeLine]:
    return [
        CodeLine(
            str(SYSTEMS.get(row.system, row.system)),
            row.code,
            row.edition_date,
            said(row.basis),
            row.basis == "seen",
            row.source,
        )
        for row in place.codes.order_by("system", "code")
    ]


def validity(place: Place) -> str:
    """From when to when a place was what its row says, no more precisely than its source."""
    start, end = place.valid_from, place.valid_to
    parts = []
    if start and _only_year(start, place):
        parts.append(_("since %(year)d") % {"year": start.year})
    elif start:
        parts.append(_("since %(day)s") % {"day": _spoken(start)})
    if end and _only_year(end, place):
        parts.append(_("until %(year)d") % {"year": end.year})
    elif end:
        parts.append(_("until %(day)s") % {"day": _spoken(end)})
    if end and not start:
        parts.append(_("beginning not found"))
    return ", ".join(parts) or _("dates not found")


def _only_year(day: datetime.date, place: Place) -> bool:
    return place.date_precision == "year" and (day.month, day.day) in ((1, 1), (12, 31))


def _spoken(day: datetime.date) -> str:
    return format_date(day, get_language() or "fr")


def _crumbs(place: Place) -> list[tuple[str, str]]:
    crumbs, above = [("", place.name_fr)], place.parent
    while above is not None and above.level != Level.COUNTRY:
        crumbs.insert(0, (reverse("place_detail", args=[above.code]), above.name_fr))
        above = above.parent
    return [(reverse("place_list"), _("Places")), *crumbs]


class HolderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A region or a cercle: they often bear the same name."""

    def label_from_instance(self, obj: Model) -> str:
        """The name, and what it is."""
        assert isinstance(obj, Place)
        if obj.level == Level.CERCLE and obj.parent:
            told = {"name": obj.name_fr, "region": obj.parent.name_fr}
            return _("%(name)s (cercle, %(region)s)") % told
        return f"{obj.name_fr} ({obj.get_level_display()})"


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """An informal place: it has a point, and it is known from somewhere."""

    parent = HolderField(
        label=gettext_lazy("Where it lies"),
        help_text=gettext_lazy("The cercle where it is known, else the region."),
        queryset=Place.objects.none(),
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"), help_text=gettext_lazy("In degrees: 11.45")
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"), help_text=gettext_lazy("In degrees, west below 0: -6.75")
    )
    names = forms.CharField(
        label=gettext_lazy("Other names"),
        help_text=gettext_lazy("One per line, as people say them."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = forms.CharField(
        label=gettext_lazy("How this site is known"),
        help_text=gettext_lazy("A report, a mission, an authority. Never the name of a victim."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Place
        fields = ("name_fr", "parent", "latitude", "longitude", "names", "source")
        labels = {"name_fr": gettext_lazy("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = (*REGIONS, Level.CERCLE)
        today = alive_on(timezone.localdate()).filter(level__in=levels).select_related("parent")
        parent = self.fields["parent"]
        assert isinstance(parent, HolderField)
        parent.queryset = today.order_by("name_fr")

    def clean_names(self) -> list[str]:
        """The lines that say something."""
        lines: str = self.cleaned_data["names"]
        return [line.strip() for line in lines.splitlines() if line.strip()]


@page("place.write")
def place_new(request: Request) -> HttpResponse:
    """Add an informal place: a gold site, a camp, a bus station."""
    form = SiteForm(request.POST or None, initial={"parent": request.GET.get("in", "")})
    if request.method == "POST" and form.is_valid():
        try:
            place = save_site(request.actor, form.instance, names=form.cleaned_data["names"])
        except DomainError as error:
            at_field(form, error)
        else:
            n_names = place.names.count()
            told = ngettext(
                "The site is recorded, with %(n)d name.",
                "The site is recorded, with %(n)d names.",
                n_names,
            )
            messages.success(request, told % {"n": n_names})
            return redirect("place_detail", place.code)
    crumbs = [(reverse("place_list"), _("Places")), ("", _("New site"))]
    return render(request, "places/form.html", {"form": form, "crumbs": crumbs})


urlpatterns = [
    path("", place_list, name="place_list"),
    path("new/", place_new, name="place_new"),
    path("<slug:code>/", place_detail, name="place_detail"),
]
