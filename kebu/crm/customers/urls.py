"""Addresses of room customers."""

from django.urls import path

from kebu.crm.customers import board_views, builder_views, bulk, column_views, sharing_views, views

app_name = "customers"
urlpatterns = [
    path("", views.customer_list, name="list"),
    path("tabs/", views.tab_counts, name="tabs"),
    path("columns/", column_views.columns, name="columns"),
    path("conditions/", views.conditions, name="conditions"),
    path("cities/", views.cities, name="cities"),
    path("filter/", builder_views.builder, name="filter"),
    path("column/", board_views.column, name="column"),
    path("heads/", board_views.heads, name="heads"),
    path("archive/", views.archive, name="archive"),
    path("archivals/", bulk.archivals, name="archivals"),
    path("assignment/", bulk.assignment, name="assignment"),
    path("collaborators/", sharing_views.collaborators, name="collaborators"),
    path("edits/", bulk.edits, name="edits"),
    path("<str:number>/collaborators/<int:pk>/", sharing_views.collaborator, name="collaborator"),
    path(
        "<str:number>/collaborators/<int:pk>/removal/",
        sharing_views.collaborator_removal,
        name="collaborator_removal",
    ),
    path("<str:number>/move/", board_views.move, name="move"),
    path("<str:number>/archival/", bulk.archival, name="archival"),
    path("<str:number>/restoral/", bulk.restoral, name="restoral"),
]
