"""Addresses of room vocabulary."""

from django.urls import path

from kebu.office.vocabulary import views

app_name = "vocabulary"
urlpatterns = [
    path("", views.terms, name="terms"),
    path("new/", views.term, name="term_new"),
    path("<int:pk>/", views.term, name="term"),
    path("<int:pk>/position/", views.position, name="position"),
    path("industries/", views.industries, name="industries"),
    path("industries/edition/", views.edition, name="edition"),
    path("industries/<slug:code>/", views.industry, name="industry"),
]
