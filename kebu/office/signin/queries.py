"""What is known of signing in: open sessions, second factors, ways from outside."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.office.staff.models import User

SYSTEMS = ("HarmonyOS", "iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
NAMES_OF_SYSTEMS = {"Mac OS": "Mac", "HarmonyOS": "鸿蒙"}
BROWSERS = {  # in this order: each also calls itself by the name of a later one
    "wxwork": "企业微信",
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "Lark": "飞书",
    "Edg": "Edge",
    "QQBrowser": "QQ浏览器",
    "UCBrowser": "UC浏览器",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def open_sessions(user: User) -> QuerySet[Any]:
    """The sessions of the user that still open something."""
    alive = Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=timezone.now())
    found: QuerySet[Any] = UserSession.objects.filter(Exists(alive), user_id=user.pk)
    return found


def device_in_words(agent: str) -> str:
    """A browser as people call it: Windows · Chrome."""
    system = next((name for name in SYSTEMS if name in agent), "")
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    return " · ".join(filter(None, (NAMES_OF_SYSTEMS.get(system, system), browser))) or _("不认识的设备")


def has_two_factor(user: User) -> bool:
    """Say whether the user has set up a second factor."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def codes_left(user: User) -> int:
    """How many recovery codes are still good."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


def people() -> QuerySet[User]:
    """Everybody who may sign in, with second factor and number of open sessions."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("pk")
    counted = Count("usersession", filter=Q(usersession__session_key__in=alive), distinct=True)
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    since = Subquery(factor.values("created_at")[:1])
    active = User.objects.filter(is_active=True).prefetch_related("roles")
    return active.annotate(session_count=counted, two_factor_since=since).order_by("id")


def ways_in() -> list[tuple[str, str]]:
    """The ways in from outside that are configured: part of the address, and name."""
    return [
        (values.get("provider_id") or values["provider"], values["name"]) for values in settings.KEBU_OUTSIDE
    ]


def name_of(provider: str) -> str:
    """What a way in from outside is called here."""
    return dict(ways_in()).get(provider, provider)


def can_mail() -> bool:
    """Say whether there is a mail server."""
    return bool(settings.KEBU_MAIL)
