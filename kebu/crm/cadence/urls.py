"""Addresses of room cadence."""

from django.urls import path

from kebu.crm.cadence import views

app_name = "cadence"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("rules/<int:pk>/removal/", views.removal, name="removal"),
    path("rules/<str:grade>/<str:rhythm>/", views.rule, name="rule"),
    path("scope/", views.scope, name="scope"),
    path("topics/<str:stage>/", views.topics, name="topics"),
    path("changes/<int:pk>/", views.change, name="change"),
    path("changes/<int:pk>/effect/", views.effect, name="effect"),
]
