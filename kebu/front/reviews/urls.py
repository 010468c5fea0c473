"""Addresses of room reviews."""

from django.urls import path

from kebu.front.reviews import list_views, views

app_name = "reviews"
urlpatterns = [
    path("", views.review, name="review"),
    path("customers/", list_views.customers, name="customers"),
]
