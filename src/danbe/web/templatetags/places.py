"""Dates of a place, as its source gives them."""

from django import template

from danbe.core.models import Place
from danbe.web.places import validity

register = template.Library()


@register.filter
def place_dates(place: Place) -> str:
    """From when to when a place was what its row says."""
    return validity(place)
