"""Addresses of room segments."""

from django.urls import path

from kebu.crm.segments import segment_views, snapshot_views, views

app_name = "segments"
urlpatterns = [
    path("views/", views.manage, name="views"),
    path("views/new/", views.create, name="view_create"),
    path("views/arrangement/", views.arrangement, name="arrangement"),
    path("views/<int:pk>/edit/", views.edit, name="view_edit"),
    path("views/<int:pk>/state/", views.state, name="view_state"),
    path("views/<int:pk>/copy/", views.copy, name="view_copy"),
    path("views/<int:pk>/removal/", views.removal, name="view_removal"),
    path("views/<int:pk>/restoral/", views.restoral, name="view_restoral"),
    path("segments/", segment_views.segments, name="list"),
    path("segments/new/", segment_views.create, name="create"),
    path("segments/<int:pk>/", segment_views.segment, name="segment"),
    path("segments/<int:pk>/edit/", segment_views.edit, name="edit"),
    path("segments/<int:pk>/removal/", segment_views.removal, name="removal"),
    path("segments/<int:pk>/restoral/", segment_views.restoral, name="restoral"),
    path("segments/picked/", snapshot_views.picked, name="picked"),
    path("segments/<int:pk>/snapshots/", snapshot_views.taking, name="snapshots"),
    path("segments/<int:pk>/comparison/", snapshot_views.comparison, name="comparison"),
]
