"""Addresses of jobs."""

from django.urls import path

from kebu.base.jobs import views

app_name = "jobs"

urlpatterns = [
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/cancellation/", views.cancellation, name="cancellation"),
]
