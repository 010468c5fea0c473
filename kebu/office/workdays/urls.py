"""Addresses of room workdays."""

from django.urls import path

from kebu.office.workdays import views

app_name = "workdays"
urlpatterns = [
    path("", views.days, name="list"),
    path("new/", views.day, name="new"),
    path("<int:pk>/", views.day, name="day"),
    path("<int:pk>/removal/", views.removal, name="removal"),
    path("notice/", views.notice, name="notice"),
    path("notice/recognised/", views.recognised, name="recognised"),
]
