"""Addresses of room tagging."""

from django.urls import path

from kebu.crm.tagging import rule_views, views

app_name = "tagging"
urlpatterns = [
    path("customers/taggings/", views.taggings, name="taggings"),
    path("settings/tags/<int:pk>/merging/", rule_views.merging, name="merging"),
    path("settings/tags/rules/", rule_views.rules, name="rules"),
    path("settings/tags/rules/new/", rule_views.rule, name="rule_new"),
    path("settings/tags/rules/foreseen/", rule_views.foreseen, name="foreseen"),
    path("settings/tags/rules/<int:pk>/", rule_views.rule, name="rule"),
    path("settings/tags/rules/<int:pk>/position/", rule_views.position, name="position"),
    path("settings/tags/rules/<int:pk>/removal/", rule_views.removal, name="removal"),
]
