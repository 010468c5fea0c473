"""Addresses of room recycling."""

from django.urls import path

from kebu.crm.recycling import views

app_name = "recycling"
urlpatterns = [
    path("recycle-bin/", views.bin_list, name="list"),
    path("recycle-bin/<int:pk>/restoral/", views.restoral, name="restoral"),
    path("recycle-bin/<int:pk>/purging/", views.purging, name="purging"),
    path("customers/deletions/", views.deletions, name="deletions"),
    path("customers/<str:number>/deletion/", views.deletion, name="deletion"),
]
