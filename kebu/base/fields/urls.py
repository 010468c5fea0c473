"""Addresses of the room fields."""

from django.urls import path

from kebu.base.fields import views

app_name = "fields"
urlpatterns = [path("regions/", views.regions, name="regions")]
