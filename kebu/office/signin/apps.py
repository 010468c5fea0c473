"""Room signin."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Room signin 登录与安全."""

    name = "kebu.office.signin"
    label = "signin"
    verbose_name = "登录与安全"
