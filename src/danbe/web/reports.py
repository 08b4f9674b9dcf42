"""The annual report: draft, frozen, errata, downloads."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
