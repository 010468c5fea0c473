"""Addresses of room customers."""

from django.urls import path

from kebu.crm.customers import bulk, views

app_name = "customers"
urlpatterns = [
    path("", views.customer_list, name="list"),
    path("tabs/", views.tab_counts, name="tabs"),
    path("conditions/", views.conditions, name="conditions"),
    path("cities/", views.cities, name="cities"),
    path("archive/", views.archive, name="archive"),
    path("archivals/", bulk.archivals, name="archivals"),
    path("assignment/", bulk.assignment, name="assignment"),
    path("batches/<str:batch>/undo/", bulk.undo, name="undo"),
    path("<str:number>/archival/", bulk.archival, name="archival"),
    path("<str:number>/restoral/", bulk.restoral, name="restoral"),
]
