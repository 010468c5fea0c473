"""Addresses of room pool."""

from django.urls import path

from kebu.crm.pool import list_views, rule_views, views

app_name = "pool"
urlpatterns = [
    path("", list_views.pool, name="list"),
    path("claims/", views.claims, name="claims"),
    path("releases/", views.releases, name="releases"),
    path("rules/", rule_views.rules, name="rules"),
    path("limits/", views.limits, name="limits"),
    path("<str:number>/claim/", views.claim, name="claim"),
]
