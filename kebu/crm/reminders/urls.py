"""Addresses of room reminders."""

from django.urls import path

from kebu.crm.reminders import need_views, views

app_name = "reminders"
urlpatterns = [
    path("settings/reminders/", views.rules, name="rules"),
    path("notices/reminders/", views.own, name="own"),
    path("needs/", need_views.of_customer, name="needs"),
    path("needs/new/", need_views.create, name="need_new"),
    path("needs/<int:pk>/", need_views.edit, name="need"),
    path("needs/<int:pk>/turn/", need_views.turn, name="need_turn"),
    path("needs/<int:pk>/removal/", need_views.removal, name="need_removal"),
]
