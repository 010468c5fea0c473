"""Addresses of room custom_fields."""

from django.urls import path

from kebu.office.custom_fields import views

app_name = "custom_fields"
urlpatterns = [
    path("", views.fields, name="list"),
    path("new/", views.field, name="new"),
    path("presets/<slug:code>/", views.preset, name="preset"),
    path("<int:pk>/", views.field, name="field"),
    path("<int:pk>/position/", views.position, name="position"),
    path("<int:pk>/removal/", views.removal, name="removal"),
    path("<int:pk>/restoral/", views.restoral, name="restoral"),
    path("<int:pk>/purge/", views.purge, name="purge"),
]
