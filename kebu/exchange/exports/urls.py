"""Addresses of room exports."""

from django.urls import path

from kebu.exchange.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="list"),
    path("new/<slug:table>/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/cancellation/", views.cancellation, name="cancel"),
    path("<int:pk>/removal/", views.removal, name="removal"),
    path("<int:pk>/notice/", views.notice, name="notice"),
]
