"""The service directory: search, one service, beds today, gaps, paper, safe addresses."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.models import Place
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.partnership import queries
from danbe.partnership.models import AddressGrant, Audience, ServiceOffer
from danbe.partnership.offer_actions import (
    OpenedAddress,
    add_offer,
    change_offer,
    close_offer,
    count_beds,
    forget_address,
    grant_address,
    open_address,
    reopen_offer,
    seal_address,
    withdraw_address,
)
from danbe.partnership.queries import Beds, GapRow, OfferLine
from danbe.reports.drawing import Value, draw_tiles
from danbe.reports.maps import boundaries_on
from danbe.web.errors import at_field
from danbe.web.figure_pictures import words
from danbe.web.listing import page_of, sorted_by
from danbe.web.service_form import GrantForm, OfferForm, area_options
from danbekit.names import fold

PARTNERSHIP = "#6a3d8f"
SHELTER = "shelter"
COLUMNS: dict[str, Callable[[OfferLine], Any]] = {
    "near": lambda line: 0,  # as they come: nearest first
    "organisation": lambda line: fold(line.organisation),
    "service": lambda line: fold(line.service),
    "place": lambda line: (fold(line.region), fold(line.place)),
    "beds": lambda line: (line.beds.confirmed or 0) if line.beds else -1,
}


# --- The search ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What the directory is asked for."""

    need: str = ""
    for_whom: str = ""
    near: str = ""
    language: str = ""
    accessible: bool = False
    free_only: bool = False

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """From the address."""
        need, for_whom, near, language = (
            request.GET.get(name, "").strip() for name in ("need", "for_whom", "near", "language")
        )
        accessible, free = (bool(request.GET.get(n)) for n in ("accessible", "free_only"))
        return cls(need, for_whom, near, language, accessible, free)

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return bool(
            self.need or self.for_whom or self.language or self.accessible or self.free_only
        )

    def found(self, actor: Actor, **other: Any) -> list[OfferLine]:
        """The services that answer, nearest first."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return queries.offers(actor, **told | other)


@page("offer.read")
def service_list(request: Request) -> HttpResponse:
    """Who helps, with what, for whom; nearest first."""
    actor, asked = request.actor, Asked.of(request)
    lines = asked.found(actor)
    unsure = [
        line
        for line in (asked.found(actor, free_only=False) if asked.free_only else [])
        if line.beds and line.beds.confirmed is None
    ]
    context = {
        "asked": asked,
        "page": page_of(request, sorted_by(request, lines, COLUMNS, "near")),
        "from_": Place.objects.filter(code=asked.near).first() if asked.near else None,
        "n_unsure": len(unsure),
        "shows_beds": actor.can("offer.read_beds"),
        "may_add": actor.can("offer.write"),
        "may_count": actor.can("offer.count_beds"),
        "query": request.GET.urlencode(),
        "crumbs": [("", _("Services"))],
        **_pull_downs(),
        **_tiles(request, lines),
    }
    return render(request, "services/list.html", context)


def _pull_downs() -> dict[str, Any]:
    return {
        "types": queries.service_types(),
        "audiences": Audience.choices,
        "languages": queries.languages_spoken(),
        "areas": area_options(timezone.localdate()),
    }


def _tiles(request: Request, lines: Iterable[OfferLine]) -> dict[str, Any]:
    """How many of the services found each region has; hatched where none is known."""
    today = timezone.localdate()
    numbers: dict[str, int] = {}
    for line in lines:
        numbers[line.region_code] = numbers.get(line.region_code, 0) + 1
    regions = layout_on(today)
    values = {
        region.code: Value(numbers.get(region.code), href=_near(request, region.code))
        for region in regions
    }
    drawing = draw_tiles(
        boundaries_on(today),
        values,
        title=_("Services found, by region"),
        unit=_("services"),
        accent=PARTNERSHIP,
        words=replace(words(), no_data=_("no known service"), no_data_in=_("No known service in")),
    )
    none = _("no known service")
    rows = [(region.name_fr, numbers.get(region.code, none)) for region in regions]
    return {"drawing": drawing, "head": [_("Region"), _("Services")], "by_region": rows}


def _near(request: Request, code: str) -> str:
    query = request.GET.copy()
    query["near"] = code
    query.pop("page", None)
    return f"?{query.urlencode()}"


@page("offer.read")
def service_print(request: Request) -> HttpResponse:
    """The services found, on paper: by region, without any protected address."""
    asked = Asked.of(request)
    by_region: dict[str, list[OfferLine]] = {}
    for line in asked.found(request.actor):
        by_region.setdefault(line.region or line.place, []).append(line)
    ordered = sorted(by_region.items(), key=lambda item: fold(item[0]))
    types, languages = dict(queries.service_types()), dict(queries.languages_spoken())
    context = {
        "asked": asked,
        "need": types.get(asked.need, ""),
        "audience": dict(Audience.choices).get(asked.for_whom, ""),
        "language": languages.get(asked.language, ""),
        "regions": ordered,
        "n": sum(len(lines) for _region, lines in ordered),
        "now": timezone.now(),
        "shows_beds": request.actor.can("offer.read_beds"),
        "back": f"{reverse('service_list')}?{request.GET.urlencode()}",
    }
    return render(request, "services/print.html", context)


# --- Where nothing is known ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GapLine:
    """One line of the table of gaps, as drawn."""

    label: str
    url: str
    cells: list[tuple[int, str]]  # how many (0: none known), and where it leads


@page("offer.read")
def service_gaps(request: Request) -> HttpResponse:
    """Type by audience over the country; or, for one type, region by audience."""
    types = queries.service_types()
    need = request.GET.get("need", "")
    need = need if need in dict(types) else ""
    if need:
        rows = queries.gaps(request.actor, need=need)
        lines = [_region_line(row, need) for row in rows]
    else:
        lines = [_type_line(row) for row in queries.coverage(request.actor)]
    context = {
        "need": need,
        "need_label": dict(types).get(need, ""),
        "types": types,
        "audiences": Audience.choices,
        "lines": lines,
        "n_regions": len(layout_on(timezone.localdate())),
        "crumbs": [(reverse("service_list"), _("Services")), ("", _("What is missing"))],
    }
    return render(request, "services/gaps.html", context)


def _region_line(row: GapRow, need: str) -> GapLine:
    address = reverse("service_list")
    cells = [
        (n, f"{address}?need={need}&for_whom={audience}&near={row.code}")
        for n, audience in zip(row.numbers, Audience.values, strict=True)
    ]
    return GapLine(row.label, "", cells)


def _type_line(row: GapRow) -> GapLine:
    url = f"{reverse('service_gaps')}?need={row.code}"
    return GapLine(row.label, url, [(n, url) for n in row.numbers])


# --- One service ----------------------------------------------------------------------------


@page("offer.read")
def service_detail(request: Request, pk: str) -> HttpResponse:
    """One service, without its protected address."""
    return _detail(request, get_object_or_404(queries.readable(request.actor), pk=pk))


def _detail(
    request: Request, offer: ServiceOffer, opened: OpenedAddress | None = None
) -> HttpResponse:
    actor = request.actor
    line = queries.line_of(actor, offer)
    context = {
        "offer": offer,
        "line": line,
        "opened": opened,
        "is_open": offer.is_open_on(timezone.localdate()),
        "may_open_address": queries.safe_address_of(actor, offer) is not None,
        "may_write": queries.may(actor, "offer.write", offer),
        "may_close": queries.may(actor, "offer.close", offer),
        "may_count": queries.may(actor, "offer.count_beds", offer),
        "may_grant": offer.is_protected and queries.may(actor, "offer.grant_address", offer),
        "crumbs": [(reverse("service_list"), _("Services")), ("", line.service)],
    }
    return render(request, "services/detail.html", context)


@page("offer.open_address")
@require_POST
def service_address(request: Request, pk: str) -> HttpResponse:
    """Open the protected address: recorded in the trail, shown once."""
    offer = get_object_or_404(queries.readable(request.actor), pk=pk)
    row = queries.safe_address_of(request.actor, offer)
    if row is None:
        raise Http404
    return _detail(request, offer, open_address(request.actor, row))


@page("offer.write")
def service_new(request: Request) -> HttpResponse:
    """Put a service in the directory."""
    initial = {"type": request.GET.get("need", ""), "place_id": request.GET.get("near", "")}
    return _edit(request, ServiceOffer(**{name: v for name, v in initial.items() if v}))


@page("offer.write")
def service_edit(request: Request, pk: str) -> HttpResponse:
    """Change what is said of a service."""
    return _edit(request, visible_or_404(request.actor, ServiceOffer, "offer.write", pk))


def _edit(request: Request, offer: ServiceOffer) -> HttpResponse:
    actor, is_new = request.actor, offer._state.adding
    seals = (
        actor.can("offer.seal_address")
        if is_new
        else queries.may(actor, "offer.seal_address", offer)
    )
    is_sealed = not is_new and hasattr(offer, "safe_address")
    form = OfferForm(
        request.POST or None, actor=actor, offer=offer, seals=seals, is_sealed=is_sealed
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = _record(actor, form, is_new=is_new)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The service is recorded."))
            return redirect("service_detail", kept.pk)
    crumbs = [(reverse("service_list"), _("Services"))]
    back = reverse("service_list") if is_new else reverse("service_detail", args=[offer.pk])
    crumbs += [("", _("New service"))] if is_new else [(back, _("Service")), ("", _("Change"))]
    context = {
        "form": form,
        "is_new": is_new,
        "is_sealed": is_sealed,
        "back": back,
        "crumbs": crumbs,
    }
    return render(request, "services/form.html", context)


def _record(actor: Actor, form: OfferForm, *, is_new: bool) -> ServiceOffer:
    """The service and its sealed address together, or neither."""
    told = form.cleaned_data
    with transaction.atomic():
        if told.get("forget"):
            forget_address(actor, form.offer)
        offer = form.filled()
        if is_new:
            body = told.get("organisation") or get_object_or_404(
                Organisation, pk=actor.organisation_id
            )
            kept = add_offer(actor, body, offer)
        else:
            kept = change_offer(actor, offer, version=told["version"])
        if told.get("safe_address") and not told.get("forget"):
            seal_address(
                actor, kept, address=told["safe_address"], phone=told.get("safe_phone", "")
            )
    return kept


@page("offer.close")
@require_POST
def service_close(request: Request, pk: str) -> HttpResponse:
    """Take a service out of the directory."""
    offer = visible_or_404(request.actor, ServiceOffer, "offer.close", pk)
    close_offer(request.actor, offer)
    messages.success(request, _("The service is out of the directory. Nothing of it is lost."))
    return redirect("service_detail", offer.pk)


@page("offer.write")
@require_POST
def service_reopen(request: Request, pk: str) -> HttpResponse:
    """Put a closed service back."""
    offer = visible_or_404(request.actor, ServiceOffer, "offer.write", pk)
    reopen_offer(request.actor, offer)
    messages.success(request, _("The service is in the directory again."))
    return redirect("service_detail", offer.pk)


# --- Beds today ------------------------------------------------------------------------------


@dataclass(slots=True)
class BedsLine:
    """One shelter of the actor's, and what was typed for it."""

    offer: ServiceOffer
    beds: Beds | None
    typed: str = ""
    error: str = ""

    @property
    def audiences(self) -> list[str]:
        """For whom, in words."""
        return [str(Audience(code).label) for code in self.offer.audiences]

    @property
    def name(self) -> str:
        """Of its field."""
        return f"free_{self.offer.pk}"


