"""Addresses of room tags."""

from django.urls import path

from kebu.office.tags import views

app_name = "tags"
urlpatterns = [
    path("", views.tags, name="list"),
    path("new/", views.tag, name="new"),
    path("additions/", views.additions, name="additions"),
    path("<int:pk>/", views.tag, name="tag"),
    path("<int:pk>/position/", views.position, name="position"),
    path("<int:pk>/removal/", views.removal, name="removal"),
    path("groups/new/", views.group, name="group_new"),
    path("groups/<int:pk>/", views.group, name="group"),
    path("groups/<int:pk>/position/", views.group_position, name="group_position"),
    path("groups/<int:pk>/removal/", views.group_removal, name="group_removal"),
]
