"""Addresses of room tagging."""

from django.urls import path

from kebu.crm.tagging import views

app_name = "tagging"
urlpatterns = [path("customers/taggings/", views.taggings, name="taggings")]
