"""Addresses of what runs behind the pages."""

from django.urls import path

from kebu.office.backstage import views

app_name = "backstage"
urlpatterns = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/<int:pk>/", views.detail, name="detail"),
    path("jobs/<int:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("jobs/<int:pk>/rerun/", views.rerun, name="rerun"),
    path("schedule/", views.schedule, name="schedule"),
    path("schedule/<str:kind>/run/", views.run, name="run"),
]
