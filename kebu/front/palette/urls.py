"""Addresses of room palette."""

from django.urls import URLPattern

app_name = "palette"
urlpatterns: list[URLPattern] = []
