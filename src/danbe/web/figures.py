"""The figures explorer: definition, window, place, breakdown."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
