"""Addresses of room desk."""

from django.urls import path

from kebu.front.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk/<str:number>/postponement/", views.postponement, name="postponement"),
]
