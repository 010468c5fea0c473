"""Addresses of room reviews."""

from django.urls import path

from kebu.front.reviews import export_views, list_views, views

app_name = "reviews"
urlpatterns = [
    path("", views.review, name="review"),
    path("export/", export_views.export, name="export"),
    path("customers/", list_views.customers, name="customers"),
]
