"""Addresses of room changes."""

from django.urls import path

from kebu.crm.changes import views

app_name = "changes"
urlpatterns = [
    path("", views.changes, name="list"),
    path("new/", views.create, name="create"),
    path("proposals/<int:pk>/dismissal/", views.dismissal, name="dismissal"),
]
