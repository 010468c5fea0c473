"""Addresses of room desk."""

from django.urls import path

from kebu.front.desk import due_views, views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk/due/", due_views.due, name="due"),
    path("desk/<str:number>/postponement/", views.postponement, name="postponement"),
]
