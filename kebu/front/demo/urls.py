"""Addresses of room demo: the steps of the first run behind the administrator's."""

from django.urls import path

from kebu.front.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.offer, name="offer"),
    path("demo/removal/", views.removal, name="removal"),
    path("data/", views.next_step, name="next"),
]
