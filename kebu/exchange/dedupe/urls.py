"""Addresses of room dedupe."""

from django.urls import path

from kebu.exchange.dedupe import views

app_name = "dedupe"
urlpatterns = [path("", views.check, name="check")]
