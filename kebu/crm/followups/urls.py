"""Addresses of room followups."""

from django.urls import path

from kebu.crm.followups import bulk_views, doing_views, record_views, views

app_name = "followups"
urlpatterns = [
    path("plans/", views.plans, name="list"),
    path("interactions/", record_views.records, name="records"),
    path("plans/new/", views.create, name="create"),
    path("plans/postponements/", bulk_views.postponements, name="postponements"),
    path("plans/reassignments/", bulk_views.reassignments, name="reassignments"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/edit/", views.edit, name="edit"),
    path("plans/<int:pk>/completion/", doing_views.completion, name="completion"),
    path("plans/<int:pk>/postponement/", doing_views.postponement, name="postponement"),
    path("plans/<int:pk>/waiting/", doing_views.waiting, name="waiting"),
    path("plans/<int:pk>/cancellation/", doing_views.cancellation, name="cancellation"),
    path("plans/<int:pk>/undo/", doing_views.undo, name="undo"),
]
