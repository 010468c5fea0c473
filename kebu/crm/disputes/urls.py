"""Addresses of room disputes."""

from django.urls import path

from kebu.crm.disputes import views

app_name = "disputes"
urlpatterns = [
    path("disputes/", views.disputes, name="list"),
    path("disputes/new/", views.create, name="create"),
    path("disputes/<int:pk>/", views.dispute, name="dispute"),
    path("disputes/<int:pk>/decision/", views.decision, name="decision"),
    path("disputes/<int:pk>/answer/", views.answer, name="answer"),
    path("disputes/<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("settings/disputes/", views.settings, name="settings"),
]
