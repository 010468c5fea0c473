"""Addresses of room interactions."""

from django.urls import path

from kebu.crm.interactions import hearing_views, views

app_name = "interactions"
urlpatterns = [
    path("new/", views.create, name="create"),
    path("heard/", hearing_views.hear, name="heard"),
    path("quick/", views.quick, name="quick"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/deletion/", views.deletion, name="deletion"),
]
