"""以此角色查看: who manages the staff sees the product as a role shows it, and changes nothing meanwhile.

He never sees more than he does himself: what the role grants is held to his own grants and his own rules of
fields. As somebody else he looks only when he sees every customer, and never at personal pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule, Permission, Scope, narrower
from kebu.base.access.decorators import SIGNED_IN
from kebu.base.fields.fieldsets import FIELD_SETS
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.ui.htmx import is_fragment, toast
from kebu.office.staff.models import Role, User
from kebu.office.staff.queries import signed_in

KEY = "preview"  # in the session, so it ends with it; and the kind of its journal entries
WAYS_OUT = ("preview_end", "sign_out")
SHARED_PAGES = ("desk:desk", "palette:search")
OWN_PAGES = ("disputes:list", "disputes:dispute", "disputes:create")  # what he asked for and who answered
RETURNS = "_callback"  # addresses to which one comes back from outside: they write for whoever is there
Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the banner tells: as which role, perhaps as whom."""

    role: Role
    person: User | None
    end_url: str


def possible_people(actor: User) -> list[User]:
    """As whom ``actor`` may look: anybody at work, when he sees everybody's customers."""
    if actor.owner_ids(Permission.CUSTOMER_VIEW) is not None:
        return []
    return list(User.objects.filter(is_active=True).exclude(pk=actor.pk).order_by("name", "id"))


def begin(request: HttpRequest, role: Role, person: User | None, *, at: datetime) -> None:
    """Look as the role from the next request on."""
    _note(Action.CREATE, role, person, by=Author.of(request), at=at)
    request.session[KEY] = {"role": role.pk, "person": person.pk if person else None}


def end(request: HttpRequest, *, at: datetime) -> Role | None:
    """Look as oneself again; tells as which role one looked."""
    preview = preview_of(request)
    if preview:
        _note(Action.DELETE, preview.role, preview.person, by=Author.of(request), at=at)
    request.session.pop(KEY, None)
    return preview.role if preview else None


def _note(action: Action, role: Role, person: User | None, *, by: Author, at: datetime) -> None:
    changes = {"person": [None, person.name]} if person else {}
    JournalEntry.objects.record([Line(KEY, role.pk, role.name, action, 1, None, changes)], by=by, at=at)


def preview_of(request: HttpRequest) -> Preview | None:
    """The preview of this session, as long as its user may look so and role and person are there."""
    told, actor = request.session.get(KEY), signed_in(request)
    if not told or not actor.can(Permission.STAFF_MANAGE):
        return None
    role, person = Role.objects.filter(pk=told["role"]).first(), None
    if told["person"]:
        person = next((one for one in possible_people(actor) if one.pk == told["person"]), None)
    if role is None or (told["person"] and person is None):
        return None
    return Preview(role, person, reverse("staff:preview_end"))


def seen_as(actor: User, preview: Preview) -> User:
    """A user as the pages meet him: the person (or oneself) with the one role, held to what ``actor`` may."""
    person = User.objects.get(pk=(preview.person or actor).pk)
    role, reach = preview.role, {one: actor.scope_of(one) for one in Permission}
    grants = {
        one.value: narrower(Scope(role.granted[one]), scope).value
        for one, scope in reach.items()
        if scope is not None and one in role.granted
    }
    keys = [item.key for fields in FIELD_SETS.values() for item in fields.values()]
    order = list(FieldRule)
    rules = {key: max(role.rule_of(key), actor.field_rule(key), key=order.index).value for key in keys}
    played = [Role(name=role.name, grants=grants, field_rules=rules)]
    person.play(played, by_another=preview.person is not None)
    return person


def look_as_previewed(get_response: Handler) -> Handler:
    """Middleware: during a preview pages meet the previewed user, and nothing but looking is let through."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated or KEY not in request.session:
            return get_response(request)
        preview, actor = preview_of(request), signed_in(request)
        if preview is None:
            del request.session[KEY]
            return get_response(request)
        match = _match(request)
        if match and match.url_name in WAYS_OUT:
            return get_response(request)
        request.preview = preview  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return _refused(request, _("预览时只能看，不能改。先结束预览，再做这件事"))
        if match and (match.url_name or "").endswith(RETURNS):
            return _refused(request, _("预览时不能连接外部账号。先结束预览，再做这件事"))
        if preview.person and match and _is_personal(match):
            return _refused(request, _("这一页只给本人看，预览时不打开"))
        request.user = seen_as(actor, preview)
        try:
            return get_response(request)
        finally:
            request.user = actor

    return middleware


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _is_personal(match: ResolverMatch) -> bool:
    """Pages that name no permission show one's own things, and so do a few others."""
    asks = getattr(match.func, "permission", SIGNED_IN)
    return match.view_name in OWN_PAGES or (asks == SIGNED_IN and match.view_name not in SHARED_PAGES)


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if is_fragment(request):
        return toast(HttpResponse(text, status=403, content_type="text/plain; charset=utf-8"), text)
    return render(request, "staff/preview_refused.html", {"text": text}, status=403)
