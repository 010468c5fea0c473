"""Addresses of room reveals."""

from django.urls import path

from kebu.front.reveals import views

app_name = "reveals"
urlpatterns = [
    path("customers/<str:number>/reveal/<str:name>/", views.customer, name="customer"),
    path("contacts/<int:pk>/reveal/<str:name>/", views.contact, name="contact"),
    path("journal/<int:pk>/reveal/<str:name>/", views.entry, name="entry"),
]
