"""Addresses of room profile."""

from django.urls import path

from kebu.front.profile import edit_views, field_views, views

app_name = "profile"
urlpatterns = [
    path("<str:number>/", views.customer, name="customer"),
    path("<str:number>/edit/", edit_views.edit, name="edit"),
    path("<str:number>/stage/", field_views.stage, name="stage"),
    path("<str:number>/field/<str:name>/", field_views.field, name="field"),
    path("<str:number>/field/<str:name>/unknown/", field_views.unknown, name="unknown"),
    path("<str:number>/field/<str:name>/verification/", field_views.verification, name="verification"),
]
