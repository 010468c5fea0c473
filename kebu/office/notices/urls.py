"""Addresses of notices."""

from django.urls import path

from kebu.office.notices import channel_views, outbox_views, views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("notices/news/", views.news, name="news"),
    path("notices/read/", views.all_read, name="all_read"),
    path("notices/<int:pk>/read/", views.reading, name="reading"),
    path("notices/preferences/", channel_views.own, name="own"),
    path("notices/channels/new/", channel_views.own_channel, name="own_channel_new"),
    path("notices/channels/<int:pk>/", channel_views.own_channel, name="own_channel"),
    path("notices/channels/<int:pk>/removal/", channel_views.own_removal, name="own_removal"),
    path("notices/channels/<int:pk>/test/", channel_views.own_test, name="own_test"),
    path("settings/notices/", channel_views.office, name="channels"),
    path("settings/notices/new/", channel_views.office_channel, name="channel_new"),
    path("settings/notices/<int:pk>/", channel_views.office_channel, name="channel"),
    path("settings/notices/<int:pk>/removal/", channel_views.office_removal, name="removal"),
    path("settings/notices/<int:pk>/test/", channel_views.office_test, name="test"),
    path("settings/notices/outbox/", outbox_views.outbox, name="outbox"),
    path("settings/notices/outbox/resending/", outbox_views.resending, name="resending_all"),
    path("settings/notices/outbox/<int:pk>/resending/", outbox_views.resending, name="resending"),
]
