"""Returns: mine, all, one; form, paper twin, XLSX, life."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
