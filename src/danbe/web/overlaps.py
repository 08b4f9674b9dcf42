"""The same fact reported by two bodies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