@dataclass(slots=True)
class BedsTyped:
    """What came of a count."""

    n_counted: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)  # where, what


@page("offer.count_beds")
def service_beds(request: Request) -> HttpResponse:
    """One number a shelter. An empty field says nothing: the earlier count stays."""
    now = timezone.now()
    lines = [
        BedsLine(row, queries.beds_of(row, now), request.POST.get(f"free_{row.pk}", "").strip())
        for row in queries.shelters_to_count(request.actor)
    ]
    done = BedsTyped()
    if request.method == "POST":
        done = _count(request.actor, lines)
        _say_counted(request, done)
        if not done.wrong:
            return redirect("service_beds")
    context = {
        "lines": lines,
        "problems": done.wrong,
        "crumbs": [(reverse("service_list"), _("Services")), ("", _("Beds today"))],
    }
    return render(request, "services/beds.html", context)


def _say_counted(request: Request, done: BedsTyped) -> None:
    if done.n_counted:
        text = ngettext(
            "The beds of %(n)d shelter are counted.",
            "The beds of %(n)d shelters are counted.",
            done.n_counted,
        )
        messages.success(request, text % {"n": done.n_counted})
    elif not done.wrong:
        messages.info(request, _("No number was typed: nothing has changed."))


def _count(actor: Actor, lines: list[BedsLine]) -> BedsTyped:
    done = BedsTyped()
    for line in lines:
        if not line.typed:
            continue
        try:
            free = int(line.typed) if line.typed.isdecimal() else -1
            kept = count_beds(actor, line.offer, free=free)
        except DomainError as error:
            line.error = str(error.message)
            told = {"place": line.offer.place.name_fr, "message": line.error}
            done.wrong.append((line.name, _("%(place)s: %(message)s") % told))
        else:
            line.beds, line.typed = queries.beds_of(kept, timezone.now()), ""
            done.n_counted += 1
    return done


