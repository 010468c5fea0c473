"""Addresses of room imports."""

from django.urls import path

from kebu.exchange.imports import steps, views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("template/", views.template, name="template"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/failures/", views.failures, name="failures"),
    path("<int:pk>/mapping/", steps.mapping, name="mapping"),
    path("<int:pk>/corrections/", steps.corrections, name="corrections"),
    path("<int:pk>/tags/", steps.tags, name="tags"),
    path("<int:pk>/decisions/", steps.decisions, name="decisions"),
    path("<int:pk>/conflicts/", steps.conflicts, name="conflicts"),
    path("<int:pk>/commit/", steps.commit, name="commit"),
    path("<int:pk>/notice/", views.notice, name="notice"),
    path("<int:pk>/cancellation/", steps.cancel, name="cancel"),
]
