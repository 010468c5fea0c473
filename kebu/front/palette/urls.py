"""Addresses of room palette."""

from django.urls import path

from kebu.front.palette import views

app_name = "palette"
urlpatterns = [path("", views.search, name="search")]
