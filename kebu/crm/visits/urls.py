"""Addresses of room visits."""

from django.urls import path

from kebu.crm.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.trips, name="list"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.trip, name="trip"),
    path("<int:pk>/order/", views.order, name="order"),
    path("<int:pk>/stops/<int:stop_pk>/removal/", views.removal, name="removal"),
    path("<int:pk>/code/", views.code, name="code"),
]
