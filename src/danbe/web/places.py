"""Places, by date."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
