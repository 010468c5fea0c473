"""Addresses of room files."""

from django.urls import path

from kebu.crm.files import exhibit_views, views

app_name = "files"
urlpatterns = [
    path("customers/<str:number>/files/", views.files, name="list"),
    path("disputes/<int:pk>/exhibits/", exhibit_views.exhibits, name="exhibits"),
    path("disputes/exhibits/<int:pk>/", exhibit_views.exhibit, name="exhibit"),
    path("files/<int:pk>/", views.download, name="download"),
    path("files/<int:pk>/picture/", views.picture, name="picture"),
    path("files/<int:pk>/thumbnail/", views.thumbnail, name="thumbnail"),
    path("files/<int:pk>/removal/", views.removal, name="removal"),
]
