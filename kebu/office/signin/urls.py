"""Addresses of room signin."""

from django.urls import path

from kebu.office.signin import forgotten, office_views, outside_views, own_views, views

app_name = "signin"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.second_step, name="second_step"),
    path("sign-in/forgotten/", forgotten.forgotten, name="forgotten"),
    path("sign-in/with/<slug:way>/", outside_views.outside, name="outside"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("setup/", views.setup, name="setup"),
    path("set-password/<slug:key>/<slug:token>/", views.set_password, name="set_password"),
    path("me/", own_views.profile, name="profile"),
    path("me/two-factor/", own_views.two_factor, name="two_factor"),
    path("me/two-factor/codes/", own_views.recovery_codes, name="recovery_codes"),
    path("me/two-factor/removal/", own_views.two_factor_removal, name="two_factor_removal"),
    path("me/sessions/", own_views.sessions, name="sessions"),
    path("me/outside/<slug:way>/", outside_views.outside_connect, name="outside_connect"),
    path("me/outside/<int:pk>/removal/", outside_views.outside_removal, name="outside_removal"),
    path("settings/sign-in/", office_views.policy, name="policy"),
    path("settings/sign-in/<int:pk>/reset/", office_views.two_factor_reset, name="two_factor_reset"),
    path("settings/sign-in/<int:pk>/sessions/", office_views.sessions_end, name="sessions_end"),
]
