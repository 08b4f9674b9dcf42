"""The audit trail, for the auditor."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
