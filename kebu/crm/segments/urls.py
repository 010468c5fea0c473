"""Addresses of room segments."""

from django.urls import path

from kebu.crm.segments import views

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
]
