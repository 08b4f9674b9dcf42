"""Who owes what, and who is silent."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
