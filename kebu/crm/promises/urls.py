"""Addresses of room promises."""

from django.urls import path

from kebu.crm.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.promises, name="list"),
    path("<int:pk>/settlement/", views.settlement, name="settlement"),
]
