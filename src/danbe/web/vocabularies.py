"""Code lists and offences."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
