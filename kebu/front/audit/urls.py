"""Addresses of room audit."""

from django.urls import path

from kebu.front.audit import views

app_name = "audit"
urlpatterns = [
    path("journal/", views.entries, name="list"),
    path("journal/export/", views.export, name="export"),
    path("journal/verification/", views.verification, name="verification"),
    path("customers/<str:number>/history/", views.history, name="history"),
]
