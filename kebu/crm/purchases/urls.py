"""Addresses of room purchases."""

from django.urls import path

from kebu.crm.purchases import list_views, rule_views, views

app_name = "purchases"
urlpatterns = [
    path("", list_views.purchases, name="list"),
    path("rules/", rule_views.office_rule, name="rules"),
    path("of/", views.of_customer, name="of_customer"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/removal/", views.removal, name="removal"),
]
