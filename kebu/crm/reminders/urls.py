"""Addresses of room reminders."""

from django.urls import path

from kebu.crm.reminders import views

app_name = "reminders"
urlpatterns = [
    path("settings/reminders/", views.rules, name="rules"),
    path("notices/reminders/", views.own, name="own"),
]
