"""Help: the guide, the definitions, about."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
