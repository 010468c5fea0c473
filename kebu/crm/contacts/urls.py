"""Addresses of room contacts."""

from django.urls import path

from kebu.crm.contacts import views

app_name = "contacts"
urlpatterns = [
    path("new/", views.create, name="create"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/deletion/", views.deletion, name="deletion"),
    path("<int:pk>/key/", views.key, name="key"),
]
