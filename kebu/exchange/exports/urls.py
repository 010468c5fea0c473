"""Addresses of room exports."""

from django.urls import path

from kebu.exchange.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="list"),
]
