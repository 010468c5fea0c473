"""Addresses of room meetings."""

from django.urls import path

from kebu.front.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meetings, name="list"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/problems/", views.problems, name="problems"),
    path("<int:pk>/problems/<int:point_pk>/solution/", views.solution, name="solution"),
    path("<int:pk>/decisions/", views.decisions, name="decisions"),
    path("<int:pk>/closing/", views.closing, name="closing"),
    path("<int:pk>/minutes/", views.minutes, name="minutes"),
]
