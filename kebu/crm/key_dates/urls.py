"""Addresses of room key_dates."""

from django.urls import path

from kebu.crm.key_dates import list_views, views

app_name = "key_dates"
urlpatterns = [
    path("", list_views.key_dates, name="list"),
    path("of/", views.of_customer, name="of_customer"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/settlement/", views.settlement, name="settlement"),
    path("<int:pk>/removal/", views.removal, name="removal"),
]