# --- Who is let into an address ----------------------------------------------------------------


@page("offer.grant_address")
def service_grants(request: Request, pk: str) -> HttpResponse:
    """Who may open the address besides the organisation, and until when."""
    offer = visible_or_404(request.actor, ServiceOffer, "offer.grant_address", pk)
    if not offer.is_protected:
        raise Http404
    form = GrantForm(request.POST or None, offer)
    if request.method == "POST" and form.is_valid():
        try:
            grant_address(request.actor, offer, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("This organisation may now open the address."))
            return redirect("service_grants", offer.pk)
    line = queries.line_of(request.actor, offer)
    back = reverse("service_detail", args=[offer.pk])
    context = {
        "form": form,
        "offer": offer,
        "line": line,
        "grants": queries.grants_of(request.actor, offer),
        "crumbs": [
            (reverse("service_list"), _("Services")),
            (back, line.service),
            ("", _("Who may open the address")),
        ],
    }
    return render(request, "services/grants.html", context)


@page("offer.grant_address")
@require_POST
def service_grant_withdraw(request: Request, pk: int) -> HttpResponse:
    """Let an organisation in no longer."""
    grant = visible_or_404(request.actor, AddressGrant, "offer.grant_address", pk)
    withdraw_address(request.actor, grant)
    messages.success(request, _("It can open the address no longer."))
    own = visible(request.actor, ServiceOffer, "offer.grant_address").filter(pk=grant.offer_id)
    name = "service_grants" if own.exists() else "service_detail"
    return redirect(name, grant.offer_id)


urlpatterns = [
    path("", service_list, name="service_list"),
    path("print/", service_print, name="service_print"),
    path("gaps/", service_gaps, name="service_gaps"),
    path("beds/", service_beds, name="service_beds"),
    path("new/", service_new, name="service_new"),
    path("<uuid:pk>/", service_detail, name="service_detail"),
    path("<uuid:pk>/edit/", service_edit, name="service_edit"),
    path("<uuid:pk>/close/", service_close, name="service_close"),
    path("<uuid:pk>/reopen/", service_reopen, name="service_reopen"),
    path("<uuid:pk>/address/", service_address, name="service_address"),
    path("<uuid:pk>/grants/", service_grants, name="service_grants"),
    path("grants/<int:pk>/withdraw/", service_grant_withdraw, name="service_grant_withdraw"),
]
