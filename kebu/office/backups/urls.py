"""Addresses of backups."""

from django.urls import path

from kebu.office.backups import views

app_name = "backups"
urlpatterns = [
    path("", views.shelf_page, name="list"),
    path("<slug:name>/download/", views.download, name="download"),
    path("<slug:name>/check/", views.check, name="check"),
    path("<slug:name>/removal/", views.removal, name="removal"),
]
