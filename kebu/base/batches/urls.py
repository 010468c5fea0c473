"""Addresses of room batches."""

from django.urls import path

from kebu.base.batches import views

app_name = "batches"
urlpatterns = [
    path("", views.batch_list, name="list"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/undo/", views.undo, name="undo"),
    path("<str:code>/resumption/", views.resumption, name="resumption"),
    path("<str:code>/notice/", views.notice, name="notice"),
]
