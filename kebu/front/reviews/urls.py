"""Addresses of room reviews."""

from django.urls import path

from kebu.front.reviews import views

app_name = "reviews"
urlpatterns = [path("", views.review, name="review")]
