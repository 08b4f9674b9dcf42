"""The first page of each post, and its inbox."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
