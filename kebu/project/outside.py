"""What lies outside, from the environment: ways to sign in from there, the mail server. Off by default."""

from typing import Any
from urllib.parse import urlsplit

import environ

from kebu.project import env

OIDC = "openid_connect"
WAYS = {"dingtalk": "钉钉", "feishu": "飞书", "weixin": "微信"}


def ways() -> list[dict[str, Any]]:
    """The configured ways in, as columns of django-allauth's SocialApp."""
    found = [
        {"provider": provider, "name": name, **_pair(f"KEBU_{provider.upper()}")}
        for provider, name in WAYS.items()
        if env.value(f"KEBU_{provider.upper()}")
    ]
    return [*([_oidc()] if env.value("KEBU_OIDC") else []), *found]


def apps() -> list[str]:
    """The parts of django-allauth they need; nothing is loaded for a way that is off."""
    return [f"allauth.socialaccount.providers.{way['provider']}" for way in ways()]


def _oidc() -> dict[str, Any]:
    server = env.value("KEBU_OIDC_SERVER")
    parts = urlsplit(server)
    if parts.scheme != "https" and parts.hostname not in env.LOOPBACK:
        raise env.SettingError(f"KEBU_OIDC_SERVER={server} 不能用：请写 https:// 开头的地址。")
    settings = {
        "server_url": server,
        "by_email": env.value("KEBU_OIDC_BY_EMAIL") == "1",
        "oauth_pkce_enabled": True,
    }
    told = {
        "provider": OIDC,
        "provider_id": "oidc",
        "name": env.value("KEBU_OIDC_NAME"),
        "settings": settings,
    }
    return {**told, **_pair("KEBU_OIDC")}


def _pair(name: str) -> dict[str, str]:
    client, colon, secret = env.value(name).partition(":")
    if not (client and colon and secret):
        raise env.SettingError(f"{name} 不能用：请写成 客户端编号:密钥。")
    return {"client_id": client, "secret": secret}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for the mail server; without one nothing is sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    try:
        found = environ.Env.email_url_config(url)
        return {**found, "EMAIL_TIMEOUT": 20}
    except (KeyError, ValueError) as error:
        raise env.SettingError("KEBU_MAIL 不能用：请写成 smtp+tls://账号:密码@主机:587。") from error
