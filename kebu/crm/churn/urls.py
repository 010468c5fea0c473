"""Addresses of room churn."""

from django.urls import path

from kebu.crm.churn import list_views, rule_views, views

app_name = "churn"
urlpatterns = [
    path("", list_views.warnings, name="list"),
    path("rules/", rule_views.office_rules, name="rules"),
    path("of/", views.of_customer, name="of_customer"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/reopening/", views.reopening, name="reopening"),
]
