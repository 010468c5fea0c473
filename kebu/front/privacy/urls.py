"""Addresses of room privacy."""

from django.urls import path

from kebu.front.privacy import office_views, views

app_name = "privacy"
urlpatterns = [
    path("personal-data/<str:key>/", views.person_page, name="person"),
    path("personal-data/<str:key>/consents/", views.consents, name="consents"),
    path("personal-data/<str:key>/package/", views.package, name="package"),
    path("personal-data/<str:key>/erasure/", views.erasure, name="erasure"),
    path("consents/<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("settings/privacy/", office_views.office, name="office"),
    path("settings/privacy/binned/<int:pk>/<str:key>/", office_views.binned_erasure, name="binned"),
    path("settings/privacy/rules/<str:code>/", office_views.rule_page, name="rule"),
]
