"""Addresses of room calendar."""

from django.urls import path

from kebu.front.calendar import feed_views, views

app_name = "calendar"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("events/<slug:source>/<str:key>/day/", views.day, name="day"),
    path("subscription/", feed_views.subscription, name="subscription"),
    path("feed/<str:token>.ics", feed_views.feed, name="feed"),
]
