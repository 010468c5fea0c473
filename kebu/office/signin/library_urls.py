"""The names under which django-allauth looks up pages of ours, without a namespace; nothing else of its own
addresses is mounted."""

from django.urls import path

from kebu.office.signin import outside_views, views

BACK = "sign-in/with/<slug:provider_id>/back/"
PROVIDERS = ("dingtalk", "feishu", "weixin")

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/code/", views.second_step, name="mfa_authenticate"),
    *(
        path(
            f"sign-in/with/{name}/back/",
            outside_views.outside_back,
            {"provider_id": name},
            name=f"{name}_callback",
        )
        for name in PROVIDERS
    ),
    path(BACK, outside_views.outside_back, name="openid_connect_callback"),
]
