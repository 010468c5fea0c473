"""The ways out: of the office under 设置, and one's own; each tried with a test message."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.records.models import claim_submission
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.notices import actions, channels
from kebu.office.notices.choices import State
from kebu.office.notices.forms import ChannelForm, OfficeChannelForm, OwnChannelForm, PreferenceForm
from kebu.office.notices.models import Channel, Delivery
from kebu.office.notices.outgoing import counts, latest_of, ways_open_to
from kebu.office.notices.queries import preference_of
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

manage = requires(Permission.NOTICE_MANAGE)
CHANGED, OFFICE, OWN = "channels-changed", "notices:channels", "notices:own"


@manage
@require_GET
def office(request: HttpRequest) -> HttpResponse:
    """The ways out of the office, and how much has not arrived."""
    rows = list(_there().filter(user=None))
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, OFFICE),
        "channels": latest_of(rows),
        "is_moving": _is_moving(rows),
        "counts": counts(),
    }
    return render_page(request, "notices/channels.html", parts, fragment="rows")


@requires()
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """What one wants to hear in which way, one's own ways out, and quiet hours."""
    user = signed_in(request)
    rows = list(_there().filter(user=user))
    preference = preference_of(user)
    ways, status = ways_open_to(user, rows), 200
    form = PreferenceForm(
        request.POST if request.method == "POST" else None, preference=preference, ways=ways
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"]
            if actions.prefer(user, form.values(), version=version):
                flash(request, _("已保存"))
                return redirect_to(request, reverse(OWN))
            form.add_error(None, _("刚才在别处改过，看一下现在的再改"))
            status = 409
    parts = {
        "form": form,
        "ways": ways,
        "span": len(ways) + 1,
        "channels": latest_of(rows),
        "is_moving": _is_moving(rows),
        "user_email": user.email,
    }
    return render_page(request, "notices/own.html", parts, fragment="rows", status=status)


def _there() -> QuerySet[Channel]:
    return Channel.objects.filter(removed_at=None)


def _is_moving(rows: Iterable[Channel]) -> bool:
    """Something is just being sent that way: the page looks again."""
    return Delivery.objects.filter(
        channel__in=[row.pk for row in rows],
        state__in=(State.WAITING, State.SENDING),
        due_at__lte=timezone.now(),
    ).exists()


@manage
@require_http_methods(["GET", "POST"])
def office_channel(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a way out of the office."""
    found = get_object_or_404(_there(), pk=pk, user=None) if pk else None
    return _edited(request, found, OfficeChannelForm, OFFICE)


@requires()
@require_http_methods(["GET", "POST"])
def own_channel(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a way out of one's own."""
    found = get_object_or_404(_there(), pk=pk, user=signed_in(request)) if pk else None
    return _edited(request, found, OwnChannelForm, OWN)


def _edited(request: HttpRequest, found: Channel | None, sort: type[ChannelForm], page: str) -> HttpResponse:
    form = sort(request.POST if request.method == "POST" else None, channel=found)
    if request.method == "POST" and form.is_valid() and _is_saved(request, found, form, page):
        return _saved(request, _("“%(name)s”已保存") % {"name": form.cleaned_data["name"]}, page)
    parts: dict[str, Any] = {
        "nav": "staff:users" if page == OFFICE else "",
        "form": form,
        "channel": found,
        "action": request.path,
        "back": reverse(page),
        "submission": request.POST.get("submission") or uuid4().hex,
        "is_own": page == OWN,
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "notices/channel.html", parts, fragment="sheet", status=status)


@transaction.atomic
def _is_saved(request: HttpRequest, found: Channel | None, form: ChannelForm, page: str) -> bool:
    """Add once, however often the form arrives, or change what was looked at."""
    user, by, now = signed_in(request), Author.of(request), timezone.now()
    if found is not None:
        version = form.cleaned_data["version"] or 0
        if channels.change_channel(found, form.values(), version=version, by=by, at=now):
            return True
        form.add_error(None, _("刚才有别人改过，请关掉重新打开，看一下现在的再改"))
        return False
    key = request.POST.get("submission") or uuid4().hex
    claim = claim_submission(key, kind="notice-channel", user_id=user.pk, at=now)
    if claim is None:
        return True
    made = channels.add_channel(user if page == OWN else None, form.values(), by=by, at=now)
    if made is None:
        claim.delete()
        form.add_error("way", _("这种方式你已经有一个了，改那一个就行"))
        return False
    claim.record_id = made.pk
    claim.save(update_fields=["record_id"])
    return True


def _saved(request: HttpRequest, text: str, page: str) -> HttpResponse:
    """The list refreshes itself; without script, back to the page."""
    if not is_fragment(request) or page == OWN:  # one's own page has a table that changes with it
        flash(request, text)
        return redirect_to(request, reverse(page))
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


@manage
@require_POST
def office_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a way out of the office away."""
    return _removed(request, get_object_or_404(_there(), pk=pk, user=None), OFFICE)


@requires()
@require_POST
def own_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a way out of one's own away."""
    return _removed(request, get_object_or_404(_there(), pk=pk, user=signed_in(request)), OWN)


def _removed(request: HttpRequest, found: Channel, page: str) -> HttpResponse:
    channels.remove_channel(found, by=Author.of(request), at=timezone.now())
    return _saved(request, _("“%(name)s”已删除，没发完的不再发") % {"name": found.name}, page)


@manage
@require_POST
def office_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message by a way of the office."""
    return _tried(request, get_object_or_404(_there(), pk=pk, user=None), OFFICE)


@requires()
@require_POST
def own_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send oneself a test message."""
    return _tried(request, get_object_or_404(_there(), pk=pk, user=signed_in(request)), OWN)


def _tried(request: HttpRequest, found: Channel, page: str) -> HttpResponse:
    text, status = _("测试消息已交给后台去发，结果马上显示在“最近一次”里"), 204
    try:
        if found.is_active:
            channels.send_test(found, signed_in(request), at=timezone.now())
        else:
            text = _("“%(name)s”停用着，先启用再试") % {"name": found.name}
    except channels.TooOften as refusal:
        text, status = refusal.message, 429
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse(page))
    return trigger(toast(HttpResponse(status=status), text), CHANGED)
